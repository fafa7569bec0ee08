package io.llmsizing.calibration;

import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.Multimaps;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/** Sorts residuals by engine, family and term, and says what band and what accuracy follow from them. */
public final class Calibrator {
    private static final Comparator<Group> ORDER = Comparator.comparing(Group::engine)
            .thenComparing(
                    Group::family,
                    Comparator.comparing(
                            family -> family.orElse(null),
                            Comparator.nullsFirst(Comparator.<ModelFamily>naturalOrder())))
            .thenComparing(Group::term);

    private Calibrator() {}

    /**
     * What is counted together.
     *
     * @param engine its name
     * @param family of models, or all of them
     * @param term which figure
     */
    public record Group(String engine, Optional<ModelFamily> family, Term term) {}

    /**
     * Residuals by engine and term, families together.
     *
     * @param residuals in any order
     * @return in order, without empty groups
     */
    public static SortedMap<Group, List<Residual>> byTerm(Collection<Residual> residuals) {
        return grouped(Multimaps.index(
                residuals,
                residual -> new Group(residual.observation().setup().engine(), Optional.empty(), residual.term())));
    }

    /**
     * Residuals by engine, family and term.
     *
     * @param residuals in any order
     * @return in order, without empty groups
     */
    public static SortedMap<Group, List<Residual>> byFamily(Collection<Residual> residuals) {
        return grouped(Multimaps.index(
                residuals,
                residual -> new Group(
                        residual.observation().setup().engine(), Optional.of(residual.family()), residual.term())));
    }

    private static SortedMap<Group, List<Residual>> grouped(ImmutableListMultimap<Group, Residual> index) {
        SortedMap<Group, List<Residual>> groups = new TreeMap<>(ORDER);
        index.asMap().forEach((group, residuals) -> groups.put(group, List.copyOf(residuals)));
        return groups;
    }

    /**
     * How many figures are inside the band that is made without them.
     *
     * @param residuals of one group
     * @return nothing where the others of a group are too few for a band
     */
    public static OptionalInt heldOut(List<Residual> residuals) {
        if (residuals.size() <= ErrorBand.LEAST) {
            return OptionalInt.empty();
        }
        int inside = 0;
        for (int out = 0; out < residuals.size(); out++) {
            long[] others = new long[residuals.size() - 1];
            for (int i = 0; i < others.length; i++) {
                others[i] = residuals.get(i < out ? i : i + 1).observedShare();
            }
            Residual residual = residuals.get(out);
            inside += ErrorBand.of(others).filter(residual::isWithin).isPresent() ? 1 : 0;
        }
        return OptionalInt.of(inside);
    }

    /**
     * The bands that follow from residuals.
     *
     * @param groups as {@link #byTerm} or {@link #byFamily} sorts them
     * @return a band for every group with enough rows
     */
    public static SortedMap<Group, ErrorBand> bands(Map<Group, List<Residual>> groups) {
        ImmutableSortedMap.Builder<Group, ErrorBand> bands = new ImmutableSortedMap.Builder<>(ORDER);
        groups.forEach((group, residuals) -> ErrorBand.of(
                        residuals.stream().mapToLong(Residual::observedShare).toArray())
                .ifPresent(band -> bands.put(group, band)));
        return bands.build();
    }
}
