package io.llmsizing.planner;

import static com.google.common.base.Preconditions.checkArgument;

import io.llmsizing.hardware.Cluster;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The prices of all kinds of machines of a fleet as whole numbers of one unit; none where one is not known. */
final class FleetPrices {
    private final List<BigDecimal> dollars;

    private FleetPrices(List<BigDecimal> dollars) {
        this.dollars = dollars;
    }

    static FleetPrices of(Cluster machines, PriceList list) {
        List<BigDecimal> dollars = new ArrayList<>();
        for (Cluster.Group group : machines.groups()) {
            Optional<BigDecimal> price = list.dollarsPerHour(group.node());
            if (price.isEmpty()) {
                return new FleetPrices(List.of());
            }
            checkArgument(
                    price.get().signum() >= 0,
                    "a price of %s an hour for %s; 0 or more allowed",
                    price.get(),
                    group.node());
            dollars.add(price.get());
        }
        return new FleetPrices(dollars);
    }

    boolean areKnown() {
        return !dollars.isEmpty();
    }

    /** The price in the finest unit that any of them has; 0 where prices are not known. */
    long units(int kind) {
        if (dollars.isEmpty()) {
            return 0;
        }
        int scale = dollars.stream().mapToInt(BigDecimal::scale).max().orElse(0);
        return dollars.get(kind)
                .setScale(Math.max(0, scale), RoundingMode.UNNECESSARY)
                .unscaledValue()
                .longValueExact();
    }

    /** What the machines cost that replicas are on. */
    BigDecimal dollars(List<PlacedReplica> placed) {
        return placed.stream()
                .flatMap(replica -> replica.places().stream())
                .map(place -> new PlacedReplica.Place(place.kind(), place.machine(), 0, 0))
                .distinct()
                .map(place -> dollars.get(place.kind()))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}
