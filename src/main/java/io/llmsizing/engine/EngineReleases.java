package io.llmsizing.engine;

import static com.google.common.base.Preconditions.checkArgument;

import io.llmsizing.document.CsvTable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** When an engine's known versions came out, from {@code catalog/engines/releases.csv}: for those who know a day and no version. */
final class EngineReleases {
    private static final List<String> COLUMNS = List.of("engine", "version", "released", "source");
    private static final Pattern DATE = Pattern.compile("(\\d{4}-\\d{2})(-\\d{2})?");

    private final String engine;
    private final TreeMap<EngineVersion, LocalDate> days = new TreeMap<>();

    EngineReleases(String engine, Function<String, EngineVersion> reading) {
        this.engine = engine;
        String resource = "/io/llmsizing/catalog/engines/releases.csv";
        try (InputStream bytes = Objects.requireNonNull(EngineReleases.class.getResourceAsStream(resource), resource)) {
            for (CsvTable.Row row :
                    CsvTable.read(bytes, "engines/releases.csv", COLUMNS).rows()) {
                row.required("source");
                LocalDate day = day(row);
                if (row.required("engine").equals(engine)
                        && days.put(reading.apply(row.required("version")), day) != null) {
                    throw row.problem("version", row.text("version") + " stands twice for " + engine);
                }
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static LocalDate day(CsvTable.Row row) {
        try {
            return LocalDate.parse(row.required("released"));
        } catch (DateTimeParseException malformed) {
            throw row.problem("released", "'" + row.text("released") + "' is not a day such as 2025-07-09");
        }
    }

    /** The last day that a date of a day or a month means; empty where the text is none. */
    static Optional<LocalDate> lastDay(String text) {
        Matcher matcher = DATE.matcher(text.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    matcher.group(2) == null
                            ? YearMonth.parse(matcher.group(1)).atEndOfMonth()
                            : LocalDate.parse(matcher.group()));
        } catch (DateTimeException absent) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not in the calendar; write it like 2025-07 or 2025-07-09", absent);
        }
    }

    /**
     * The newest known version that was out on a day.
     *
     * @throws IllegalArgumentException if none was, naming the first, or if no day is known
     */
    Map.Entry<EngineVersion, LocalDate> newestBy(LocalDate day) {
        checkArgument(
                !days.isEmpty(), "of %s no release dates are known here; write a version instead of %s", engine, day);
        return days.descendingMap().entrySet().stream()
                .filter(release -> !release.getValue().isAfter(day))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no version of " + engine
                        + " with facts known here was out on " + day + "; the first is "
                        + days.firstEntry().getKey() + " of "
                        + days.firstEntry().getValue()));
    }
}
