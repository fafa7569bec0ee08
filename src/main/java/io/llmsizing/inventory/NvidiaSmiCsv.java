package io.llmsizing.inventory;

import com.google.common.base.Splitter;
import io.llmsizing.document.MalformedFileException;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.units.ByteSize;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads {@code nvidia-smi --query-gpu=... --format=csv}. Without a header the columns can't be known, but for a name followed
 * by what the catalogue knows to be the total memory of that card.
 */
final class NvidiaSmiCsv {
    private static final String WAY_OUT =
            "write nvidia-smi --query-gpu=index,name,memory.total,memory.free,mig.mode.current --format=csv";
    private static final Splitter COMMAS = Splitter.on(',').trimResults();
    private static final Pattern COLUMN = Pattern.compile("[a-z_]+(\\.[a-z_0-9]+)*( \\[[^\\]]*])?");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");
    private static final Pattern NAMED = Pattern.compile("(\\d{1,4}\\s*,\\s*)?[^,]*[A-Za-z][^,]{2,},\\s*[\\d\\[].*");
    private static final int ABSENT = -1;

    private final List<String> columns;
    private final Recognition recognition;
    private final Findings findings;
    private final Machine machine = new Machine("");

    private NvidiaSmiCsv(List<String> columns, Recognition recognition, Findings findings) {
        this.columns = columns;
        this.recognition = recognition;
        this.findings = findings;
    }

    /** Whether a first line may be one of these. */
    static boolean isFirst(String line) {
        return isHeader(line) || (line.length() < 1 << 10 && NAMED.matcher(line).matches());
    }

    private static boolean isHeader(String line) {
        List<String> fields = columns(line);
        return line.length() < 1 << 12
                && fields.stream().allMatch(field -> COLUMN.matcher(field).matches())
                && fields.stream().anyMatch(field -> field.matches("(gpu_)?(name|uuid)|index|memory\\..*"));
    }

    private static List<String> columns(String line) {
        return COMMAS.splitToList(line.strip().toLowerCase(Locale.ROOT));
    }

    static void read(InputStream bytes, Recognition recognition, Machines machines, Findings findings)
            throws IOException {
        TextLines lines = TextLines.of(bytes, findings);
        String first = lines.next().orElse("");
        boolean headed = isHeader(first);
        NvidiaSmiCsv reader = new NvidiaSmiCsv(headed ? columns(first) : List.of(), recognition, findings);
        if (headed && reader.column("name", "gpu_name") == ABSENT) {
            throw new MalformedFileException(
                    findings.file(), lines.place(), "no column name among " + Findings.shown(first) + "; " + WAY_OUT);
        }
        Optional<String> line = headed ? lines.next() : Optional.of(first);
        while (line.isPresent()) {
            List<String> values = COMMAS.splitToList(line.get().strip());
            if (headed) {
                reader.row(values, lines.place());
            } else {
                reader.headlessRow(values, lines.place());
            }
            line = lines.next();
        }
        machines.add(reader.machine, "the machine");
    }

    private int column(String... called) {
        for (int i = 0; i < columns.size(); i++) {
            for (String name : called) {
                if (columns.get(i).equals(name) || columns.get(i).startsWith(name + " [")) {
                    return i;
                }
            }
        }
        return ABSENT;
    }

    private void row(List<String> values, String line) {
        if (values.size() != columns.size()) {
            findings.add(line, values.size() + " values below " + columns.size() + " columns; left out");
            return;
        }
        String name = values.get(column("name", "gpu_name"));
        int mig = column("mig.mode.current");
        if (mig != ABSENT && values.get(mig).equalsIgnoreCase("Enabled")) {
            findings.add(
                    line,
                    name + " is cut into MIG instances, which this form does not list; left out. Write nvidia-smi -L or"
                            + " nvidia-smi -q -x");
            return;
        }
        try {
            Sighting seen = Sighting.of(line, name, 1)
                    .with(new Sighting.Memory(
                            memory(values, "memory.total"),
                            memory(values, "memory.free"),
                            memory(values, "memory.used"),
                            memory(values, "memory.reserved"),
                            errorCorrection(values)));
            take(seen);
        } catch (IllegalArgumentException malformed) {
            findings.add(line + malformed.getMessage(), "'" + Findings.shown(name) + "' is left out");
        }
    }

    private void take(Sighting seen) {
        recognition.devices(seen).ifPresent(devices -> {
            machine.add(devices, seen.place(), findings);
            boolean told = seen.memory().errorCorrection().isPresent();
            if (seen.total().isEmpty() && !told && column("memory.total") != ABSENT) {
                findings.assume(
                        seen.place(),
                        "no memory is printed for " + devices.accelerator().name() + "; the catalogue's is taken");
            }
        });
    }

    private Optional<Boolean> errorCorrection(List<String> values) {
        int at = column("ecc.mode.current");
        return at == ABSENT ? Optional.empty() : PrintedSizes.enabled(values.get(at));
    }

    /**
     * A size that may be absent.
     *
     * @throws IllegalArgumentException with the column and the value
     */
    private Optional<ByteSize> memory(List<String> values, String name) {
        int at = column(name);
        if (at == ABSENT) {
            return Optional.empty();
        }
        String column = columns.get(at);
        String value = values.get(at);
        if (PrintedSizes.isAbsent(value)) {
            return Optional.empty();
        }
        String unit = !NUMBER.matcher(value).matches()
                ? ""
                : column.endsWith("]") ? column.substring(column.indexOf('[') + 1, column.length() - 1) : "MiB";
        try {
            return Optional.of(ByteSize.parse(value + " " + unit));
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException(
                    ", column " + name + ": '" + Findings.shown(value) + "'; expected a number of MiB", malformed);
        }
    }

    private void headlessRow(List<String> values, String line) {
        int at = NUMBER.matcher(values.get(0)).matches() ? 1 : 0;
        if (values.size() < at + 2) {
            findings.add(line, "no name and memory; left out. Without a header columns can't be known: " + WAY_OUT);
            return;
        }
        Optional<ByteSize> total = mebibytes(values.get(at + 1));
        Sighting seen = Sighting.of(line, values.get(at), 1).withMemory(total, Optional.empty());
        if (total.isEmpty()) {
            findings.add(
                    line,
                    "'" + Findings.shown(values.get(at + 1)) + "' behind '" + Findings.shown(values.get(at))
                            + "' is no memory; left out. Without a header columns can't be known: " + WAY_OUT);
            return;
        }
        Optional<Accelerator> card = recognition.card(seen);
        if (card.isEmpty()) {
            return;
        }
        if (!Recognition.isTotalOf(total.get(), card.get().memory())) {
            findings.add(
                    line,
                    "'" + Findings.shown(values.get(at + 1)) + "' is not the total memory of "
                            + card.get().name() + " ("
                            + Recognition.mebibytes(card.get().memory().driver())
                            + "); left out. Without a header columns can't be known: " + WAY_OUT);
            return;
        }
        recognition.devices(seen, card.get()).ifPresent(devices -> machine.add(devices, line, findings));
        if (values.size() > at + 2) {
            findings.add(
                    line,
                    "values behind the total memory are not read, free memory and MIG mode among them: without a header columns can't"
                            + " be known; " + WAY_OUT);
        }
    }

    private static Optional<ByteSize> mebibytes(String value) {
        try {
            return Optional.of(ByteSize.parse(NUMBER.matcher(value).matches() ? value + " MiB" : value));
        } catch (IllegalArgumentException noSize) {
            return Optional.empty();
        }
    }
}
