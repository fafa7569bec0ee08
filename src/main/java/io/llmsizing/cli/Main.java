package io.llmsizing.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The command line's entry. */
@Command(
        name = "sizing",
        description = "Does a language model fit a cluster of accelerators, and why.",
        subcommands = {
            FitsCommand.class,
            PlanCommand.class,
            MaxContextCommand.class,
            MaxSequencesCommand.class,
            LimitsCommand.class,
            MinGpusCommand.class,
            WhichModelsCommand.class,
            WhichClustersCommand.class,
            HeatCommand.class,
            ExplainCommand.class,
            DiffCommand.class,
            CheckLogCommand.class,
            ModelsCommand.class,
            GpusCommand.class,
            NodesCommand.class,
            DetectCommand.class,
            OffloadCommand.class,
            PlaceCommand.class,
            TensorsCommand.class,
            InspectCommand.class,
            ImportCommand.class,
            AccuracyCommand.class,
            BatchCommand.class
        },
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "COMMAND")
public final class Main {
    private Main() {}

    /**
     * Runs one command and ends the process with its exit code: 0 fits, 1 does not fit, 3 too close to call, 2 bad input.
     *
     * @param arguments the command and its options
     */
    public static void main(String[] arguments) {
        PrintWriter out =
                new PrintWriter(new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8)));
        PrintWriter err = new PrintWriter(new OutputStreamWriter(System.err, StandardCharsets.UTF_8), true);
        int code = run(out, err, arguments);
        if (out.checkError()) {
            err.println("sizing: the answer can't be written");
            code = ExitCodes.BAD_INPUT;
        }
        err.flush();
        System.exit(code);
    }

    /**
     * Runs one command.
     *
     * @param out where answers go
     * @param err where complaints go, one line each
     * @param arguments the command and its options
     * @return the exit code
     */
    static int run(PrintWriter out, PrintWriter err, String... arguments) {
        CommandLine line = line().setOut(out)
                .setErr(err)
                .setParameterExceptionHandler((problem, given) -> complain(err, problem))
                .setExecutionExceptionHandler((problem, command, given) -> {
                    complain(err, problem);
                    return problem instanceof IllegalArgumentException
                                    || problem instanceof ArithmeticException
                                    || problem instanceof IOException
                            ? ExitCodes.BAD_INPUT
                            : ExitCodes.OUR_FAULT;
                });
        if (arguments.length == 0) {
            line.usage(err);
            return ExitCodes.BAD_INPUT;
        }
        return line.execute(arguments);
    }

    /** All commands, with their options. */
    static CommandLine line() {
        return WholeNumber.readBy(new CommandLine(new Main()));
    }

    private static int complain(PrintWriter err, Exception problem) {
        err.println("sizing: " + Failure.message(problem).replace('\n', ' '));
        return ExitCodes.BAD_INPUT;
    }

    /** The version that the jar was built as. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"llm-sizing " + (version == null ? "development build" : version)};
        }
    }
}
