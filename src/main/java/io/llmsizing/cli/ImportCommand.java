package io.llmsizing.cli;

import io.llmsizing.catalog.ModelJson;
import io.llmsizing.document.JsonWriter;
import io.llmsizing.ledger.Assumption;
import io.llmsizing.model.Model;
import io.llmsizing.reader.HuggingFaceReader;
import io.llmsizing.reader.ModelReading;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code import CONFIG}: a catalogue entry from a config.json. */
@Command(
        name = "import",
        description = {
            "Prints the catalogue entry of a model, read from its config.json, for a directory of your own.",
            "What was taken for granted is said on standard error."
        },
        mixinStandardHelpOptions = true)
final class ImportCommand implements Callable<Integer> {
    private static final int WIDTH = 150;

    @Parameters(paramLabel = "CONFIG", description = "A config.json.")
    private Path config = Path.of("");

    @Option(
            names = "--id",
            paramLabel = "ORG/NAME",
            description = "The entry's id. Default: the name of the file, or that of its folder.")
    private @Nullable String id;

    @Option(
            names = "--source",
            paramLabel = "TEXT",
            description = "Where the config comes from. Default: as it says itself.")
    private @Nullable String source;

    @Option(names = "--retrieved", paramLabel = "DAY", description = "When it was taken, such as 2026-11-23.")
    private @Nullable LocalDate retrieved;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        ModelReading reading = HuggingFaceReader.read(config);
        Map<String, Object> entry = entry(reading.model());
        for (Assumption assumption : reading.assumptions()) {
            spec.commandLine().getErr().println("assumed: " + assumption);
        }
        spec.commandLine().getOut().print(JsonWriter.folded(entry, WIDTH) + "\n");
        return ExitCodes.FITS;
    }

    private Map<String, Object> entry(Model model) {
        Map<String, Object> entry = new LinkedHashMap<>(ModelJson.write(model));
        if (id != null) {
            entry.put("id", id);
        }
        if (source != null) {
            entry.put("source", source);
        } else if (model.source().isBlank()) {
            entry.put("source", "config.json of " + model.name());
        }
        if (retrieved != null) {
            entry.put("retrieved", retrieved.toString());
        }
        return entry;
    }
}
