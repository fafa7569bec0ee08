package io.llmsizing.cli;

import io.llmsizing.Deployment;
import io.llmsizing.Sizing;
import io.llmsizing.catalog.Catalog;
import io.llmsizing.document.JsonWriter;
import io.llmsizing.report.LogCheck;
import io.llmsizing.report.LogCheckReport;
import io.llmsizing.serverlog.LogStatement;
import io.llmsizing.serverlog.LogTerm;
import io.llmsizing.serverlog.ServerLog;
import io.llmsizing.serverlog.ServerLogReader;
import io.llmsizing.units.ByteSize;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code check-log FILE}. */
@Command(
        name = "check-log",
        description =
                "A server's start log against what is predicted for it. Exit code 0: all terms lie inside their bands, 1: one does not, or"
                        + " the start failed where it should not.",
        mixinStandardHelpOptions = true)
final class CheckLogCommand implements Callable<Integer> {
    private static final String STANDARD_INPUT = "standard input";

    @Parameters(
            index = "0",
            paramLabel = "FILE",
            description = "The log of a start of vLLM, SGLang or llama.cpp (with -lv 4); '-' reads standard input.")
    private String file = "-";

    @Option(names = "--model", paramLabel = "MODEL", description = "As for fits, instead of the one in the log.")
    private @Nullable String model;

    @Option(names = "--on", paramLabel = "CLUSTER", description = "As for fits, instead of the one in the log.")
    private @Nullable String cluster;

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
        ServerLog log = read();
        Catalog names = catalog.open();
        LoggedOptions options = new LoggedOptions(spec, log);
        options.fill();
        question.about(
                model == null ? LoggedModel.named(log, names) : model,
                options.isGiven("--inventory") ? cluster : cluster(log),
                spec.commandLine().getErr());
        Deployment deployment = question.deployment(names);
        options.quantised(deployment.weights().name().matches("bf16|fp16|fp32"));
        LogCheck check = LogCheck.of(log, Sizing.size(question.deployment(names)));
        LogCheckReport report =
                new LogCheckReport(check, file.equals("-") ? STANDARD_INPUT : file, options.taken(), options.assumed());
        spec.commandLine().getOut().print(json ? JsonWriter.indented(report.answer()) + "\n" : report.text());
        return check.isAsPredicted() ? ExitCodes.FITS : ExitCodes.DOES_NOT_FIT;
    }

    private ServerLog read() throws IOException {
        return file.equals("-") ? ServerLogReader.read(System.in, STANDARD_INPUT) : ServerLogReader.read(Path.of(file));
    }

    private String cluster(ServerLog log) {
        if (cluster != null) {
            return cluster;
        }
        Map<String, Long> kinds = log.devices().values().stream()
                .map(LogStatement::text)
                .collect(Collectors.groupingBy(kind -> kind, LinkedHashMap::new, Collectors.counting()));
        if (kinds.isEmpty()) {
            throw new IllegalArgumentException("the log does not say on which devices it ran"
                    + log.figure(LogTerm.DEVICE_TOTAL)
                            .map(total -> " (each has "
                                    + ByteSize.ofBytes(total.value()).toDisplay() + ", line " + total.line() + ")")
                            .orElse("")
                    + ": give --on, such as --on 8xH200");
        }
        List<String> terms = kinds.entrySet().stream()
                .map(kind -> kind.getValue() + "x" + kind.getKey())
                .toList();
        return String.join(" + ", terms);
    }
}
