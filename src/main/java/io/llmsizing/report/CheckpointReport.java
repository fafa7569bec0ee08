package io.llmsizing.report;

import io.llmsizing.checkpoint.Checkpoint;
import io.llmsizing.checkpoint.CheckpointReading;
import io.llmsizing.checkpoint.StoredTensor;
import io.llmsizing.model.Model;
import io.llmsizing.model.TensorBlock;
import io.llmsizing.quantization.BlockFormat;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import io.llmsizing.units.ByteSize;
import io.llmsizing.units.Ratio;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a checkpoint is, for people and for machines. */
public final class CheckpointReport {
    private static final int MOST_NAMED = 5;
    private static final int DECIMALS = 4;

    /** The columns that hold no numbers: role and format. */
    private static final Set<Integer> TEXTS = Set.of(0, 1);

    private CheckpointReport() {}

    /** Tensors of one role in one format. */
    private static final class Share {
        private final String role;
        private final String format;
        private long tensors;
        private long elements;
        private long bytes;

        Share(String role, String format) {
            this.role = role;
            this.format = format;
        }

        void add(long number, long ofElements, long ofBytes) {
            tensors = Math.addExact(tensors, number);
            elements = Math.addExact(elements, ofElements);
            bytes = Math.addExact(bytes, ofBytes);
        }

        String bits() {
            return elements == 0 ? "" : bitsPerWeight(bytes, elements);
        }
    }

    private static String bitsPerWeight(long bytes, long elements) {
        return Ratio.of(Math.multiplyExact(8, bytes), elements).toDisplay(DECIMALS);
    }

    /**
     * Tensors by role and format, and what the config says beside what is stored. Not to be parsed: there is JSON for
     * that.
     *
     * @param checkpoint the checkpoint; without a config its tensors are told by their types alone
     * @return lines ending in line feeds
     */
    public static String text(Checkpoint checkpoint) {
        Optional<CheckpointReading> reading = checkpoint.shape().map(any -> checkpoint.reading());
        List<String> lines = new ArrayList<>();
        lines.add(checkpoint.name() + "  (" + kind(checkpoint) + ")");
        lines.add("");
        long bytes = checkpoint.bytes();
        lines.add(figure("tensors", checkpoint.tensors().size(), ""));
        lines.add(figure("elements", checkpoint.elements(), "as they are stored"));
        reading.ifPresent(joined -> lines.add(figure("parameters", parameters(joined.model()), "")));
        lines.add(figure("bytes", bytes, ByteSize.ofBytes(bytes).toDisplay()));
        reading.ifPresent(joined -> {
            lines.add(figure("formula", joined.formulaBytes(), difference(bytes - joined.formulaBytes())));
            lines.add(String.format(Locale.ROOT, "%-12s %19s", "bits", bitsPerWeight(bytes, parameters(joined.model())))
                    + "  per parameter");
        });
        lines.add("");
        lines.addAll(TextTable.aligned(table(shares(checkpoint, reading)), TEXTS));
        lines.add("");
        reading.ifPresent(joined -> lines.addAll(differences(joined)));
        checkpoint.leftOut().forEach((file, reason) -> lines.add("left out     " + file + ": " + reason));
        return lines.stream()
                        .map(line -> line + "\n")
                        .collect(Collectors.joining())
                        .stripTrailing() + "\n";
    }

    private static String kind(Checkpoint checkpoint) {
        int files = checkpoint.files().size();
        return checkpoint.format() + ", " + (files == 1 ? checkpoint.files().get(0) : files + " files");
    }

    private static String figure(String label, long value, String meaning) {
        return String.format(Locale.ROOT, "%-12s %,19d  %s", label, value, meaning)
                .stripTrailing();
    }

    private static String difference(long bytes) {
        return bytes == 0
                ? "equal to the byte"
                : String.format(Locale.ROOT, "%,d B %s than stored", Math.abs(bytes), bytes > 0 ? "less" : "more");
    }

    /** Every parameter that a checkpoint may hold, without copies. */
    private static long parameters(Model model) {
        return Math.addExact(
                model.parameters().total(),
                Math.addExact(
                        model.parameters().speculative(), model.parameters().vision()));
    }

    private static List<List<String>> table(List<Share> shares) {
        List<List<String>> table = new ArrayList<>();
        table.add(List.of("ROLE", "FORMAT", "TENSORS", "PARAMETERS", "BYTES", "BITS"));
        for (Share share : shares) {
            table.add(List.of(
                    share.role,
                    share.format,
                    counted(share.tensors),
                    counted(share.elements),
                    counted(share.bytes),
                    share.bits()));
        }
        return table;
    }

    private static List<Share> shares(Checkpoint checkpoint, Optional<CheckpointReading> reading) {
        Map<String, Share> shares = new LinkedHashMap<>();
        if (reading.isPresent()) {
            Map<TensorRole, Map<String, Share>> byRole = new TreeMap<>();
            for (TensorBlock block : reading.get().model().blocks()) {
                for (WeightTensor tensor : block.tensors()) {
                    BlockFormat format = reading.get().model().weights().formatOf(block.name(), tensor);
                    long number = Math.multiplyExact((long) block.count(), tensor.count());
                    long bytes = Math.multiplyExact(number, format.bytes(tensor.rows(), tensor.columns()));
                    if (bytes > 0) {
                        byRole.computeIfAbsent(tensor.role(), role -> new LinkedHashMap<>())
                                .computeIfAbsent(format.name(), name -> new Share(label(tensor.role()), name))
                                .add(number, Math.multiplyExact((long) block.count(), tensor.elements()), bytes);
                    }
                }
            }
            return byRole.values().stream()
                    .flatMap(formats -> formats.values().stream())
                    .collect(Collectors.toList());
        }
        for (StoredTensor tensor : checkpoint.tensors()) {
            shares.computeIfAbsent(tensor.type().name(), name -> new Share("", name))
                    .add(1, tensor.elements(), tensor.bytes());
        }
        return List.copyOf(shares.values());
    }

    private static String label(TensorRole role) {
        return role.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String counted(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static List<String> differences(CheckpointReading reading) {
        List<String> lines = new ArrayList<>();
        lines.addAll(named("unexpected", reading.unexpected()));
        if (!reading.missing().isEmpty()) {
            lines.add("missing      " + counted(reading.missing().size()) + " tensors: "
                    + reading.missing().stream()
                            .limit(MOST_NAMED)
                            .map(absent -> absent.tensor().name() + " of " + absent.place())
                            .collect(Collectors.joining(", "))
                    + more(reading.missing().size()));
        }
        lines.addAll(named("not loaded", reading.notLoaded()));
        return lines;
    }

    private static List<String> named(String label, List<StoredTensor> tensors) {
        if (tensors.isEmpty()) {
            return List.of();
        }
        long bytes = tensors.stream().mapToLong(StoredTensor::bytes).reduce(0, Math::addExact);
        return List.of(String.format(Locale.ROOT, "%-12s ", label) + counted(tensors.size()) + " tensors of "
                + counted(bytes) + " B: "
                + tensors.stream().limit(MOST_NAMED).map(StoredTensor::name).collect(Collectors.joining(", "))
                + more(tensors.size()));
    }

    private static String more(int number) {
        return number > MOST_NAMED ? " ..." : "";
    }

    /**
     * The same in machine-readable form.
     *
     * @param checkpoint the checkpoint
     * @return its figures, the shares of roles and formats, and the lists of what differs, each whole
     */
    public static Map<String, Object> json(Checkpoint checkpoint) {
        Optional<CheckpointReading> reading = checkpoint.shape().map(any -> checkpoint.reading());
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("model", checkpoint.name());
        json.put("format", checkpoint.format());
        json.put("files", checkpoint.files());
        json.put("left_out", checkpoint.leftOut());
        json.put("tensors", checkpoint.tensors().size());
        json.put("elements", checkpoint.elements());
        json.put("bytes", checkpoint.bytes());
        reading.ifPresent(joined -> {
            json.put("parameters", parameters(joined.model()));
            json.put("formula_bytes", joined.formulaBytes());
        });
        json.put(
                "shares",
                shares(checkpoint, reading).stream()
                        .map(CheckpointReport::share)
                        .collect(Collectors.toList()));
        reading.ifPresent(joined -> {
            json.put("unexpected", names(joined.unexpected()));
            json.put(
                    "missing",
                    joined.missing().stream()
                            .map(absent ->
                                    absent.place() + ": " + absent.tensor().name())
                            .collect(Collectors.toList()));
            json.put("not_loaded", names(joined.notLoaded()));
            json.put("assumptions", Answer.texts(joined.model().assumptions()));
        });
        return json;
    }

    private static Map<String, Object> share(Share share) {
        Map<String, Object> json = new LinkedHashMap<>();
        if (!share.role.isEmpty()) {
            json.put("role", share.role.replace(' ', '_'));
        }
        json.put("format", share.format);
        json.put("tensors", share.tensors);
        json.put("elements", share.elements);
        json.put("bytes", share.bytes);
        return json;
    }

    private static List<String> names(List<StoredTensor> tensors) {
        return tensors.stream().map(StoredTensor::name).collect(Collectors.toList());
    }
}
