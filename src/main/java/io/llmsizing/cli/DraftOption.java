package io.llmsizing.cli;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.document.JsonObject;
import io.llmsizing.model.Model;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A second model that drafts, as far as users ask for it. */
final class DraftOption {
    @Option(
            names = "--draft",
            paramLabel = "MODEL",
            description = "A whole model that drafts under vLLM, written as MODEL is. Default: none.")
    private @Nullable String name;

    private @Nullable Model model;

    /** The key of a JSON line, which is a name of the catalogue. */
    static DraftOption of(JsonObject line) {
        DraftOption option = new DraftOption();
        option.name = line.text("draft").orElse(null);
        return option;
    }

    /** Reads the model once; on a command line it may be a path or an id on the Hub. */
    void read(Catalog catalog, @Nullable PrintWriter err) throws IOException {
        if (name == null || model != null) {
            return;
        }
        if (err == null) {
            model = catalog.model(name);
            return;
        }
        ModelOption written = new ModelOption();
        written.named(name, err);
        model = written.model(catalog);
    }

    boolean isGiven() {
        return name != null;
    }

    Optional<Model> model() {
        return Optional.ofNullable(model);
    }
}
