package io.llmsizing.cli;

import io.llmsizing.Sizing;
import io.llmsizing.Verdict;
import io.llmsizing.document.JsonWriter;
import io.llmsizing.report.Answer;
import io.llmsizing.report.TextReport;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code explain MODEL CLUSTER}. */
@Command(
        name = "explain",
        description = "Where every byte of the tightest rank comes from. Exit codes as for fits.",
        mixinStandardHelpOptions = true)
final class ExplainCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "MODEL", description = "A catalogue name, or the path of a config.json.")
    private String model = "";

    @Parameters(index = "1", paramLabel = "CLUSTER", description = "Such as 8xH200, or 2x8xH100 for two nodes of 8.")
    private String cluster = "";

    @Mixin
    private Question question = new Question();

    @Mixin
    private CatalogOption catalog = new CatalogOption();

    @Option(names = "--json", description = "Print the answer as JSON, with all lines.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        Verdict verdict = Sizing.size(question.about(model, cluster).deployment(catalog.open()));
        spec.commandLine()
                .getOut()
                .print(
                        json
                                ? JsonWriter.indented(Answer.of(verdict, true)) + "\n"
                                : TextReport.of(Sizing.explain(verdict.finding().deployment())));
        return ExitCodes.of(verdict);
    }
}
