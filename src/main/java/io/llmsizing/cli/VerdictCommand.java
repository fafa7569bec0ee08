package io.llmsizing.cli;

import io.llmsizing.Sizing;
import io.llmsizing.Verdict;
import io.llmsizing.document.JsonWriter;
import io.llmsizing.planner.Remedies;
import io.llmsizing.planner.Remedy;
import io.llmsizing.report.Answer;
import io.llmsizing.report.RankAnswers;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A command about one model on one cluster; its exit code says the verdict. */
abstract class VerdictCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description = {
                "A catalogue name, the path of a config.json, of a checkpoint's folder or of its file,",
                "or org/name on the Hub, where the catalogue lacks it."
            })
    private String model = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "CLUSTER",
            description = {
                "Such as 8xH200, 2x8xH100 for two nodes of 8, '4xL40S + 2xA100-80GB' or '4x p5en.48xlarge'.",
                "Left out where there is --inventory."
            })
    private @Nullable String cluster;

    @Mixin
    private Question question = new Question();

    @Mixin
    private CatalogOption catalog = new CatalogOption();

    @Option(names = "--json", description = "Print the answer as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** The answer for people. */
    abstract String text(Verdict verdict);

    /** Whether JSON lists every line. */
    abstract boolean listsLines();

    /** What would make it fit. */
    static List<Remedy> remedies(Verdict verdict) {
        return Remedies.usual(verdict.finding().deployment());
    }

    private Map<String, Object> answer(Verdict verdict) {
        Map<String, Object> answer = new LinkedHashMap<>(Answer.of(verdict, listsLines(), remedies(verdict)));
        answer.put("ranks", RankAnswers.json(verdict.finding().deployment()));
        return answer;
    }

    @Override
    public Integer call() throws IOException {
        Verdict verdict = Sizing.size(
                question.about(model, cluster, spec.commandLine().getErr()).deployment(catalog.open()));
        spec.commandLine().getOut().print(json ? JsonWriter.indented(answer(verdict)) + "\n" : text(verdict));
        return ExitCodes.of(verdict);
    }
}
