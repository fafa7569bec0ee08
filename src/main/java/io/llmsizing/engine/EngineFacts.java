package io.llmsizing.engine;

import com.google.common.collect.Sets;
import io.llmsizing.document.CsvTable;
import io.llmsizing.document.MalformedFileException;
import io.llmsizing.ledger.Assumption;
import io.llmsizing.units.Ratio;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The facts of one engine by version, from {@code catalog/engines/<engine>.csv}: a row says from which version on a
 * constant has a value. Between two rows the older one holds.
 */
final class EngineFacts {
    private static final List<String> COLUMNS = List.of("since", "constant", "value", "low", "high", "unit", "source");

    private final String engine;
    private final Function<String, EngineVersion> reading;
    private final TreeSet<EngineVersion> versions = new TreeSet<>();
    private final Map<String, TreeMap<EngineVersion, EngineConstant>> constants = new TreeMap<>();

    private EngineFacts(String engine, CsvTable table, Function<String, EngineVersion> versions) {
        this.engine = engine;
        this.reading = versions;
        for (CsvTable.Row row : table.rows()) {
            EngineVersion since = version(row, versions);
            Ratio value = ratio(row, "value");
            Ratio low = row.text("low").isEmpty() ? value : ratio(row, "low");
            Ratio high = row.text("high").isEmpty() ? value : ratio(row, "high");
            if (Ratio.compare(low, value) > 0 || Ratio.compare(value, high) > 0) {
                throw row.problem("low", low + " to " + high + " does not hold the value " + value);
            }
            this.versions.add(since);
            EngineConstant before = constants
                    .computeIfAbsent(row.required("constant"), name -> new TreeMap<>())
                    .put(since, new EngineConstant(value, low, high, row.required("unit"), row.required("source")));
            if (before != null) {
                throw row.problem("constant", row.text("constant") + " has two values since " + since);
            }
        }
    }

    private static EngineVersion version(CsvTable.Row row, Function<String, EngineVersion> versions) {
        try {
            return versions.apply(row.required("since"));
        } catch (MalformedFileException placed) {
            throw placed;
        } catch (IllegalArgumentException malformed) {
            throw row.problem("since", String.valueOf(malformed.getMessage()));
        }
    }

    private static Ratio ratio(CsvTable.Row row, String column) {
        try {
            return Ratio.parse(row.required(column));
        } catch (MalformedFileException placed) {
            throw placed;
        } catch (IllegalArgumentException malformed) {
            throw row.problem(column, String.valueOf(malformed.getMessage()));
        }
    }

    static EngineFacts bundled(String engine) {
        return bundled(engine, EngineVersion::parse);
    }

    static EngineFacts bundled(String engine, Function<String, EngineVersion> versions) {
        String resource = "/io/llmsizing/catalog/engines/" + engine + ".csv";
        try (InputStream bytes = Objects.requireNonNull(EngineFacts.class.getResourceAsStream(resource), resource)) {
            return new EngineFacts(engine, CsvTable.read(bytes, "engines/" + engine + ".csv", COLUMNS), versions);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /**
     * A version as users write it.
     *
     * @throws IllegalArgumentException if it is none, naming those that have facts of their own
     */
    EngineVersion version(String text) {
        try {
            return reading.apply(text);
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException(
                    malformed.getMessage() + "; known of " + engine + ": "
                            + versions.stream().map(EngineVersion::toString).collect(Collectors.joining(", ")),
                    malformed);
        }
    }

    /** By how much loaded weights may differ in a version. */
    LoadedBands loadedBands(EngineVersion version) {
        return LoadedBands.of(engine, version, reading);
    }

    EngineVersion newest() {
        return versions.last();
    }

    /** The newest version with facts of its own that is not newer than the one asked for. */
    EngineVersion knownFor(EngineVersion asked) {
        EngineVersion known = versions.floor(asked);
        if (known == null) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "%s %s is older than the facts known here; they begin with %s and end with %s",
                    engine,
                    asked,
                    versions.first(),
                    versions.last()));
        }
        return known;
    }

    /**
     * What is taken for granted about a version.
     *
     * @param title the engine's name as people write it
     * @param asked the version
     * @return none where it has facts of its own
     */
    List<Assumption> takenFor(String title, EngineVersion asked) {
        EngineVersion known = knownFor(asked);
        return known.equals(asked)
                ? List.of()
                : List.of(new Assumption(
                        "engine version",
                        title + " " + asked + " has no facts of its own here; those of " + known + " are used"));
    }

    /** Those whose facts say 1. */
    Set<EngineFeature> features(EngineVersion version) {
        return Arrays.stream(EngineFeature.values())
                .filter(feature -> constants.containsKey(feature.constant()))
                .filter(feature -> constant(feature.constant(), version).whole() == 1)
                .collect(Sets.toImmutableEnumSet());
    }

    EngineConstant constant(String name, EngineVersion version) {
        Map.Entry<EngineVersion, EngineConstant> entry =
                constants.getOrDefault(name, new TreeMap<>()).floorEntry(version);
        if (entry == null) {
            throw new IllegalStateException("engines/" + engine + ".csv has no " + name + " for " + version);
        }
        return entry.getValue();
    }
}
