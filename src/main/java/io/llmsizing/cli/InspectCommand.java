package io.llmsizing.cli;

import io.llmsizing.checkpoint.Checkpoint;
import io.llmsizing.document.JsonWriter;
import io.llmsizing.report.CheckpointContents;
import io.llmsizing.report.CheckpointReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code inspect CHECKPOINT}. */
@Command(
        name = "inspect",
        description = {
            "What a checkpoint is, read from the headers of its files: tensors by role and format, bytes, bits per weight,",
            "and what the config alone would say of it."
        },
        mixinStandardHelpOptions = true)
final class InspectCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "CHECKPOINT",
            description = "A folder, a .safetensors or .gguf file, or an id on the Hub such as org/name.")
    private String named = "";

    @Option(names = "--json", description = "Print as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        CheckpointContents contents = CheckpointContents.of(read());
        spec.commandLine()
                .getOut()
                .print(
                        json
                                ? JsonWriter.indented(CheckpointReport.json(contents)) + "\n"
                                : CheckpointReport.text(contents));
        return ExitCodes.FITS;
    }

    private Checkpoint read() throws IOException {
        return !LocalCheckpoint.isOne(named) && !Files.exists(Path.of(named)) && HubModels.mayHold(named)
                ? HubModels.read(named, spec.commandLine().getErr())
                : LocalCheckpoint.read(named);
    }
}
