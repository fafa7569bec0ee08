package io.llmsizing.planner;

import io.llmsizing.Deployment;
import io.llmsizing.Footprint;
import io.llmsizing.Sizing;
import io.llmsizing.Verdict;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.units.Exact;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * A deployment that fits for sure, with what speaks for and against it.
 *
 * @param deployment everything spelled out
 * @param devices that it takes, one for each rank
 * @param nodes machines that these stand in, the last perhaps in part
 * @param maxSequences sequences of the context asked for that it holds for sure
 * @param maxContext tokens of the longest context that it holds for sure, with as many sequences as were asked for
 * @param headroom bytes that the tightest rank has left, as in a verdict
 * @param dollarsPerHour what the machines cost that it is on, whole ones; empty where a price is not known
 */
public record Plan(
        Deployment deployment,
        int devices,
        int nodes,
        long maxSequences,
        long maxContext,
        long headroom,
        Optional<BigDecimal> dollarsPerHour) {
    static Plan of(Deployment deployment, PriceList prices) {
        Footprint footprint = deployment.footprint();
        long tokens = deployment.workload().contextTokens();
        long sequences = deployment.workload().sequences();
        int tightest = footprint.tightestStage(tokens, sequences);
        int devices = deployment.layout().ranks();
        Cluster cluster = deployment.cluster();
        return new Plan(
                deployment,
                devices,
                nodes(cluster, devices),
                Sizing.mostSequences(deployment),
                Sizing.longestContext(deployment),
                footprint.budget(tightest) - footprint.bytes(tightest, tokens, sequences),
                prices.dollarsPerHour(cluster, devices));
    }

    /** Machines that the first devices of a cluster stand in. */
    static int nodes(Cluster cluster, int devices) {
        int nodes = 0;
        long left = devices;
        for (Cluster.Group group : cluster.groups()) {
            long width = group.node().deviceCount();
            long taken = Math.min(group.count(), Exact.ceilDiv(Math.max(left, 0), width));
            nodes += (int) taken;
            left -= taken * width;
        }
        return nodes;
    }

    /**
     * The verdict with all its figures.
     *
     * @return that it fits
     */
    public Verdict verdict() {
        return Sizing.size(deployment);
    }
}
