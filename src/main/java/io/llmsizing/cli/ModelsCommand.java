package io.llmsizing.cli;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.document.JsonWriter;
import io.llmsizing.model.Model;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code models [TEXT]}. */
@Command(name = "models", description = "The models of the catalogue.", mixinStandardHelpOptions = true)
final class ModelsCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "TEXT", description = "Only those whose name or alias contains it.")
    private String text = "";

    @Mixin
    private CatalogOption catalog = new CatalogOption();

    @Option(names = "--json", description = "Print as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        List<Model> listed = new ArrayList<>();
        Catalog opened = catalog.open();
        for (String id : opened.modelIds()) {
            if (matches(id) || opened.aliases(id).stream().anyMatch(this::matches)) {
                listed.add(opened.model(id));
            }
        }
        if (json) {
            out.print(JsonWriter.indented(listed.stream()
                            .map(model -> row(model, opened.aliases(model.name())))
                            .collect(Collectors.toList()))
                    + "\n");
        } else {
            out.printf(
                    Locale.ROOT, "%-46s %17s %17s %10s  %s\n", "MODEL", "PARAMETERS", "ACTIVE", "CONTEXT", "WEIGHTS");
            for (Model model : listed) {
                out.printf(
                        Locale.ROOT,
                        "%-46s %,17d %,17d %,10d  %s\n",
                        model.name(),
                        model.parameters().total(),
                        model.parameters().active(),
                        model.contextTokens(),
                        model.weights().name());
            }
        }
        return ExitCodes.FITS;
    }

    private boolean matches(String name) {
        return name.toLowerCase(Locale.ROOT).contains(text.toLowerCase(Locale.ROOT));
    }

    private static Map<String, Object> row(Model model, List<String> aliases) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("model", model.name());
        row.put("aliases", aliases);
        row.put("parameters", model.parameters().total());
        row.put("active", model.parameters().active());
        row.put("context_tokens", model.contextTokens());
        row.put("weights", model.weights().name());
        row.put("source", model.source());
        return row;
    }
}
