package io.llmsizing.report;

import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.Multimaps;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.NodeType;
import io.llmsizing.hardware.Reading;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What is known of a device or a type of machine, figure by figure, with where each was read. */
public final class HardwareReport {
    private HardwareReport() {}

    /**
     * The readings of a device for people.
     *
     * @param accelerator the device
     * @param readings what sources say about it
     * @return lines ending in line feeds; sources that disagree stand below each other
     */
    public static String of(Accelerator accelerator, List<Reading> readings) {
        List<String> lines = new ArrayList<>();
        lines.add(accelerator.name() + "  (" + accelerator.id() + ")");
        lines.add("  usable memory " + accelerator.memory().evidence());
        lines.addAll(said(readings, accelerator.source(), accelerator.retrieved()));
        return joined(lines);
    }

    /**
     * The readings of a type of machine for people.
     *
     * @param type the type of machine
     * @param readings what sources say about it
     * @return lines ending in line feeds; sources that disagree stand below each other
     */
    public static String of(NodeType type, List<Reading> readings) {
        List<String> lines = new ArrayList<>();
        lines.add(type.node().name() + "  (" + type.id() + ")");
        lines.add("  " + type.node());
        lines.addAll(said(readings, type.source(), type.retrieved()));
        return joined(lines);
    }

    /** Figure by figure; the source of the entry where there is no reading of its figures. */
    private static List<String> said(List<Reading> readings, String source, String retrieved) {
        List<String> lines = new ArrayList<>();
        byField(readings).asMap().forEach((field, said) -> {
            boolean disputed = said.stream().map(Reading::value).distinct().count() > 1;
            lines.add("  " + field + (disputed ? "  (sources disagree)" : ""));
            said.forEach(reading -> lines.add(String.format(
                    Locale.ROOT,
                    "    %s%s  [%s, %s]",
                    reading.value(),
                    reading.condition().isEmpty() ? "" : "  " + reading.condition(),
                    reading.source(),
                    reading.retrieved())));
        });
        if (readings.isEmpty()) {
            lines.add("  " + source + "  [" + retrieved + "]");
        }
        return lines;
    }

    private static String joined(List<String> lines) {
        return String.join("\n", lines) + "\n";
    }

    private static ImmutableListMultimap<String, Reading> byField(List<Reading> readings) {
        return Multimaps.index(readings, Reading::field);
    }

    /**
     * Readings for programs.
     *
     * @param readings what sources say
     * @return for each figure a list of values, each with its condition, source and day
     */
    public static Map<String, Object> json(List<Reading> readings) {
        Map<String, Object> fields = new LinkedHashMap<>();
        byField(readings)
                .asMap()
                .forEach((field, said) -> fields.put(
                        field,
                        said.stream()
                                .map(reading -> {
                                    Map<String, Object> one = new LinkedHashMap<>();
                                    one.put("value", reading.value());
                                    one.put("condition", reading.condition());
                                    one.put("source", reading.source());
                                    one.put("retrieved", reading.retrieved());
                                    return one;
                                })
                                .toList()));
        return fields;
    }
}
