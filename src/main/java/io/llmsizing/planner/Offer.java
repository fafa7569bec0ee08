package io.llmsizing.planner;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.Collections2;
import com.google.common.collect.Lists;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.hardware.Node;
import io.llmsizing.units.ByteSize;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Machines that a plan may take, in an order that has nothing to do with how unlike machines and devices were written.
 *
 * @param machines all of them
 * @param known devices of all but the last kind of machines: layouts on no more of them are plans on another offer
 * @param replaced what is left of all offered machines after each loss of as many as may fail; none where like machines take
 *     the places of those that do
 */
record Offer(Cluster machines, int known, List<Cluster> replaced) {
    private static final int MOST_KINDS = 5;
    private static final int MOST_ORDERED = 3;
    private static final int MOST_LOSSES = 256;
    private static final Comparator<Cluster.Group> MOST_MEMORY_FIRST = Comparator.comparing(
                    (Cluster.Group group) -> smallest(group.node()))
            .thenComparing(group -> group.node().deviceCount())
            .reversed()
            .thenComparing(group -> group.node().toString());

    /** Copies the losses. */
    Offer {
        replaced = List.copyOf(replaced);
    }

    /**
     * What may be taken of offered machines: of up to 5 kinds any selection, of more each kind by itself and those with the most
     * memory together; of machines with unlike devices also their largest devices alone.
     *
     * @param offered all machines
     * @param spares how many may fail
     * @return offers that leave as many idle, like ones or the largest
     * @throws IllegalArgumentException if no machine is left, or there are too many ways to lose so many
     */
    static List<Offer> of(Cluster offered, int spares) {
        Set<Offer> offers = new LinkedHashSet<>();
        for (Cluster part : offered.parts()) {
            List<Cluster.Group> kinds = part.groups().stream()
                    .map(Offer::sorted)
                    .sorted(MOST_MEMORY_FIRST)
                    .toList();
            for (Cluster.Group kind : kinds) {
                if (kind.count() > spares) {
                    List<Cluster.Group> like = List.of(new Cluster.Group(kind.node(), kind.count() - spares));
                    offers.add(new Offer(machines(offered, like), 0, List.of()));
                }
            }
            if (kinds.size() > 1) {
                addUnlike(offers, offered, kinds, spares);
            }
        }
        checkArgument(
                !offers.isEmpty(),
                "%s spare %s of %s leave%s none to plan on; offer more, or keep fewer spare",
                spares,
                spares == 1 ? "node" : "nodes",
                offered,
                spares == 1 ? "s" : "");
        return List.copyOf(offers);
    }

    /** Where machines are spare, one kind alone may be more than that kind has without them, with others in their place. */
    private static void addUnlike(Set<Offer> offers, Cluster offered, List<Cluster.Group> kinds, int spares) {
        List<Cluster.Group> left = withoutLargest(kinds, spares);
        if (left.isEmpty()) {
            return;
        }
        List<Cluster> replaced = spares == 0 ? List.of() : losses(offered, spares);
        int before = 0;
        for (List<Cluster.Group> some : left.size() > MOST_KINDS ? beginnings(left) : selections(left)) {
            int known = left.size() > MOST_KINDS ? before : devices(some.subList(0, some.size() - 1));
            before = devices(some);
            offers.add(new Offer(machines(offered, some), known, replaced));
        }
    }

    private static Cluster machines(Cluster offered, List<Cluster.Group> groups) {
        return new Cluster(groups, offered.choices());
    }

    /** The same machines, the devices of each with the most memory first. */
    private static Cluster.Group sorted(Cluster.Group group) {
        Node node = group.node();
        if (node.devices().size() == 1) {
            return group;
        }
        List<Node.Devices> devices = node.devices().stream()
                .sorted(Comparator.comparing((Node.Devices like) ->
                                like.accelerator().memory().usableLow())
                        .reversed()
                        .thenComparing(Node.Devices::toString))
                .toList();
        return new Cluster.Group(new Node(node.name(), devices, node.network(), node.hostMemory()), group.count());
    }

    private static ByteSize smallest(Node node) {
        return node.devices().stream()
                .map(like -> like.accelerator().memory().usableLow())
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    private static List<Cluster.Group> withoutLargest(List<Cluster.Group> kinds, int spares) {
        List<Cluster.Group> left = new ArrayList<>();
        int idle = spares;
        for (Cluster.Group kind : kinds) {
            int taken = kind.count() - idle;
            idle = Math.max(0, -taken);
            if (taken > 0) {
                left.add(new Cluster.Group(kind.node(), taken));
            }
        }
        return left;
    }

    private static int devices(List<Cluster.Group> groups) {
        return groups.stream()
                .mapToInt(group -> group.count() * group.node().deviceCount())
                .sum();
    }

    /** The first kind, the first two, four and so on, and all. */
    private static List<List<Cluster.Group>> beginnings(List<Cluster.Group> kinds) {
        List<List<Cluster.Group>> beginnings = new ArrayList<>();
        for (int count = 1; count < kinds.size(); count *= 2) {
            beginnings.add(kinds.subList(0, count));
        }
        beginnings.add(kinds);
        return beginnings;
    }

    /** Every selection, of up to three kinds in every order, of more with the most memory first and last. */
    private static List<List<Cluster.Group>> selections(List<Cluster.Group> kinds) {
        List<List<Cluster.Group>> selections = new ArrayList<>();
        for (int chosen = 1; chosen < 1 << kinds.size(); chosen++) {
            List<Cluster.Group> some = new ArrayList<>();
            for (int kind = 0; kind < kinds.size(); kind++) {
                if (((chosen >> kind) & 1) == 1) {
                    some.add(kinds.get(kind));
                }
            }
            if (some.size() > MOST_ORDERED) {
                selections.add(some);
                selections.add(Lists.reverse(some));
            } else {
                selections.addAll(Collections2.permutations(some));
            }
        }
        return selections;
    }

    /** What is left after each way to lose so many machines. */
    private static List<Cluster> losses(Cluster offered, int spares) {
        List<List<Cluster.Group>> left = new ArrayList<>();
        lose(offered.groups(), 0, spares, new ArrayList<>(), left);
        return left.stream().map(groups -> machines(offered, groups)).toList();
    }

    private static void lose(
            List<Cluster.Group> kinds, int kind, int spares, List<Cluster.Group> kept, List<List<Cluster.Group>> left) {
        checkArgument(
                left.size() < MOST_LOSSES,
                "%s spare nodes among %s kinds of machines can fail in more than %s ways; keep fewer spare, or offer fewer kinds",
                spares,
                kinds.size(),
                MOST_LOSSES);
        if (kind == kinds.size()) {
            if (spares == 0 && !kept.isEmpty()) {
                left.add(List.copyOf(kept));
            }
            return;
        }
        Cluster.Group machines = kinds.get(kind);
        for (int lost = Math.min(spares, machines.count()); lost >= 0; lost--) {
            if (lost < machines.count()) {
                kept.add(new Cluster.Group(machines.node(), machines.count() - lost));
                lose(kinds, kind + 1, spares - lost, kept, left);
                kept.remove(kept.size() - 1);
            } else {
                lose(kinds, kind + 1, spares - lost, kept, left);
            }
        }
    }
}
