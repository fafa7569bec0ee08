package io.llmsizing.planner;

import io.llmsizing.Deployment;
import io.llmsizing.InvalidLayoutException;
import io.llmsizing.LayoutSeries;
import io.llmsizing.Sizing;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.parallel.ParallelLayout;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sizes every layout of every space, and keeps what no other beats. */
final class Search {
    private final Objective objective;
    private final PriceList prices;
    private final List<Plan> plans = new ArrayList<>();
    private final List<Space> spaces = new ArrayList<>();
    private long considered;
    private @Nullable Deployment nearest;
    private @Nullable InvalidLayoutException refused;

    /**
     * Layouts of one engine with its formats.
     *
     * @param layouts where ranks may go
     * @param series the deployment of each
     * @param weightsRank how far down the list of weight schemes its own is
     * @param cacheRank the same of the cache
     */
    record Space(LayoutSpace layouts, LayoutSeries series, int weightsRank, int cacheRank) {}

    Search(Objective objective, PriceList prices) {
        this.objective = objective;
        this.prices = prices;
    }

    void on(Cluster machines, List<Space> offered) {
        Frontier frontier = new Frontier(objective);
        for (Space space : offered) {
            List<ParallelLayout> layouts = space.layouts().layouts();
            if (layouts.isEmpty()) {
                refused = refused == null ? space.layouts().refusal() : refused;
            }
            for (ParallelLayout layout : layouts) {
                Deployment deployment = space.series().with(layout);
                considered++;
                if (Sizing.fits(deployment)) {
                    frontier.add(new Frontier.Candidate(
                            Plan.of(deployment, prices), space.weightsRank(), space.cacheRank()));
                } else if (nearest == null || Plans.shortfall(deployment) < Plans.shortfall(nearest)) {
                    nearest = deployment;
                }
            }
        }
        spaces.addAll(offered);
        plans.addAll(frontier.plans());
    }

    /** Whether the same is to be had of the same devices in no more machines for no more money, which other offers may have. */
    private static boolean isSameForNoMore(Plan one, Plan other) {
        Deployment mine = one.deployment();
        Deployment its = other.deployment();
        boolean same = one.maxSequences() == other.maxSequences()
                && one.maxContext() == other.maxContext()
                && mine.layout().equals(its.layout())
                && mine.weights().equals(its.weights())
                && mine.cache().equals(its.cache())
                && mine.engine().equals(its.engine())
                && isOneKind(mine.cluster())
                && isOneKind(its.cluster())
                && mine.cluster().firstAccelerator().equals(its.cluster().firstAccelerator());
        if (!same || one.dollarsPerHour().isPresent() != other.dollarsPerHour().isPresent()) {
            return false;
        }
        int price = one.dollarsPerHour()
                .orElse(BigDecimal.ZERO)
                .compareTo(other.dollarsPerHour().orElse(BigDecimal.ZERO));
        return one.nodes() <= other.nodes() && price <= 0;
    }

    private static boolean isOneKind(Cluster cluster) {
        return cluster.runs().size() == 1;
    }

    Plans plans() {
        if (considered == 0 && refused != null) {
            throw refused;
        }
        plans.sort(objective);
        List<Plan> offered = List.copyOf(plans);
        plans.clear();
        for (Plan plan : offered) {
            if (plans.stream().noneMatch(other -> isSameForNoMore(other, plan))) {
                plans.removeIf(other -> isSameForNoMore(plan, other));
                plans.add(plan);
            }
        }
        return new Plans(plans, spaces, considered, plans.isEmpty() ? Optional.ofNullable(nearest) : Optional.empty());
    }
}
