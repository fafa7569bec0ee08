package io.llmsizing.hub;

import com.google.common.collect.Sets;
import io.llmsizing.checkpoint.LocalFolder;
import io.llmsizing.checkpoint.Repository;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** What the cache holds of one commit of a model, and what of it is not there. */
final class Snapshot {
    private static final String CONFIG = "config.json";
    private static final String INDEX = "model.safetensors.index.json";

    private final Path folder;
    private final LocalFolder repository;
    private final boolean config;
    private final Shards safetensors;
    private final Shards gguf;

    private Snapshot(Path folder, LocalFolder repository, boolean config, Shards safetensors, Shards gguf) {
        this.folder = folder;
        this.repository = repository;
        this.config = config;
        this.safetensors = safetensors;
        this.gguf = gguf;
    }

    /** Looks at a folder of the cache. Links that lead nowhere are no files. */
    static Snapshot of(Path folder, HubId id) throws IOException {
        LocalFolder repository = LocalFolder.of(folder, id.name(), String.valueOf(folder.getFileName()));
        Set<String> files = repository.files().keySet();
        Shards safetensors = Shards.named(Sets.filter(files, file -> !file.contains("/")), ".safetensors");
        return new Snapshot(
                folder,
                repository,
                files.contains(CONFIG),
                files.contains(INDEX) ? safetensors.and(Shards.ofIndex(folder.resolve(INDEX), files)) : safetensors,
                Shards.named(files, ".gguf"));
    }

    Repository repository() {
        return repository;
    }

    /** Whether it holds all that a model is sized from: the config, and every shard of the weights. */
    boolean isWhole() {
        return config && safetensors.isWhole();
    }

    /**
     * Whether it is enough where the Hub can't be asked: whole, or with a whole GGUF file, of which the Hub may have
     * others.
     */
    boolean isUsable() {
        return isWhole() || gguf.isWhole();
    }

    /** What is not there, in words. */
    String missing() {
        SortedSet<String> missing = new TreeSet<>();
        if (!config) {
            missing.add(CONFIG);
        }
        missing.addAll(safetensors.missing());
        missing.addAll(gguf.missing());
        String first =
                missing.stream().limit(3).reduce((one, two) -> one + ", " + two).orElse("");
        String rest = missing.size() > 3 ? " and " + (missing.size() - 3) + " more" : "";
        String weights = safetensors.isNone() && gguf.isNone() ? "its weights (.safetensors or .gguf)" : "";
        String both = first.isEmpty() || weights.isEmpty() ? "" : " and ";
        return folder + " lacks " + first + rest + both + weights;
    }
}
