package io.llmsizing.report;

import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.Multimaps;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.Reading;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What is known of a device, figure by figure, with where each was read. */
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
            lines.add("  " + accelerator.source() + "  [" + accelerator.retrieved() + "]");
        }
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
