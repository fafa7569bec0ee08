package io.llmsizing.checkpoint;

import java.io.IOException;
import java.util.Optional;
import java.util.SortedMap;

/** A folder of files that belong to one model: on this machine, or on a Hub. */
public interface Repository {
    /**
     * The folder.
     *
     * @return its path or id, for messages
     */
    String name();

    /**
     * The model's name.
     *
     * @return the folder's own name, or the id on a Hub
     */
    String modelName();

    /**
     * What lies in the folder and those below it.
     *
     * @return paths with {@code /} between folders, relative to this one, and the bytes of each file
     * @throws IOException if it can't be listed
     */
    SortedMap<String, Long> files() throws IOException;

    /**
     * Opens a file.
     *
     * @param path one of {@link #files}
     * @return its bytes; the caller closes it
     * @throws IOException if it can't be opened
     */
    ByteSource open(String path) throws IOException;

    /**
     * The commit that is read, where files of several may lie under one name.
     *
     * @return its hash, or nothing for a folder without history
     */
    default Optional<String> revision() {
        return Optional.empty();
    }

    /**
     * How many files are worth reading at once.
     *
     * @return as many as there are processors for a local folder, more where every piece is waited for; above 1 files are
     *     opened by several threads
     */
    default int readsAtOnce() {
        return 1;
    }
}
