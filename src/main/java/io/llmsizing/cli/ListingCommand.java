package io.llmsizing.cli;

import com.google.common.base.CharMatcher;
import io.llmsizing.catalog.Catalog;
import io.llmsizing.catalog.UnknownNameException;
import io.llmsizing.document.JsonWriter;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * A command that lists what the catalogue holds.
 *
 * @param <T> what it holds
 */
abstract class ListingCommand<T> implements Callable<Integer> {
    private static final CharMatcher IGNORED = CharMatcher.whitespace().or(CharMatcher.anyOf("_-"));

    @Parameters(arity = "0..1", paramLabel = "TEXT", description = "Only those whose name or alias contains it.")
    private String text = "";

    @Mixin
    private CatalogOption catalog = new CatalogOption();

    @Option(names = "--json", description = "Print as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** All that may be listed. */
    abstract List<T> all(Catalog catalog);

    /** Every name of one. */
    abstract Stream<String> names(T one, Catalog catalog);

    /** One in machine-readable form. */
    abstract Map<String, Object> row(T one, Catalog catalog);

    /** The columns' heads, ending in a line feed. */
    abstract String heading();

    /** One for people, each line ending in a line feed. */
    abstract String line(T one, Catalog catalog);

    /**
     * What a name means that is no part of a listed one.
     *
     * @throws UnknownNameException with the nearest names where it means nothing
     */
    abstract T known(String name, Catalog catalog);

    /** What is listed instead of all whose names contain the text, because it is meant exactly; nothing by default. */
    Optional<T> meant(String name, Catalog catalog) {
        return Optional.empty();
    }

    @Override
    public Integer call() {
        Catalog opened = catalog.open();
        String wanted = spelling(text);
        List<T> listed = meant(text, opened)
                .map(List::of)
                .orElseGet(() -> all(opened).stream()
                        .filter(one -> names(one, opened)
                                .anyMatch(name -> spelling(name).contains(wanted)))
                        .toList());
        if (listed.isEmpty() && !wanted.isEmpty()) {
            listed = List.of(known(text, opened));
        }
        print(listed, opened);
        return ExitCodes.FITS;
    }

    private void print(List<T> listed, Catalog opened) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.print(JsonWriter.indented(
                            listed.stream().map(one -> row(one, opened)).collect(Collectors.toList()))
                    + "\n");
        } else {
            out.print(heading());
            listed.forEach(one -> out.print(line(one, opened)));
        }
    }

    /** An unknown figure is not there: no figure that is there is 0. */
    static void putKnown(Map<String, Object> row, String key, long figure) {
        if (figure > 0) {
            row.put(key, figure);
        }
    }

    /** As names are looked up: letter case, blanks, hyphens and underscores are nothing. */
    private static String spelling(String name) {
        return IGNORED.removeFrom(name.toLowerCase(Locale.ROOT));
    }
}
