package io.llmsizing.report;

import io.llmsizing.model.Model;
import io.llmsizing.model.ParameterCount;
import io.llmsizing.model.TensorBlock;
import io.llmsizing.model.TensorBlock.Part;
import io.llmsizing.tensor.WeightTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A listing of tensors, for people and for machines. */
public final class TensorReport {
    /** The columns that hold no numbers: tensor, role and format. */
    private static final Set<Integer> TEXTS = Set.of(0, 3, 4);

    private TensorReport() {}

    private static boolean isResident(Part part) {
        return part != Part.SPECULATIVE && part != Part.SPECULATIVE_COPIES;
    }

    /**
     * A table under the model's parameters. Not to be parsed: there is JSON for that.
     *
     * @param listing the tensors
     * @return lines ending in line feeds
     */
    public static String text(TensorListing listing) {
        List<String> lines = parameters(listing);
        List<List<String>> table = new ArrayList<>();
        table.add(List.of(
                "TENSOR",
                "SHAPE",
                "COUNT",
                "ROLE",
                "FORMAT",
                "BYTES",
                listing.rank().label().toUpperCase(Locale.ROOT)));
        String above = "";
        for (TensorListing.Row row : listing.rows()) {
            if (!row.block().name().equals(above)) {
                table.add(List.of(heading(row.block(), listing.model())));
                above = row.block().name();
            }
            WeightTensor tensor = row.tensor();
            table.add(List.of(
                    "  " + tensor.name(),
                    shape(tensor),
                    counted(row.count()),
                    tensor.role().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                    listing.format(row),
                    counted(row.bytes()),
                    counted(row.rankBytes())));
        }
        table.add(List.of());
        table.addAll(totals(listing));
        lines.addAll(TextTable.aligned(table, TEXTS));
        listing.model().assumptions().forEach(assumption -> lines.add("note      " + assumption));
        return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    private static List<String> parameters(TensorListing listing) {
        ParameterCount count = listing.model().parameters();
        List<String> lines = new ArrayList<>();
        lines.add(listing.model().name() + "  (weights " + listing.weights() + ")");
        lines.add("");
        lines.add(figure("parameters", count.total(), ""));
        lines.add(figure("active", count.active(), "embedding and head both counted"));
        lines.add(figure("", count.activeWithoutInputEmbedding(), "without the input embedding"));
        lines.add(figure("", count.activeWithoutEmbeddings(), "without embedding and head"));
        if (count.speculative() > 0) {
            lines.add(figure("speculative", count.speculative(), "multi-token prediction, beside the above"));
        }
        if (count.vision() > 0) {
            lines.add(figure("vision", count.vision(), "towers and projectors, beside the above"));
        }
        lines.add("");
        return lines;
    }

    private static String figure(String label, long value, String meaning) {
        return String.format(Locale.ROOT, "%-11s %,19d  %s", label, value, meaning)
                .stripTrailing();
    }

    private static String heading(TensorBlock block, Model model) {
        if (block.part() == Part.LAYERS) {
            return block.name() + ", " + block.count() + " of " + model.layers().size() + " layers";
        }
        return block.count() == 1 ? block.name() : block.name() + ", " + block.count() + " times";
    }

    private static String shape(WeightTensor tensor) {
        return tensor.columns() == 1
                ? counted(tensor.rows())
                : counted(tensor.rows()) + " x " + counted(tensor.columns());
    }

    private static List<List<String>> totals(TensorListing listing) {
        List<List<String>> totals = new ArrayList<>();
        totals.add(total("weights", listing, TensorReport::isResident));
        if (listing.rows().stream().anyMatch(row -> !isResident(row.block().part()))) {
            totals.add(total("with multi-token prediction", listing, part -> part != Part.SPECULATIVE_COPIES));
            totals.add(
                    List.of("as published, its copies included", "", "", "", "", counted(listing.bytes(part -> true))));
        }
        return totals;
    }

    private static List<String> total(String label, TensorListing listing, Predicate<Part> parts) {
        return List.of(label, "", "", "", "", counted(listing.bytes(parts)), counted(listing.rankBytes(parts)));
    }

    private static String counted(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /**
     * The listing in machine-readable form.
     *
     * @param listing the tensors
     * @return the model's parameters, its bytes, and a list of tensors
     */
    public static Map<String, Object> json(TensorListing listing) {
        Map<String, Object> json = Answer.head(listing.model());
        json.put("weights", listing.weights().name());
        json.put("layout", Answer.layout(listing.rank().layout()));
        json.put("stage", listing.rank().stage());
        json.put("bytes", listing.bytes(TensorReport::isResident));
        json.put("rank_bytes", listing.rankBytes(TensorReport::isResident));
        json.put("speculative_bytes", listing.bytes(part -> part == Part.SPECULATIVE));
        json.put("rank_speculative_bytes", listing.rankBytes(part -> part == Part.SPECULATIVE));
        json.put("checkpoint_bytes", listing.bytes(part -> true));
        json.put(
                "tensors", listing.rows().stream().map(row -> row(listing, row)).collect(Collectors.toList()));
        json.put("assumptions", Answer.texts(listing.model().assumptions()));
        return json;
    }

    private static Map<String, Object> row(TensorListing listing, TensorListing.Row row) {
        WeightTensor tensor = row.tensor();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("block", row.block().name());
        json.put("name", tensor.name());
        json.put("shape", tensor.columns() == 1 ? List.of(tensor.rows()) : List.of(tensor.rows(), tensor.columns()));
        json.put("layers", row.block().count());
        json.put("count", row.count());
        json.put("role", tensor.role().name().toLowerCase(Locale.ROOT));
        json.put("format", listing.format(row));
        json.put("bytes", row.bytes());
        json.put("rank_bytes", row.rankBytes());
        return json;
    }
}
