package io.llmsizing.planner;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A cross product of questions by names, and a slice of it. Points are numbered with models outermost, then accelerators, counts,
 * weights, contexts, and sequences innermost. Its text form is a line that parses back to an equal space.
 *
 * <p>Worked value: 533 models x 130 accelerators x 4 counts x 4 formats x 1 context x 1 number of sequences are 1,108,640 points.
 *
 * @param models names, at least one
 * @param accelerators names, at least one
 * @param counts devices in the one machine, each 1 to 1,024
 * @param weights names of formats, at least one
 * @param contexts tokens, each 1 or more
 * @param sequences held at once, each 1 to 2^31
 * @param engine name, or empty for each accelerator's usual one
 * @param from the first point of the slice
 * @param to the point behind the last of the slice
 */
public record SweepSpace(
        List<String> models,
        List<String> accelerators,
        List<Integer> counts,
        List<String> weights,
        List<Long> contexts,
        List<Long> sequences,
        String engine,
        long from,
        long to) {
    private static final Splitter PARTS = Splitter.on(';');
    private static final Splitter NAMES = Splitter.on(',');
    private static final int FIELDS = 9;

    /**
     * Checks ranges.
     *
     * @param models as documented above
     * @param accelerators as documented above
     * @param counts as documented above
     * @param weights as documented above
     * @param contexts as documented above
     * @param sequences as documented above
     * @param engine as documented above
     * @param from as documented above
     * @param to as documented above
     * @throws IllegalArgumentException naming an empty axis, a number out of range, or a slice that is not inside
     * @throws ArithmeticException if there are over 2^63 points
     */
    public SweepSpace {
        models = ImmutableList.copyOf(models);
        accelerators = ImmutableList.copyOf(accelerators);
        counts = ImmutableList.copyOf(counts);
        weights = ImmutableList.copyOf(weights);
        contexts = ImmutableList.copyOf(contexts);
        sequences = ImmutableList.copyOf(sequences);
        for (Collection<?> axis : List.of(models, accelerators, counts, weights, contexts, sequences)) {
            checkArgument(!axis.isEmpty() && !axis.contains(""), "a sweep along %s; every axis needs values", axis);
        }
        counts.forEach(count -> check("devices", count, 1 << 10));
        contexts.forEach(tokens -> check("tokens", tokens, 1L << 40));
        sequences.forEach(held -> check("sequences", held, 1L << 31));
        long all = Math.multiplyExact(models.size(), perModel(accelerators, counts, weights, contexts, sequences));
        checkArgument(0 <= from && from <= to && to <= all, "points %s to %s; 0 to %s allowed", from, to, all);
    }

    private static void check(String what, long value, long most) {
        checkArgument(value >= 1 && value <= most, "%s %s; 1 to %s allowed", value, what, most);
    }

    private static long perModel(List<?>... axes) {
        long points = 1;
        for (List<?> axis : axes) {
            points = Math.multiplyExact(points, (long) axis.size());
        }
        return points;
    }

    /**
     * The whole of a cross product, under usual engines.
     *
     * @param models as documented above
     * @param accelerators as documented above
     * @param counts as documented above
     * @param weights as documented above
     * @param contexts as documented above
     * @param sequences as documented above
     * @return all its points
     * @throws IllegalArgumentException as the constructor
     */
    public static SweepSpace of(
            List<String> models,
            List<String> accelerators,
            List<Integer> counts,
            List<String> weights,
            List<Long> contexts,
            List<Long> sequences) {
        long all =
                Math.multiplyExact((long) models.size(), perModel(accelerators, counts, weights, contexts, sequences));
        return new SweepSpace(models, accelerators, counts, weights, contexts, sequences, "", 0, all);
    }

    /**
     * The same under one engine.
     *
     * @param name of the engine, empty for usual ones
     * @return a space
     */
    public SweepSpace engine(String name) {
        return new SweepSpace(models, accelerators, counts, weights, contexts, sequences, name, from, to);
    }

    /**
     * Points of this slice.
     *
     * @param first counted from this slice's own first
     * @param behind the point behind the last
     * @return a slice that knows all names
     * @throws IllegalArgumentException if it is not inside this one
     */
    public SweepSpace slice(long first, long behind) {
        checkArgument(
                0 <= first && first <= behind && behind <= size(),
                "points %s to %s; 0 to %s allowed",
                first,
                behind,
                size());
        return new SweepSpace(
                models, accelerators, counts, weights, contexts, sequences, engine, from + first, from + behind);
    }

    /**
     * Points of the slice.
     *
     * @return 0 or more
     */
    public long size() {
        return to - from;
    }

    /** Points that one model, machine and format have. */
    int grid() {
        return Math.multiplyExact(contexts.size(), sequences.size());
    }

    /** Points that one model has. */
    long perModel() {
        return perModel(accelerators, counts, weights, contexts, sequences);
    }

    /**
     * A space from its text form.
     *
     * @param text as {@link #toString} gives it
     * @return the space
     * @throws IllegalArgumentException saying what is wrong
     */
    public static SweepSpace parse(String text) {
        List<String> parts = PARTS.splitToList(text);
        checkArgument(
                parts.size() == FIELDS,
                "'%s' has %s parts; models;accelerators;counts;weights;contexts;sequences;engine;from;to needed",
                text,
                parts.size());
        return new SweepSpace(
                names(parts.get(0)),
                names(parts.get(1)),
                names(parts.get(2)).stream().map(Integer::valueOf).toList(),
                names(parts.get(3)),
                names(parts.get(4)).stream().map(Long::valueOf).toList(),
                names(parts.get(5)).stream().map(Long::valueOf).toList(),
                URLDecoder.decode(parts.get(6), StandardCharsets.UTF_8),
                Long.parseLong(parts.get(7)),
                Long.parseLong(parts.get(8)));
    }

    private static List<String> names(String part) {
        return NAMES.splitToStream(part)
                .map(name -> URLDecoder.decode(name, StandardCharsets.UTF_8))
                .toList();
    }

    private static String joined(List<?> axis) {
        return axis.stream()
                .map(value -> URLEncoder.encode("" + value, StandardCharsets.UTF_8))
                .collect(Collectors.joining(","));
    }

    @Override
    public String toString() {
        return String.join(
                ";",
                joined(models),
                joined(accelerators),
                joined(counts),
                joined(weights),
                joined(contexts),
                joined(sequences),
                joined(List.of(engine)),
                "" + from,
                "" + to);
    }
}
