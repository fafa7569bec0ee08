package io.llmsizing.planner;

import io.llmsizing.hardware.Cluster;
import io.llmsizing.hardware.Node;
import io.llmsizing.units.ByteSize;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Orders of kinds, machines and devices that do not depend on the order in which a fleet has them. */
final class FleetOrder {
    /** The most orders of the machines of one replica. */
    static final int MOST = 24;

    private static final Comparator<Node.Devices> LARGEST = Comparator.<Node.Devices>comparingLong(
                    like -> like.accelerator().memory().usable().bytes())
            .reversed()
            .thenComparing(like -> like.accelerator().toString())
            .thenComparing(Node.Devices::toString);

    private FleetOrder() {}

    /** Kinds by number, the one with the largest device first. */
    static List<Integer> kinds(Cluster machines) {
        return IntStream.range(0, machines.groups().size())
                .boxed()
                .sorted(Comparator.comparing(
                                (Integer kind) -> sorted(
                                                machines.groups().get(kind).node())
                                        .get(0),
                                LARGEST)
                        .thenComparing(kind -> said(machines.groups().get(kind).node())))
                .toList();
    }

    /** Shares of one machine each: those of the most devices first, and of these those with the most memory. */
    static Comparator<Packing.Share> shares(Cluster machines) {
        return Comparator.comparingInt(Packing.Share::devicesOfEach)
                .thenComparingLong(share -> memory(node(share, machines)))
                .reversed()
                .thenComparing(share -> said(node(share, machines)));
    }

    /** One machine's largest devices, from two parts on to all, one more each time. */
    static List<Packing.Share> largest(Cluster machines, int kind) {
        List<Node.Devices> like = machines.groups().get(kind).node().devices();
        List<Integer> order = IntStream.range(0, like.size())
                .boxed()
                .sorted(Comparator.comparing(like::get, LARGEST))
                .toList();
        List<Packing.Share> shares = new ArrayList<>();
        List<Integer> taken = new ArrayList<>(Collections.nCopies(like.size(), 0));
        for (int part : order) {
            for (int amount = 1; amount <= like.get(part).count(); amount++) {
                taken.set(part, amount);
                if (taken.stream().filter(each -> each > 0).count() > 1) {
                    shares.add(new Packing.Share(kind, taken, 1));
                }
            }
        }
        return shares;
    }

    private static Node node(Packing.Share share, Cluster machines) {
        return taken(machines.groups().get(share.kind()).node(), share.devices());
    }

    private static long memory(Node node) {
        return node.devices().stream()
                .mapToLong(like ->
                        like.count() * like.accelerator().memory().usable().bytes())
                .sum();
    }

    /** All that tells a machine from others but its name. */
    private static String said(Node node) {
        return sorted(node).stream()
                        .map(like -> like.accelerator().memory().usable().bytes() + " " + like)
                        .toList()
                + " " + node.hostMemory().bytes() + " " + node.network();
    }

    private static List<Node.Devices> sorted(Node node) {
        return node.devices().stream().sorted(LARGEST).toList();
    }

    /** What is taken of a machine, the largest devices first; the machine itself where all is taken and stands so. */
    static Node taken(Node node, List<Integer> counts) {
        List<Node.Devices> taken = new ArrayList<>();
        int devices = 0;
        for (int part = 0; part < counts.size(); part++) {
            if (counts.get(part) > 0) {
                Node.Devices like = node.devices().get(part);
                taken.add(new Node.Devices(like.accelerator(), counts.get(part), like.terms()));
                devices += counts.get(part);
            }
        }
        if (devices == node.deviceCount()) {
            return new Node(node.name(), taken.stream().sorted(LARGEST).toList(), node.network(), node.hostMemory());
        }
        long memory = Math.multiplyExact(node.hostMemory().bytes(), (long) devices) / node.deviceCount();
        return new Node("", taken.stream().sorted(LARGEST).toList(), node.network(), ByteSize.ofBytes(memory));
    }

    /** Different orders of the machines of a shape, up to one more than {@link #MOST}. */
    static List<List<Packing.Share>> of(List<Packing.Share> shape) {
        List<List<Packing.Share>> orders = new ArrayList<>();
        extend(new ArrayList<>(shape), new ArrayList<>(), orders);
        return orders;
    }

    private static void extend(List<Packing.Share> left, List<Packing.Share> chosen, List<List<Packing.Share>> orders) {
        if (left.isEmpty()) {
            orders.add(List.copyOf(chosen));
            return;
        }
        for (Packing.Share next : left.stream().distinct().toList()) {
            if (orders.size() > MOST) {
                return;
            }
            List<Packing.Share> others = new ArrayList<>(left);
            others.remove(next);
            chosen.add(next);
            extend(others, chosen, orders);
            chosen.remove(chosen.size() - 1);
        }
    }
}
