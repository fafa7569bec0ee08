package io.llmsizing.cli;

import io.llmsizing.checkpoint.Checkpoint;
import io.llmsizing.document.MalformedFileException;
import java.io.IOException;
import java.nio.file.Path;

/** Checkpoints of this machine, by the path that users write. */
final class LocalCheckpoint {
    private LocalCheckpoint() {}

    /** Whether a path is that of a folder, or of a file that is called like a checkpoint. A blank one is neither. */
    static boolean isOne(String path) {
        return !path.isBlank() && Checkpoint.isOne(Path.of(path));
    }

    /** Reads the headers; what is not a checkpoint by its path is refused before anything is opened. */
    static Checkpoint read(String path) throws IOException {
        if (!isOne(path)) {
            throw new MalformedFileException(
                    "'" + path + "'",
                    "path",
                    "no folder, nor called like a checkpoint; expected a folder that is there, a .safetensors,"
                            + " .safetensors.index.json or .gguf file, or on the command line an id of the Hub: org/name");
        }
        return Checkpoint.read(Path.of(path));
    }
}
