package io.llmsizing.cli;

import io.llmsizing.catalog.Catalog;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The catalogue that a command looks names up in. */
final class CatalogOption {
    @Option(
            names = "--catalog",
            paramLabel = "DIR",
            description = "A directory of your own models and accelerators, on top of the bundled ones.")
    private @Nullable Path directory;

    Catalog open() {
        Catalog bundled = Catalog.bundled();
        return directory == null ? bundled : bundled.overlaidBy(directory);
    }
}
