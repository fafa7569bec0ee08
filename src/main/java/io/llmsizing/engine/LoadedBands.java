package io.llmsizing.engine;

import io.llmsizing.document.Bundled;
import io.llmsizing.document.CsvTable.Row;
import io.llmsizing.ledger.Band;
import io.llmsizing.ledger.Certainty;
import io.llmsizing.ledger.Ledger;
import io.llmsizing.ledger.MemoryLine;
import io.llmsizing.units.Ratio;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * By how much loaded weights may differ from what is predicted of them: {@code loaded-bands.csv}, which is made of the
 * residuals of observed setups and of nothing else.
 */
final class LoadedBands {
    static final List<String> COLUMNS = List.of("engine", "since", "kind", "rows", "low", "high", "unit", "of");
    static final String FILE = "loaded-bands.csv";

    private static final long WHOLE = 1_000_000;
    private static final long MOST = 1L << 50;

    private final Map<LoadedKind, Doubt> doubts = new EnumMap<>(LoadedKind.class);

    private record Doubt(MemoryLine line, String title, long low, long high) {}

    private LoadedBands() {}

    /** The bands of an engine's version: those of the newest regime that is not newer. */
    static LoadedBands of(String engine, EngineVersion version, Function<String, EngineVersion> reading) {
        LoadedBands bands = new LoadedBands();
        for (Row row : Table.ROWS) {
            if (row.required("engine").equals(engine)
                    && reading.apply(row.required("since")).compareTo(version) <= 0) {
                LoadedKind kind = LoadedKind.valueOf(row.required("kind").toUpperCase(Locale.ROOT));
                bands.doubts.put(kind, doubt(row, kind));
            }
        }
        return bands;
    }

    private static Doubt doubt(Row row, LoadedKind kind) {
        long low = row.whole("low", -MOST, MOST);
        long high = row.whole("high", -MOST, MOST);
        long none = kind.isShare() ? WHOLE : 0;
        if (low > none || high < none) {
            throw row.problem("low", low + " to " + high + " does not hold " + none);
        }
        String source = "loaded weights of " + row.required("rows") + " observed setups, " + row.required("of");
        return new Doubt(
                MemoryLine.banded("loading.doubt", "bytes", Certainty.ESTIMATED, source, Band.EXACT),
                "what loading may differ by, "
                        + kind.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                low,
                high);
    }

    /** Posts by how much what was loaded may differ, for how it is stored and for the device. */
    void account(Ledger ledger, Serving serving, long loaded) {
        post(ledger, LoadedKind.of(serving.rank().model(), serving.weights()), loaded);
        serving.device()
                .map(LoadedKind::of)
                .filter(kind -> !kind.isShare())
                .ifPresent(kind -> post(ledger, kind, loaded));
    }

    private void post(Ledger ledger, LoadedKind kind, long loaded) {
        Doubt doubt = doubts.get(kind);
        if (doubt == null) {
            return;
        }
        if (kind.isShare()) {
            ledger.postDoubt(
                    doubt.line(),
                    doubt.title(),
                    loaded - Ratio.of(doubt.low(), WHOLE).floorOf(loaded),
                    Ratio.of(doubt.high() - WHOLE, WHOLE).ceilOf(loaded));
        } else {
            ledger.postDoubt(doubt.line(), doubt.title(), Math.min(loaded, -doubt.low()), doubt.high());
        }
    }

    /** Read when an engine is first asked for. */
    private static final class Table {
        static final List<Row> ROWS = Bundled.rows(LoadedBands.class, FILE, COLUMNS);
    }
}
