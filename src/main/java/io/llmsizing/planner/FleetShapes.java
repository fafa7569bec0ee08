package io.llmsizing.planner;

import io.llmsizing.hardware.Cluster;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Every choice of so many devices of a fleet, where like devices of a machine and like machines are not told apart: of each
 * machine how many of each part. The fewest machines come first.
 */
final class FleetShapes {
    /** The most choices within the machines of all kinds, each by itself. */
    private static final int MOST_OPTIONS = 1 << 10;

    /** The most steps for the shapes of one size. */
    private static final int MOST_STEPS = 20_000;

    private final Cluster machines;
    private final List<Packing.Share> options = new ArrayList<>();
    private final Predicate<List<Packing.Share>> isNeedless;
    private boolean isCut;
    private int steps;

    /**
     * The shapes of some kinds.
     *
     * @param machines the fleet
     * @param kinds by number
     * @param isNeedless of a choice, and with it of every choice that has more
     */
    FleetShapes(Cluster machines, List<Integer> kinds, Predicate<List<Packing.Share>> isNeedless) {
        this.machines = machines;
        this.isNeedless = isNeedless;
        for (int kind : kinds) {
            addOptions(kind, MOST_OPTIONS / kinds.size());
        }
        options.sort(FleetOrder.shares(machines));
    }

    /** Whether some shapes were left out. */
    boolean isCut() {
        return isCut;
    }

    /** Those of a size: of each a share for every machine. */
    List<List<Packing.Share>> ofSize(int devices) {
        List<List<Packing.Share>> found = new ArrayList<>();
        int[] left = machines.groups().stream()
                .mapToInt(group -> Math.min(group.count(), SizedWays.MOST_MACHINES))
                .toArray();
        steps = 0;
        extend(0, devices, left, new ArrayList<>(), found);
        return found;
    }

    private void extend(
            int first, int devices, int[] left, List<Packing.Share> chosen, List<List<Packing.Share>> found) {
        if (devices == 0) {
            found.add(List.copyOf(chosen));
            return;
        }
        for (int i = first; i < options.size(); i++) {
            Packing.Share option = options.get(i);
            if (option.devicesOfEach() > devices || left[option.kind()] == 0) {
                continue;
            }
            if (++steps > MOST_STEPS) {
                isCut = true;
                return;
            }
            chosen.add(option);
            if (!isNeedless.test(chosen)) {
                left[option.kind()]--;
                extend(i, devices - option.devicesOfEach(), left, chosen, found);
                left[option.kind()]++;
            }
            chosen.remove(chosen.size() - 1);
        }
    }

    private void addOptions(int kind, int most) {
        List<Integer> parts = Fleet.parts(machines.groups().get(kind));
        long all =
                parts.stream().mapToLong(count -> count + 1L).reduce(1, (some, more) -> Math.min(some * more, 1 << 30));
        if (all <= most) {
            addAll(kind, parts, new ArrayList<>());
            return;
        }
        isCut = true;
        for (int part = 0; part < parts.size(); part++) {
            for (int amount = 1; amount <= parts.get(part); amount++) {
                options.add(Fleet.share(kind, parts, part, amount));
            }
        }
        if (parts.size() > 1) {
            options.addAll(FleetOrder.largest(machines, kind));
        }
    }

    private void addAll(int kind, List<Integer> parts, List<Integer> taken) {
        if (taken.size() == parts.size()) {
            if (taken.stream().anyMatch(amount -> amount > 0)) {
                options.add(new Packing.Share(kind, taken, 1));
            }
            return;
        }
        for (int amount = parts.get(taken.size()); amount >= 0; amount--) {
            List<Integer> more = new ArrayList<>(taken);
            more.add(amount);
            addAll(kind, parts, more);
        }
    }
}
