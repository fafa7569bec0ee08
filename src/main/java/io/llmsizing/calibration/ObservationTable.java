package io.llmsizing.calibration;

import com.google.common.collect.ImmutableList;
import io.llmsizing.LayoutRequest;
import io.llmsizing.document.Bundled;
import io.llmsizing.document.CsvTable;
import io.llmsizing.document.CsvTable.Row;
import io.llmsizing.document.MalformedFileException;
import io.llmsizing.units.ByteSize;
import io.llmsizing.units.Ratio;
import java.io.InputStream;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** Tables of observations, and those that the library carries. */
public final class ObservationTable {
    private static final List<String> COLUMNS = List.of(
            "id",
            "model",
            "shape",
            "engine",
            "version",
            "weights",
            "cache",
            "accelerator",
            "vendor",
            "devices",
            "usable_bytes",
            "fraction",
            "tensor",
            "pipeline",
            "data",
            "expert",
            "context",
            "sequences",
            "batched_tokens",
            "max_sequences",
            "eager",
            "loaded",
            "activation",
            "runtime",
            "graphs",
            "pool_bytes",
            "pool_tokens",
            "outcome",
            "grade",
            "source");

    private static final List<String> LEFT_OUT_COLUMNS =
            ImmutableList.<String>builder().addAll(COLUMNS).add("reason").build();
    private static final long MOST = 1L << 50;

    private ObservationTable() {}

    /**
     * The observations that the library is held against.
     *
     * @return rows that pass {@link ObservationCheck}
     */
    public static List<Observation> bundled() {
        return observations(Bundled.rows(ObservationTable.class, "observations.csv", COLUMNS));
    }

    /**
     * The observations that are known and not used.
     *
     * @return each with its reason
     */
    public static List<LeftOut> leftOut() {
        return Bundled.rows(ObservationTable.class, "left-out.csv", LEFT_OUT_COLUMNS).stream()
                .map(row -> new LeftOut(observation(row), row.required("reason")))
                .collect(ImmutableList.toImmutableList());
    }

    /**
     * A table of one's own, with the bundled table's columns.
     *
     * @param bytes UTF-8 text
     * @param file its name, for messages
     * @return the observations, in their order
     * @throws MalformedFileException naming file, line, column and value of what can't be read
     */
    public static List<Observation> read(InputStream bytes, String file) {
        return observations(CsvTable.read(bytes, file, COLUMNS).rows());
    }

    private static List<Observation> observations(List<Row> rows) {
        Set<String> seen = new HashSet<>();
        ImmutableList.Builder<Observation> observations = ImmutableList.builder();
        for (Row row : rows) {
            if (!seen.add(row.required("id"))) {
                throw row.problem("id", row.text("id") + " stands twice; give every row an id of its own");
            }
            observations.add(observation(row));
        }
        return observations.build();
    }

    private static Observation observation(Row row) {
        Map<Term, Long> printed = new EnumMap<>(Term.class);
        for (Term term : Term.values()) {
            whole(row, term.column(), MOST).ifPresent(figure -> printed.put(term, figure));
        }
        return new Observation(
                row.required("id"), setup(row), printed, outcome(row), row.required("grade"), row.required("source"));
    }

    private static Setup setup(Row row) {
        String model = row.required("model");
        return new Setup(
                model,
                text(row, "shape").orElse(model),
                row.required("engine"),
                text(row, "version"),
                text(row, "weights"),
                text(row, "cache"),
                text(row, "accelerator"),
                text(row, "vendor"),
                (int) row.whole("devices", 1, 1 << 10),
                bytes(row),
                fraction(row),
                new LayoutRequest(
                        ranks(row, "tensor"),
                        ranks(row, "pipeline"),
                        ranks(row, "data"),
                        flag(row, "expert") ? Optional.of(true) : Optional.empty()),
                whole(row, "context", MOST),
                whole(row, "sequences", MOST),
                whole(row, "batched_tokens", MOST),
                whole(row, "max_sequences", MOST),
                flag(row, "eager"));
    }

    private static Optional<String> text(Row row, String column) {
        return Optional.of(row.text(column)).filter(text -> !text.isEmpty());
    }

    private static OptionalLong whole(Row row, String column, long most) {
        return row.text(column).isEmpty() ? OptionalLong.empty() : OptionalLong.of(row.whole(column, 1, most));
    }

    private static OptionalInt ranks(Row row, String column) {
        return row.text(column).isEmpty() ? OptionalInt.empty() : OptionalInt.of((int) row.whole(column, 1, 1 << 10));
    }

    private static Optional<ByteSize> bytes(Row row) {
        OptionalLong usable = whole(row, "usable_bytes", MOST);
        return usable.isPresent() ? Optional.of(ByteSize.ofBytes(usable.getAsLong())) : Optional.empty();
    }

    private static Optional<Ratio> fraction(Row row) {
        try {
            return text(row, "fraction").map(Ratio::parse);
        } catch (IllegalArgumentException malformed) {
            throw row.problem("fraction", String.valueOf(malformed.getMessage()));
        }
    }

    private static boolean flag(Row row, String column) {
        String text = row.text(column);
        if (text.isEmpty() || text.equals("yes")) {
            return !text.isEmpty();
        }
        throw row.problem(column, "'" + text + "'; yes or nothing");
    }

    private static Outcome outcome(Row row) {
        String text = row.text("outcome");
        if (text.isEmpty()) {
            return Outcome.UNKNOWN;
        }
        for (Outcome outcome : Outcome.values()) {
            if (outcome.label().equals(text)) {
                return outcome;
            }
        }
        throw row.problem("outcome", "'" + text + "'; runs, does not fit, ran out later, or nothing");
    }

    /**
     * An observation that is not used.
     *
     * @param observation the row
     * @param reason why not
     */
    public record LeftOut(Observation observation, String reason) {}
}
