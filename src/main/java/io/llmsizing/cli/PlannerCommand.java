package io.llmsizing.cli;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.document.JsonWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command that searches; its exit code says whether something was found. */
abstract class PlannerCommand implements Callable<Integer> {
    @Mixin
    private CatalogOption catalog = new CatalogOption();

    @Option(names = "--json", description = "Print the answer as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Searches, prints what was found, and says the exit code. */
    abstract int answer(Catalog opened) throws IOException;

    @Override
    public final Integer call() throws IOException {
        return answer(catalog.open());
    }

    final void print(Supplier<String> text, Supplier<Map<String, Object>> answer) {
        spec.commandLine().getOut().print(json ? JsonWriter.indented(answer.get()) + "\n" : text.get());
    }

    final PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
