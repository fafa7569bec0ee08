package io.llmsizing.engine;

import com.google.common.collect.Sets;
import io.llmsizing.document.CsvTable;
import io.llmsizing.document.MalformedFileException;
import io.llmsizing.engine.EngineVersion.Counting;
import io.llmsizing.ledger.Assumption;
import io.llmsizing.units.Ratio;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The facts of one engine by version, from {@code catalog/engines/<engine>.csv}: a row says from which version on a
 * constant has a value. Between two rows the older one holds.
 */
final class EngineFacts {
    private static final List<String> COLUMNS = List.of("since", "constant", "value", "low", "high", "unit", "source");

    private final String engine;
    private final Counting counting;
    private final TreeSet<EngineVersion> versions = new TreeSet<>();
    private final Map<String, TreeMap<EngineVersion, EngineConstant>> constants = new TreeMap<>();

    private EngineFacts(String engine, CsvTable table, Counting counting) {
        this.engine = engine;
        this.counting = counting;
        for (CsvTable.Row row : table.rows()) {
            EngineVersion since = since(row);
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

    private EngineVersion since(CsvTable.Row row) {
        try {
            return stated(row.required("since"));
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
        return bundled(engine, Counting.MINOR);
    }

    static EngineFacts bundled(String engine, Counting counting) {
        String resource = "/io/llmsizing/catalog/engines/" + engine + ".csv";
        try (InputStream bytes = Objects.requireNonNull(EngineFacts.class.getResourceAsStream(resource), resource)) {
            return new EngineFacts(engine, CsvTable.read(bytes, "engines/" + engine + ".csv", COLUMNS), counting);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** A version as facts write it: three numbers count. */
    private EngineVersion stated(String text) {
        return counting == Counting.BUILD ? EngineVersion.parseBuild(text) : EngineVersion.parsePatch(text);
    }

    /**
     * A version as users write it, or the day or month on which it was the newest.
     *
     * @param title the engine's name as people write it
     * @param text such as {@code 0.19.0} or {@code 2025-07}
     * @return the version with what is taken for granted about it
     * @throws IllegalArgumentException if it is none, or older than all facts
     */
    AskedVersion asked(String title, String text) {
        Optional<LocalDate> day = EngineReleases.lastDay(text);
        if (day.isEmpty()) {
            EngineVersion version = version(text);
            return new AskedVersion(version, takenFor(title, version));
        }
        Map.Entry<EngineVersion, LocalDate> release =
                new EngineReleases(engine, this::stated).newestBy(day.orElseThrow());
        EngineVersion out = release.getKey();
        EngineVersion version =
                counting == Counting.MINOR ? byMinor(out.saysPatch() ? out.toString() : out + ".0") : out;
        return new AskedVersion(
                version,
                List.of(new Assumption(
                        "engine version",
                        title + " of " + text.strip() + " is taken as " + version
                                + ", the newest by then that has facts here (out by " + release.getValue() + ")")));
    }

    /**
     * A version as users write it.
     *
     * @throws IllegalArgumentException if it is none, naming those that have facts of their own
     */
    EngineVersion version(String text) {
        try {
            return counting == Counting.MINOR ? byMinor(text) : stated(text);
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException(
                    malformed.getMessage() + "; known of " + engine + ": "
                            + versions.stream().map(EngineVersion::toString).collect(Collectors.joining(", ")),
                    malformed);
        }
    }

    /** By how much loaded weights may differ in a version. */
    LoadedBands loadedBands(EngineVersion version) {
        return LoadedBands.of(engine, version, this::stated);
    }

    /** Two numbers, unless the third is one before a change within them. */
    private EngineVersion byMinor(String text) {
        EngineVersion plain = EngineVersion.parse(text);
        EngineVersion last = versions.floor(plain.newestPatch());
        if (last == null || !last.hasSameMinor(plain) || !last.saysPatch()) {
            return plain;
        }
        EngineVersion patched = EngineVersion.parsePatch(text);
        boolean changedSince = patched.saysPatch() && patched.compareTo(last) < 0;
        return changedSince ? patched : plain.newestPatch();
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
        if (versions.size() == 1) {
            return List.of(new Assumption(
                    "engine version", "one set of facts serves all versions of " + title + " from " + known + " on"));
        }
        boolean own = counting == Counting.MINOR ? known.hasSameMinor(asked) : known.isSameRelease(asked);
        return own
                ? List.of()
                : List.of(new Assumption("engine version", title + " " + asked + " " + since(known, asked)));
    }

    /** Between two versions with facts nothing is known to change; of what is behind the newest nothing is known. */
    private String since(EngineVersion known, EngineVersion asked) {
        EngineVersion next = versions.higher(asked);
        return next == null
                ? "is newer than all facts here; those of " + known + " are used"
                : "is sized as " + known + ": nothing that is known here changed between that and " + next;
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
