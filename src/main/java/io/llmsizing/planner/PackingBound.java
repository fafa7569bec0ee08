package io.llmsizing.planner;

import io.llmsizing.units.Exact;

/**
 * What the replicas that are left cost at least. The bound is weak duality of the relaxation in which replicas and machines may
 * be taken in fractions: any prices of demands and devices bound the cost from below, good prices closely. Where prices come
 * from is of no matter for that, and the sum over them is exact.
 *
 * <p>Relaxation: of each demand, replicas taken by its ways and replicas left out are as many as demanded; the touched machines of
 * a kind give no more devices of a part than can be filled with what is left, nor do the untouched ones that are opened.
 */
final class PackingBound {
    private final Packing packing;
    private final long penalty;
    private final Fillings fillings;

    /**
     * Prices, in units of the scale.
     *
     * @param scale that makes a whole of them
     * @param demand what a replica of each demand is worth
     * @param touched what a device of each part of each kind is worth on machines that are in use
     * @param untouched the same on machines of which none was taken
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Prices(long scale, long[] demand, long[][] touched, long[][] untouched) {}

    PackingBound(Packing packing, long penalty) {
        this.packing = packing;
        this.penalty = penalty;
        this.fillings = new Fillings(packing);
    }

    Fillings fillings() {
        return fillings;
    }

    /** Prices without a solver: a replica is worth its cheapest way, devices nothing. */
    Prices cheapest() {
        long[] demand = new long[packing.demands().size()];
        long[][] nothing = new long[packing.kinds().size()][];
        for (int kind = 0; kind < nothing.length; kind++) {
            nothing[kind] = new long[packing.kinds().get(kind).parts().size()];
        }
        for (int i = 0; i < demand.length; i++) {
            demand[i] = packing.demands().get(i).ways().stream()
                    .mapToLong(packing::cost)
                    .min()
                    .orElse(penalty);
        }
        return new Prices(1, demand, nothing, nothing);
    }

    /**
     * The least cost.
     *
     * @param prices any
     * @param first the demand that is being placed
     * @param left its replicas that are not placed yet; of later demands it is all
     * @param rooms what is free
     * @return 0 or more, rounded up to a whole cost; what is left out costs the penalty each; 0 where the sum is beyond 2^63
     */
    long least(Prices prices, int first, int left, Rooms rooms) {
        try {
            return Math.max(0, Exact.ceilDiv(Math.max(0, scaled(prices, first, left, rooms)), prices.scale()));
        } catch (ArithmeticException boundsNothing) {
            return 0;
        }
    }

    private long scaled(Prices prices, int first, int left, Rooms rooms) {
        long sum = 0;
        for (int i = first; i < packing.demands().size(); i++) {
            Packing.Demand demand = packing.demands().get(i);
            long replicas = i == first ? left : demand.replicas();
            long worth = Math.min(prices.demand()[i], Math.multiplyExact(penalty, prices.scale()));
            sum = Math.addExact(sum, Math.multiplyExact(worth, replicas));
            for (Packing.Way way : demand.ways()) {
                long cost = Math.subtractExact(Math.multiplyExact(packing.cost(way), prices.scale()), worth);
                sum = Math.addExact(sum, gained(cost, prices, way, replicas, rooms));
            }
        }
        for (int kind = 0; kind < packing.kinds().size(); kind++) {
            long opened = Math.multiplyExact(packing.opening(kind), prices.scale());
            for (int part = 0; part < prices.touched()[kind].length; part++) {
                long filled = fillings.touched(first, kind, part, rooms);
                sum = Math.subtractExact(sum, Math.multiplyExact(filled, prices.touched()[kind][part]));
                opened = Math.subtractExact(
                        opened,
                        Math.multiplyExact(fillings.untouched(first, kind, part), prices.untouched()[kind][part]));
            }
            sum = Math.addExact(sum, Math.multiplyExact(Math.min(0, opened), (long) rooms.untouched(kind)));
        }
        return sum;
    }

    /** What the most replicas that can go a way bring in where it is worth more than it costs: 0 or less. */
    private long gained(long cost, Prices prices, Packing.Way way, long replicas, Rooms rooms) {
        if (way.machines() == 1) {
            Packing.Share share = way.shares().get(0);
            long opening = Math.addExact(cost, taken(prices.untouched(), share));
            long within = Math.addExact(cost, taken(prices.touched(), share));
            return Math.addExact(
                    Math.multiplyExact(Math.min(0, opening), Math.min(replicas, fillings.opening(share, rooms))),
                    Math.multiplyExact(Math.min(0, within), Math.min(replicas, fillings.within(share, rooms))));
        }
        long most = Math.min(replicas, fillings.most(way, rooms));
        if (most == 0) {
            return 0;
        }
        long least = cost;
        for (Packing.Share share : way.shares()) {
            least = Math.addExact(least, cheaper(prices, share, rooms));
        }
        return Math.multiplyExact(Math.min(0, least), most);
    }

    /** A share of machines of which each may be in use or not, at the lower price of those that there are. */
    private long cheaper(Prices prices, Packing.Share share, Rooms rooms) {
        long touched = fillings.within(share, rooms) == 0 ? Long.MAX_VALUE : taken(prices.touched(), share);
        long untouched = fillings.opening(share, rooms) == 0 ? Long.MAX_VALUE : taken(prices.untouched(), share);
        return Math.min(touched, untouched);
    }

    /** What the devices of a share are worth. */
    long taken(long[][] prices, Packing.Share share) {
        long sum = 0;
        for (int part = 0; part < share.devices().size(); part++) {
            long devices = (long) share.devices().get(part) * share.machines();
            sum = Math.addExact(sum, Math.multiplyExact(prices[share.kind()][part], devices));
        }
        return sum;
    }
}
