package io.llmsizing.cli;

import io.llmsizing.DeploymentBuilder;
import io.llmsizing.Sizing;
import io.llmsizing.Verdict;
import io.llmsizing.document.JsonWriter;
import io.llmsizing.engine.Engines;
import io.llmsizing.report.Comparison;
import io.llmsizing.report.ComparisonReport;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code diff MODEL CLUSTER A B}. */
@Command(
        name = "diff",
        description =
                "The same model and cluster under two engines or versions, line by line, with what changes and why.",
        mixinStandardHelpOptions = true)
final class DiffCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "MODEL", description = "As for fits.")
    private String model = "";

    @Parameters(
            index = "1..*",
            arity = "2..3",
            paramLabel = "CLUSTER A B",
            description = {
                "The cluster, as for fits, left out where there is --inventory; then two engines, each NAME or NAME:VERSION,",
                "such as vllm:0.19 vllm:0.26, or llama.cpp:b10573, or none."
            })
    private List<String> words = List.of();

    @Mixin
    private Question question = new Question();

    @Mixin
    private CatalogOption catalog = new CatalogOption();

    @Option(names = "--json", description = "Print the answer as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        if (question.namesEngine() || question.namesEngineVersion()) {
            throw new IllegalArgumentException(
                    "engines are named by A and B, such as vllm:0.19 vllm:0.26; leave --engine and --engine-version out");
        }
        int engines = words.size() - 2;
        if (engines == 0 && !question.readsInventory() && !Engines.isNamed(words.get(0))) {
            throw new IllegalArgumentException("two engines are compared, and behind '" + words.get(0) + "' only '"
                    + words.get(1) + "' stands: name a second one, such as " + words.get(0)
                    + " vllm:0.19 vllm:0.26, or none");
        }
        DeploymentBuilder builder = question.about(
                        model,
                        engines == 0 ? null : words.get(0),
                        spec.commandLine().getErr())
                .builder(catalog.open());
        Comparison comparison =
                Comparison.of(verdict(builder, words.get(engines)), verdict(builder, words.get(engines + 1)));
        spec.commandLine()
                .getOut()
                .print(
                        json
                                ? JsonWriter.indented(ComparisonReport.answer(comparison)) + "\n"
                                : ComparisonReport.text(comparison));
        return ExitCodes.FITS;
    }

    private static Verdict verdict(DeploymentBuilder builder, String engine) {
        try {
            return Sizing.size(builder.engine(Engines.named(engine, "")).build());
        } catch (IllegalArgumentException refused) {
            throw new IllegalArgumentException("under " + engine + ": " + refused.getMessage(), refused);
        }
    }
}
