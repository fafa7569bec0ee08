package io.llmsizing.planner;

import io.llmsizing.Deployment;
import io.llmsizing.InvalidLayoutException;
import io.llmsizing.LayoutSeries;
import io.llmsizing.Sizing;
import io.llmsizing.parallel.ParallelLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sizes every layout of every space, and keeps what no other beats. */
final class Search {
    private static final Comparator<Candidate> SIMPLEST_FIRST = Comparator.<Candidate>comparingInt(
                    candidate -> candidate.layout().pipeline())
            .thenComparingInt(candidate -> candidate.layout().context())
            .thenComparingInt(candidate -> candidate.plan().nodes())
            .thenComparing(Candidate::toString);

    private final Objective objective;
    private final PriceList prices;
    private final List<Candidate> found = new ArrayList<>();
    private final List<Space> spaces = new ArrayList<>();
    private long considered;
    private @Nullable Deployment nearest;
    private final Set<String> leftOut = new LinkedHashSet<>();
    private @Nullable IllegalArgumentException refused;

    /**
     * Layouts of one engine with its formats.
     *
     * @param layouts where ranks may go
     * @param series the deployment of each
     * @param weightsRank how far down the list of weight schemes its own is
     * @param cacheRank the same of the cache
     */
    record Space(LayoutSpace layouts, LayoutSeries series, int weightsRank, int cacheRank) {
        Candidate candidate(Deployment deployment, PriceList prices) {
            return new Candidate(Plan.of(deployment, prices), weightsRank, cacheRank);
        }
    }

    Search(Objective objective, PriceList prices) {
        this.objective = objective;
        this.prices = prices;
    }

    /** Whether any layout of some spaces fits for sure. */
    boolean hasFitting(Space space) {
        for (ParallelLayout layout : layouts(space)) {
            if (sized(space, layout).filter(Sizing::fits).isPresent()) {
                return true;
            }
        }
        return false;
    }

    /** Sizes the layouts of an offer that are on more than so many devices. */
    void on(List<Space> offered, int known) {
        Frontier frontier = new Frontier(objective);
        for (Space space : offered) {
            @Nullable IllegalArgumentException before = refused;
            refused = null;
            boolean isTried = false;
            for (ParallelLayout layout : layouts(space)) {
                if (layout.ranks() > known) {
                    Optional<Deployment> sized = sized(space, layout);
                    isTried |= sized.isPresent();
                    sized.filter(Sizing::fits).ifPresent(fitting -> frontier.add(space.candidate(fitting, prices)));
                }
            }
            if (!isTried && refused != null && !(refused instanceof InvalidLayoutException)) {
                leftOut.add(String.valueOf(refused.getMessage()));
            }
            refused = before == null ? refused : before;
        }
        spaces.addAll(offered);
        found.addAll(frontier.candidates());
    }

    /** None where no layout can be. */
    private List<ParallelLayout> layouts(Space space) {
        List<ParallelLayout> layouts = space.layouts().layouts();
        if (layouts.isEmpty()) {
            refuse(space.layouts().refusal());
        }
        return layouts;
    }

    private void refuse(IllegalArgumentException reason) {
        refused = refused == null ? reason : refused;
    }

    /** Nothing where the layout can't be, or the engine has not what is asked for in it. */
    private Optional<Deployment> sized(Space space, ParallelLayout layout) {
        Deployment deployment;
        try {
            deployment = space.series().with(layout);
        } catch (IllegalArgumentException impossible) {
            refuse(impossible);
            return Optional.empty();
        }
        considered++;
        if (!Sizing.fits(deployment) && (nearest == null || Plans.shortfall(deployment) < Plans.shortfall(nearest))) {
            nearest = deployment;
        }
        return Optional.of(deployment);
    }

    /**
     * What was found, in an order that offers have no part in.
     *
     * @param fixed keys of settings that remedies are to keep
     * @param spareNodes machines that stay idle
     */
    Plans plans(Set<String> fixed, int spareNodes) {
        if (found.isEmpty() && nearest == null && refused != null) {
            throw refused;
        }
        found.sort(Comparator.comparing(Candidate::plan, objective).thenComparing(SIMPLEST_FIRST));
        Map<Object, Frontier> rivals = new HashMap<>();
        for (Candidate candidate : found) {
            rivals.computeIfAbsent(candidate.rivals(), unseen -> new Frontier(objective))
                    .add(candidate);
        }
        Set<Candidate> unbeaten = Collections.newSetFromMap(new IdentityHashMap<>());
        rivals.values().forEach(frontier -> unbeaten.addAll(frontier.candidates()));
        return new Plans(
                found.stream().filter(unbeaten::contains).toList(),
                spaces,
                objective,
                prices,
                considered,
                Optional.ofNullable(nearest),
                fixed,
                spareNodes,
                leftOut);
    }
}
