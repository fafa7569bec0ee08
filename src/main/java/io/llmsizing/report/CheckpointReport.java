package io.llmsizing.report;

import io.llmsizing.checkpoint.Checkpoint;
import io.llmsizing.checkpoint.StoredTensor;
import io.llmsizing.engine.EngineProfile;
import io.llmsizing.engine.Engines;
import io.llmsizing.engine.Serving;
import io.llmsizing.ledger.ItemizedLedger;
import io.llmsizing.ledger.LineItem;
import io.llmsizing.model.Model;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.parallel.Rank;
import io.llmsizing.quantization.CacheFormats;
import io.llmsizing.report.CheckpointContents.Share;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.units.ByteSize;
import io.llmsizing.units.Ratio;
import io.llmsizing.workload.Workload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What a checkpoint is, for people and for machines. */
public final class CheckpointReport {
    /** Tokens of a step that llama.cpp takes if it is not told otherwise, which its windows keep beside their own. */
    private static final long LLAMA_CPP_STEP = 512;

    private static final int DECIMALS = 4;

    /** The columns that hold no numbers: role and format. */
    private static final Set<Integer> TEXTS = Set.of(0, 1);

    private CheckpointReport() {}

    /**
     * Tensors by role and format, and what the config says beside what is stored. Not to be parsed: there is JSON for
     * that.
     *
     * @param contents the checkpoint's
     * @return lines ending in line feeds
     */
    public static String text(CheckpointContents contents) {
        Checkpoint checkpoint = contents.checkpoint();
        List<String> lines = new ArrayList<>();
        lines.add(checkpoint.name() + "  (" + kind(checkpoint) + ")");
        lines.add("");
        lines.addAll(figures(contents));
        lines.add("");
        lines.addAll(TextTable.aligned(table(contents.shares()), TEXTS));
        List<String> notes = new ArrayList<>();
        contents.reading()
                .ifPresent(reading -> reading.model().assumptions().forEach(note -> notes.add(label("note") + note)));
        checkpoint.leftOut().forEach((file, reason) -> notes.add(label("left out") + file + ": " + reason));
        if (!contents.whyNoModel().isEmpty()) {
            notes.add(label("no model") + contents.whyNoModel());
        }
        if (!notes.isEmpty()) {
            lines.add("");
            lines.addAll(notes);
        }
        return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    private static List<String> figures(CheckpointContents contents) {
        Checkpoint checkpoint = contents.checkpoint();
        long bytes = checkpoint.bytes();
        List<String> lines = new ArrayList<>();
        lines.add(figure("tensors", checkpoint.tensors().size(), ""));
        lines.add(figure("elements", checkpoint.elements(), "as they are stored"));
        contents.parameters().ifPresent(number -> lines.add(figure("parameters", number, "")));
        lines.add(figure("bytes", bytes, ByteSize.ofBytes(bytes).toDisplay()));
        contents.parameters()
                .ifPresent(number -> lines.add(String.format(
                        Locale.ROOT, "%s%19s  per parameter", label("bits"), bitsPerWeight(bytes, number))));
        contents.reading().ifPresent(reading -> {
            if (checkpoint.format().equals("gguf")) {
                lines.add(figure(
                        "cache",
                        llamaCppCache(reading.model()),
                        String.format(
                                Locale.ROOT,
                                "in llama.cpp for one sequence of %,d tokens in f16",
                                Workload.usualContext(reading.model().contextTokens()))));
            } else {
                lines.add(figure("formula", reading.formulaBytes(), difference(bytes - reading.formulaBytes())));
            }
        });
        return lines;
    }

    private static String kind(Checkpoint checkpoint) {
        int files = checkpoint.files().size();
        return checkpoint.format() + ", " + (files == 1 ? checkpoint.files().get(0) : files + " files")
                + checkpoint.revision().map(commit -> ", commit " + commit).orElse("");
    }

    private static String label(String label) {
        return String.format(Locale.ROOT, "%-12s ", label);
    }

    private static String figure(String label, long value, String meaning) {
        return String.format(Locale.ROOT, "%s%,19d  %s", label(label), value, meaning)
                .stripTrailing();
    }

    private static String bitsPerWeight(long bytes, long elements) {
        return Ratio.of(Math.multiplyExact(8, bytes), elements).toDisplay(DECIMALS);
    }

    private static String difference(long bytes) {
        return bytes == 0
                ? "equal to the byte"
                : String.format(Locale.ROOT, "%,d B %s than stored", Math.abs(bytes), bytes > 0 ? "less" : "more");
    }

    private static long llamaCppCache(Model model) {
        EngineProfile engine = Engines.llamaCpp();
        ItemizedLedger cache = new ItemizedLedger("cache");
        Rank whole = Rank.of(model, ParallelLayout.SINGLE, 0, false, 1);
        Serving serving = new Serving(whole, model.weights(), CacheFormats.FP16, LLAMA_CPP_STEP, 1, false);
        engine.accountCache(cache, serving, 1, Workload.usualContext(model.contextTokens()));
        return cache.root().find("kv_cache").map(LineItem::bytes).orElse(0L);
    }

    private static List<List<String>> table(List<Share> shares) {
        List<List<String>> table = new ArrayList<>();
        table.add(List.of("ROLE", "FORMAT", "TENSORS", "ELEMENTS", "BYTES", "BITS"));
        for (Share share : shares) {
            table.add(List.of(
                    share.role().map(CheckpointReport::spoken).orElse(""),
                    share.format(),
                    counted(share.tensors()),
                    counted(share.elements()),
                    counted(share.bytes()),
                    share.elements() == 0 ? "" : bitsPerWeight(share.bytes(), share.elements())));
        }
        return table;
    }

    private static String spoken(TensorRole role) {
        return role.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String counted(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /**
     * The same in machine-readable form.
     *
     * @param contents the checkpoint's
     * @return its figures, the shares of roles and formats, and the lists of what differs, each whole
     */
    public static Map<String, Object> json(CheckpointContents contents) {
        Checkpoint checkpoint = contents.checkpoint();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("model", checkpoint.name());
        checkpoint.revision().ifPresent(commit -> json.put("revision", commit));
        json.put("format", checkpoint.format());
        json.put("files", checkpoint.files());
        json.put("left_out", checkpoint.leftOut());
        json.put("tensors", checkpoint.tensors().size());
        json.put("elements", checkpoint.elements());
        json.put("bytes", checkpoint.bytes());
        contents.parameters().ifPresent(number -> json.put("parameters", number));
        contents.reading().ifPresent(reading -> json.put("formula_bytes", reading.formulaBytes()));
        json.put(
                "shares",
                contents.shares().stream().map(CheckpointReport::share).collect(Collectors.toList()));
        contents.reading().ifPresent(reading -> {
            json.put("unexpected", names(reading.unexpected()));
            json.put(
                    "missing",
                    reading.missing().stream()
                            .map(absent ->
                                    absent.place() + ": " + absent.tensor().name())
                            .collect(Collectors.toList()));
            json.put("not_loaded", names(reading.notLoaded()));
            json.put("assumptions", Answer.texts(reading.model().assumptions()));
        });
        if (!contents.whyNoModel().isEmpty()) {
            json.put("no_model", contents.whyNoModel());
        }
        return json;
    }

    private static Map<String, Object> share(Share share) {
        Map<String, Object> json = new LinkedHashMap<>();
        share.role().ifPresent(role -> json.put("role", role.name().toLowerCase(Locale.ROOT)));
        json.put("format", share.format());
        json.put("tensors", share.tensors());
        json.put("elements", share.elements());
        json.put("bytes", share.bytes());
        return json;
    }

    private static List<String> names(List<StoredTensor> tensors) {
        return tensors.stream().map(StoredTensor::name).collect(Collectors.toList());
    }
}
