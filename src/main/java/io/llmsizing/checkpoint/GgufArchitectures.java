package io.llmsizing.checkpoint;

import com.google.common.base.Strings;
import io.llmsizing.document.Bundled;
import io.llmsizing.document.CsvTable;
import io.llmsizing.reader.UnsupportedArchitectureException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The architectures of {@code gguf-architectures.csv} and, of each type that they may be, the rules of {@code gguf-keys.csv}. */
final class GgufArchitectures {
    private static final int MOST_SUGGESTIONS = 4;
    private static final String EVERY_TYPE = "*";
    private static final String KNOWN = "known";
    private static final String UNCOUNTED = "uncounted";
    private static final Map<String, List<Case>> ARCHITECTURES = architectures();
    private static final Map<String, List<Rule>> RULES = rules();
    private static final Set<String> WITH_SIZE = withSize();

    private GgufArchitectures() {}

    /** A type that an architecture may be, and when. */
    private record Case(GgufExpression.Node when, String modelType) {}

    /** How a key of a config follows. */
    record Rule(String key, String text, GgufExpression.@Nullable Node value) {
        boolean isAboutWhatIsNotCounted() {
            return key.equals(UNCOUNTED);
        }
    }

    private static Map<String, List<Case>> architectures() {
        Map<String, List<Case>> cases = new LinkedHashMap<>();
        for (CsvTable.Row row : Bundled.rows(
                GgufArchitectures.class, "gguf-architectures.csv", List.of("architecture", "when", "model_type"))) {
            String when = row.text("when");
            cases.computeIfAbsent(row.required("architecture"), name -> new ArrayList<>())
                    .add(new Case(GgufExpression.parse(when.isEmpty() ? "true" : when), row.required("model_type")));
        }
        return cases;
    }

    private static Map<String, List<Rule>> rules() {
        Map<String, List<Rule>> rules = new LinkedHashMap<>();
        for (CsvTable.Row row :
                Bundled.rows(GgufArchitectures.class, "gguf-keys.csv", List.of("model_type", "config_key", "value"))) {
            String key = row.required("config_key");
            String value = row.required("value");
            rules.computeIfAbsent(row.required("model_type"), name -> new ArrayList<>())
                    .add(new Rule(key, value, isNoValue(key) ? null : GgufExpression.parse(value)));
        }
        return rules;
    }

    private static boolean isNoValue(String key) {
        return key.equals(KNOWN) || key.equals(UNCOUNTED);
    }

    /** Keys from which some architecture takes a size. */
    private static Set<String> withSize() {
        return RULES.values().stream()
                .flatMap(List::stream)
                .flatMap(rule -> Stream.of(rule.text().split("[^a-z0-9_.]+", -1)))
                .filter(word -> word.contains("_"))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Every architecture, in the table's order. */
    static Set<String> names() {
        return Collections.unmodifiableSet(ARCHITECTURES.keySet());
    }

    /** Whether some architecture takes a size from a key. */
    static boolean takesSizeFrom(String suffix) {
        return WITH_SIZE.contains(suffix);
    }

    /** The type that a file's architecture is, or is for what the file says. */
    static String modelType(GgufMetadata metadata, GgufSizes sizes) {
        String architecture = metadata.architecture();
        List<Case> cases = ARCHITECTURES.get(architecture);
        if (cases == null) {
            throw new UnsupportedArchitectureException(
                    metadata.file() + ": general.architecture",
                    "\"" + architecture + "\": not known; of " + ARCHITECTURES.size()
                            + " known architectures the nearest are " + nearest(architecture));
        }
        return cases.stream()
                .filter(candidate -> candidate.when().value(sizes).equals(true))
                .findFirst()
                .orElseThrow()
                .modelType();
    }

    private static String nearest(String architecture) {
        return ARCHITECTURES.keySet().stream()
                .sorted(Comparator.comparingInt((String known) ->
                                -Strings.commonPrefix(known, architecture).length())
                        .thenComparingInt(String::length))
                .limit(MOST_SUGGESTIONS)
                .collect(Collectors.joining(", "));
    }

    /** The rules for all, less those that the type has its own for, and then the type's. */
    static List<Rule> rulesOf(String modelType) {
        List<Rule> own = RULES.getOrDefault(modelType, List.of());
        Set<String> keys = own.stream().map(Rule::key).collect(Collectors.toSet());
        return Stream.concat(
                        Objects.requireNonNull(RULES.get(EVERY_TYPE)).stream()
                                .filter(rule -> !keys.contains(rule.key())),
                        own.stream())
                .toList();
    }
}
