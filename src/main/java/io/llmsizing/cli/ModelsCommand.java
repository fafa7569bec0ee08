package io.llmsizing.cli;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.model.Model;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/** {@code models [TEXT]}. */
@Command(name = "models", description = "The models of the catalogue.", mixinStandardHelpOptions = true)
final class ModelsCommand extends ListingCommand<Model> {
    @Override
    List<Model> all(Catalog catalog) {
        return catalog.modelIds().stream().map(catalog::model).collect(Collectors.toList());
    }

    @Override
    Stream<String> names(Model model, Catalog catalog) {
        return Stream.concat(Stream.of(model.name()), catalog.aliases(model.name()).stream());
    }

    @Override
    Model known(String name, Catalog catalog) {
        return catalog.model(name);
    }

    @Override
    String heading() {
        return String.format(
                Locale.ROOT, "%-46s %17s %17s %10s  %s\n", "MODEL", "PARAMETERS", "ACTIVE", "CONTEXT", "WEIGHTS");
    }

    @Override
    String line(Model model, Catalog catalog) {
        return String.format(
                Locale.ROOT,
                "%-46s %,17d %,17d %,10d  %s\n",
                model.name(),
                model.parameters().total(),
                model.parameters().active(),
                model.contextTokens(),
                model.weights().name());
    }

    @Override
    Map<String, Object> row(Model model, Catalog catalog) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("model", model.name());
        row.put("aliases", catalog.aliases(model.name()));
        row.put("parameters", model.parameters().total());
        row.put("active", model.parameters().active());
        row.put("context_tokens", model.contextTokens());
        row.put("weights", model.weights().name());
        row.put("source", model.source());
        return row;
    }
}
