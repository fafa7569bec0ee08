package io.llmsizing.planner;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Against every assignment of every replica to every machine. */
class PackingSearchProperties {
    private static final long LIMIT = 200_000;

    @Property(tries = 1_000)
    void theSearchFindsWhatTryingAllFinds(@ForAll("packings") Packing packing) {
        EveryPacking every = EveryPacking.of(packing);
        PackingSearch.Packed all = PackingSearch.all(packing, LIMIT);
        assertThat(all.isProven()).isTrue();
        assertThat(all.isFound()).isEqualTo(every.cheapest(packing.replicas()).isPresent());
        if (all.isFound()) {
            assertThat(EveryPacking.cost(packing, all.steps()))
                    .isEqualTo(every.cheapest(packing.replicas()).orElseThrow());
        }
    }

    @Property(tries = 500)
    void theMostThatCanBePlacedAreThatManyAndCostNoMore(@ForAll("packings") Packing packing) {
        EveryPacking every = EveryPacking.of(packing);
        PackingSearch.Packed most = PackingSearch.most(packing, LIMIT);
        assertThat(most.isProven()).isTrue();
        assertThat(most.steps()).hasSize(every.most());
        assertThat(EveryPacking.cost(packing, most.steps()))
                .isEqualTo(every.cheapest(every.most()).orElseThrow());
    }

    /** With the solver's prices, and with any others. */
    @Property(tries = 1_000)
    void noPricesBoundTheCheapestPlacementFromAbove(
            @ForAll("packings") Packing packing, @ForAll("prices") List<Integer> some) {
        Optional<Long> cheapest = EveryPacking.of(packing).cheapest(packing.replicas());
        long penalty = packing.beyondAll() * 1_024;
        PackingBound bound = new PackingBound(packing, penalty);
        Rooms rooms = Rooms.of(packing);
        int first = packing.demands().get(0).replicas();
        for (PackingBound.Prices prices : List.of(
                bound.cheapest(),
                new LinearRelaxation(packing, penalty, bound.fillings())
                        .prices(0, first, rooms)
                        .orElseThrow(),
                any(packing, some))) {
            long least = bound.least(prices, 0, first, rooms);
            assertThat(least).isLessThanOrEqualTo(cheapest.orElse(penalty * packing.replicas()));
        }
    }

    private static PackingBound.Prices any(Packing packing, List<Integer> some) {
        int next = 0;
        long[] demand = new long[packing.demands().size()];
        for (int i = 0; i < demand.length; i++) {
            demand[i] = some.get(next++ % some.size());
        }
        long[][] touched = new long[packing.kinds().size()][];
        long[][] untouched = new long[touched.length][];
        for (int kind = 0; kind < touched.length; kind++) {
            touched[kind] = new long[packing.kinds().get(kind).parts().size()];
            untouched[kind] = new long[touched[kind].length];
            for (int part = 0; part < touched[kind].length; part++) {
                touched[kind][part] = some.get(next++ % some.size());
                untouched[kind][part] = some.get(next++ % some.size());
            }
        }
        return new PackingBound.Prices(4, demand, touched, untouched);
    }

    @Provide
    Arbitrary<List<Integer>> prices() {
        return Arbitraries.integers().between(0, 60).list().ofSize(13);
    }

    @Provide
    static Arbitrary<Packing> packings() {
        Arbitrary<Packing.Kind> kind = Combinators.combine(
                        Arbitraries.integers().between(1, 2),
                        Arbitraries.integers().between(1, 8).list().ofMinSize(1).ofMaxSize(2),
                        Arbitraries.longs().between(1, 20))
                .as(Packing.Kind::new);
        return kind.list()
                .ofMinSize(1)
                .ofMaxSize(2)
                .flatMap(kinds -> Combinators.combine(
                                demand(kinds).list().ofMinSize(1).ofMaxSize(2), Arbitraries.of(true, false))
                        .as((demands, priced) -> new Packing(kinds, demands, priced)));
    }

    private static Arbitrary<Packing.Demand> demand(List<Packing.Kind> kinds) {
        Arbitrary<Packing.Share> share = Arbitraries.integers()
                .between(0, kinds.size() - 1)
                .flatMap(kind -> {
                    Packing.Kind machines = kinds.get(kind);
                    return Combinators.combine(
                                    Arbitraries.integers()
                                            .between(0, 8)
                                            .list()
                                            .ofSize(machines.parts().size()),
                                    Arbitraries.integers().between(1, 4),
                                    Arbitraries.integers().between(1, machines.machines()))
                            .as((amounts, whole, count) -> share(kind, machines.parts(), amounts, whole == 1, count));
                });
        Arbitrary<Packing.Way> way = share.list().ofMinSize(1).ofMaxSize(2).map(Packing.Way::new);
        return Combinators.combine(
                        Arbitraries.integers().between(1, 2),
                        way.list().ofMinSize(0).ofMaxSize(3))
                .as(Packing.Demand::new);
    }

    private static Packing.Share share(
            int kind, List<Integer> parts, List<Integer> amounts, boolean isWhole, int machines) {
        List<Integer> devices = new ArrayList<>();
        for (int part = 0; part < parts.size(); part++) {
            devices.add(isWhole ? parts.get(part) : Math.min(parts.get(part), amounts.get(part)));
        }
        boolean isNothing = devices.stream().allMatch(amount -> amount == 0);
        return new Packing.Share(kind, isNothing ? parts : devices, machines);
    }

    /** Every assignment, machine by machine, without a thought. */
    private static final class EveryPacking {
        private final Packing packing;
        private final List<Long> cheapest = new ArrayList<>();

        private EveryPacking(Packing packing) {
            this.packing = packing;
            for (int placed = 0; placed <= packing.replicas(); placed++) {
                cheapest.add(Long.MAX_VALUE);
            }
        }

        static EveryPacking of(Packing packing) {
            EveryPacking every = new EveryPacking(packing);
            every.place(0, 0, free(packing), 0);
            return every;
        }

        Optional<Long> cheapest(int placed) {
            return Optional.of(cheapest.get(placed)).filter(cost -> cost < Long.MAX_VALUE);
        }

        int most() {
            int most = packing.replicas();
            while (cheapest.get(most) == Long.MAX_VALUE) {
                most--;
            }
            return most;
        }

        private static int[][][] free(Packing packing) {
            return packing.kinds().stream()
                    .map(kind -> {
                        int[][] machines = new int[kind.machines()][];
                        for (int machine = 0; machine < machines.length; machine++) {
                            machines[machine] = kind.parts().stream()
                                    .mapToInt(Integer::intValue)
                                    .toArray();
                        }
                        return machines;
                    })
                    .toArray(int[][][]::new);
        }

        /** What the machines in use, or the devices, cost. */
        private static long cost(Packing packing, int[][][] free) {
            long cost = 0;
            for (int kind = 0; kind < free.length; kind++) {
                Packing.Kind machines = packing.kinds().get(kind);
                for (int[] machine : free[kind]) {
                    int taken = machines.devices();
                    for (int left : machine) {
                        taken -= left;
                    }
                    cost += packing.priced() ? (taken > 0 ? machines.price() : 0) : taken;
                }
            }
            return cost;
        }

        /** The cost of steps, each machine of each the first other one that has what it says. */
        static long cost(Packing packing, List<PackingSearch.Step> steps) {
            int[][][] free = free(packing);
            for (PackingSearch.Step step : steps) {
                List<Packing.Share> shares = step.way().machineByMachine();
                List<int[]> taken = new ArrayList<>();
                for (int i = 0; i < shares.size(); i++) {
                    int kind = shares.get(i).kind();
                    List<Integer> before = step.rooms()
                            .get(i)
                            .map(Rooms.Room::free)
                            .orElse(packing.kinds().get(kind).parts());
                    taken.add(Arrays.stream(free[kind])
                            .filter(machine -> taken.stream().noneMatch(other -> other == machine)
                                    && Arrays.stream(machine).boxed().toList().equals(before))
                            .findFirst()
                            .orElseThrow());
                }
                for (int i = 0; i < shares.size(); i++) {
                    take(taken.get(i), shares.get(i), 1);
                }
            }
            return cost(packing, free);
        }

        private static void take(int[] machine, Packing.Share share, int sign) {
            for (int part = 0; part < machine.length; part++) {
                machine[part] -= sign * share.devices().get(part);
                assertThat(machine[part]).isNotNegative();
            }
        }

        private void place(int at, int done, int[][][] free, int placed) {
            if (at == packing.demands().size()) {
                cheapest.set(placed, Math.min(cheapest.get(placed), cost(packing, free)));
                return;
            }
            if (done == packing.demands().get(at).replicas()) {
                place(at + 1, 0, free, placed);
                return;
            }
            place(at, done + 1, free, placed);
            for (Packing.Way way : packing.demands().get(at).ways()) {
                takeEach(way.machineByMachine(), new ArrayList<>(), free, () -> place(at, done + 1, free, placed + 1));
            }
        }

        /** Each share of every machine that has it and of which the way has no other share. */
        private static void takeEach(
                List<Packing.Share> shares, List<int[]> taken, int[][][] free, Runnable whenTaken) {
            if (taken.size() == shares.size()) {
                whenTaken.run();
                return;
            }
            Packing.Share share = shares.get(taken.size());
            for (int[] machine : free[share.kind()]) {
                boolean isOther = taken.stream().noneMatch(each -> each == machine);
                if (isOther && share.timesIn(Arrays.stream(machine).boxed().toList()) > 0) {
                    taken.add(machine);
                    take(machine, share, 1);
                    takeEach(shares, taken, free, whenTaken);
                    take(machine, share, -1);
                    taken.remove(taken.size() - 1);
                }
            }
        }
    }
}
