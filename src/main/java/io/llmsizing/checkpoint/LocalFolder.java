package io.llmsizing.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Iterator;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * A folder of this machine. Links are followed, since the local cache of a Hub's own tools is made of them. Hidden files
 * and folders do not belong to a model.
 */
public final class LocalFolder implements Repository {
    private static final int MOST_AT_ONCE = 4;
    private static final int DEEPEST = 3;
    private static final int MOST_FILES = 20_000;

    private final Path folder;
    private final String modelName;
    private final Optional<String> revision;

    private LocalFolder(Path folder, String modelName, Optional<String> revision) {
        this.folder = folder;
        this.modelName = modelName;
        this.revision = revision;
    }

    /**
     * A folder that is named like its model.
     *
     * @param folder the folder
     * @return it as a repository
     */
    public static LocalFolder of(Path folder) {
        Path name = folder.toAbsolutePath().normalize().getFileName();
        return new LocalFolder(folder, name == null ? folder.toString() : name.toString(), Optional.empty());
    }

    /**
     * A folder of a model that is called otherwise.
     *
     * @param folder the folder
     * @param modelName the model's name
     * @return it as a repository
     */
    public static LocalFolder of(Path folder, String modelName) {
        return new LocalFolder(folder, modelName, Optional.empty());
    }

    /**
     * A folder that holds one commit of a model.
     *
     * @param folder the folder
     * @param modelName the model's name
     * @param revision the commit
     * @return it as a repository
     */
    public static LocalFolder of(Path folder, String modelName, String revision) {
        return new LocalFolder(folder, modelName, Optional.of(revision));
    }

    @Override
    public Optional<String> revision() {
        return revision;
    }

    @Override
    public String name() {
        return folder.toString();
    }

    @Override
    public String modelName() {
        return modelName;
    }

    @Override
    public SortedMap<String, Long> files() throws IOException {
        SortedMap<String, Long> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder, DEEPEST, FileVisitOption.FOLLOW_LINKS)) {
            Iterator<Path> each = all.iterator();
            while (each.hasNext()) {
                Path file = each.next();
                Path relative = folder.relativize(file);
                if (!isHidden(relative) && Files.isRegularFile(file)) {
                    if (files.size() == MOST_FILES) {
                        throw new IOException(
                                folder + " holds more than " + MOST_FILES + " files; expected the folder of one model");
                    }
                    files.put(withSlashes(relative), Files.size(file));
                }
            }
        } catch (UncheckedIOException unreadable) {
            throw new IOException(folder + " can't be listed: " + told(unreadable.getCause()), unreadable);
        }
        return Collections.unmodifiableSortedMap(files);
    }

    private static String told(@Nullable IOException problem) {
        return problem instanceof FileSystemLoopException loop
                ? loop.getFile() + " is a link to a folder around it"
                : String.valueOf(problem);
    }

    private static boolean isHidden(Path relative) {
        return StreamSupport.stream(relative.spliterator(), false)
                .anyMatch(part -> part.toString().startsWith("."));
    }

    private static String withSlashes(Path relative) {
        return StreamSupport.stream(relative.spliterator(), false)
                .map(Path::toString)
                .collect(Collectors.joining("/"));
    }

    @Override
    public int readsAtOnce() {
        return Math.min(MOST_AT_ONCE, Runtime.getRuntime().availableProcessors());
    }

    @Override
    public ByteSource open(String path) throws IOException {
        return new LocalFile(folder.resolve(path));
    }
}
