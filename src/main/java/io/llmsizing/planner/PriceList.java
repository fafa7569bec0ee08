package io.llmsizing.planner;

import io.llmsizing.hardware.Cluster;
import io.llmsizing.hardware.Node;
import io.llmsizing.units.Exact;
import java.math.BigDecimal;
import java.util.Optional;

/** What machines cost by the hour. */
@FunctionalInterface
public interface PriceList {
    /** No price is known. */
    PriceList UNKNOWN = node -> Optional.empty();

    /**
     * The price of one machine.
     *
     * @param node the machine
     * @return US dollars an hour, or nothing where it is not known
     */
    Optional<BigDecimal> dollarsPerHour(Node node);

    /**
     * The price of the machines that the first devices of a cluster stand in: whole machines, since none is let in parts.
     *
     * @param cluster the machines
     * @param devices taken of it, 1 or more
     * @return US dollars an hour, or nothing where the price of one of them is not known
     */
    default Optional<BigDecimal> dollarsPerHour(Cluster cluster, int devices) {
        BigDecimal sum = BigDecimal.ZERO;
        long left = devices;
        for (Cluster.Group group : cluster.groups()) {
            if (left <= 0) {
                break;
            }
            long width = group.node().deviceCount();
            long taken = Math.min(group.count(), Exact.ceilDiv(left, width));
            Optional<BigDecimal> each = dollarsPerHour(group.node());
            if (each.isEmpty()) {
                return Optional.empty();
            }
            sum = sum.add(each.get().multiply(BigDecimal.valueOf(taken)));
            left -= taken * width;
        }
        return Optional.of(sum);
    }
}
