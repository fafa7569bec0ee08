package io.llmsizing.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The folder where the Hub's own tools keep what they loaded: {@code models--org--name/refs/<revision>} holds a commit,
 * {@code snapshots/<commit>} its files as links into {@code blobs}. It is only read.
 */
final class HubCache {
    private final Path folder;

    HubCache(Path folder) {
        this.folder = folder;
    }

    /** What lies there of a model at a revision: the same commit that the tools would take. */
    Optional<Snapshot> find(HubId id) throws IOException {
        Path model = folder.resolve("models--" + id.name().replace("/", "--"));
        String commit = commit(model.resolve("refs").resolve(id.revision())).orElse(id.revision());
        Path snapshot = model.resolve("snapshots").resolve(commit);
        return HubId.isCommit(commit) && Files.isDirectory(snapshot)
                ? Optional.of(Snapshot.of(snapshot, id))
                : Optional.empty();
    }

    private static Optional<String> commit(Path reference) throws IOException {
        if (!Files.isRegularFile(reference)) {
            return Optional.empty();
        }
        try (InputStream bytes = Files.newInputStream(reference)) {
            return Optional.of(new String(bytes.readNBytes(64), StandardCharsets.US_ASCII).strip());
        }
    }
}
