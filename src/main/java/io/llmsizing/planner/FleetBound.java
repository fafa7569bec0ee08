package io.llmsizing.planner;

import io.llmsizing.Deployment;
import io.llmsizing.Sizing;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.hardware.Node;
import io.llmsizing.ledger.LineItem;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.units.Exact;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What no way can do without, however devices are taken: each tensor stands on some device at least once, and no device is shared
 * by replicas. Worked value: the weights of DeepSeek-R1 take more than eight devices of 80 GiB have, 687,194,767,360 bytes, so that nine are the least.
 */
final class FleetBound {
    private final List<Long> devices = new ArrayList<>();

    FleetBound(Cluster machines) {
        for (Cluster.Group group : machines.groups()) {
            for (Node.Devices like : group.node().devices()) {
                for (long i = 0; i < (long) group.count() * like.count(); i++) {
                    devices.add(capacity(like.accelerator()));
                }
            }
        }
        devices.sort(Comparator.reverseOrder());
    }

    /** All memory of a device; more than any engine may use of it. */
    static long capacity(Accelerator device) {
        long most = Math.max(
                device.memory().driver().bytes(), device.memory().usable().bytes());
        return most == 0 ? Long.MAX_VALUE : most;
    }

    /** The weights of a replica at least, as stored once; 0 where they can't be told, or the host may hold some. */
    static long weights(Order order, Cluster machines) {
        return machines.groups().stream()
                .flatMap(group -> group.node().devices().stream())
                .map(Node.Devices::accelerator)
                .distinct()
                .mapToLong(device -> weightsOn(order, device))
                .min()
                .orElse(0);
    }

    private static long weightsOn(Order order, Accelerator device) {
        try {
            Deployment alone = order.question()
                    .apply(Cluster.of(device, 1))
                    .layout(ParallelLayout.SINGLE)
                    .build();
            return alone.hostShare().isNone() ? weights(Sizing.explain(alone)) : 0;
        } catch (IllegalArgumentException | ArithmeticException notAlone) {
            return 0;
        }
    }

    static long weights(LineItem item) {
        return item.id().equals("weights")
                ? item.low()
                : item.children().stream().mapToLong(FleetBound::weights).sum();
    }

    /** The fewest devices of the fleet that hold so much; more than there are where all do not. */
    int fewestDevices(long bytes) {
        long sum = 0;
        for (int count = 0; count < devices.size(); count++) {
            if (sum >= bytes) {
                return count;
            }
            sum = Exact.addCapped(sum, devices.get(count));
        }
        return sum >= bytes ? devices.size() : devices.size() + 1;
    }

    int devices() {
        return devices.size();
    }

    /** Whether the weights alone, each replica's on devices of its own, are more than all machines hold. */
    boolean isExceededBy(List<SizedWays> sized) {
        long bytes = 0;
        for (SizedWays ways : sized) {
            bytes = Exact.addCapped(
                    bytes, Exact.multiplyCapped(ways.weights(), ways.order().replicas()));
        }
        return fewestDevices(sized) > devices() || fewestDevices(bytes) > devices();
    }

    /** Devices that no placement can do without, by what each replica can't do without. */
    long fewestDevices(List<SizedWays> sized) {
        long devices = 0;
        for (SizedWays ways : sized) {
            int fewest = Math.max(ways.fewestDevices(), fewestDevices(ways.weights()));
            devices += (long) fewest * ways.order().replicas();
        }
        return devices;
    }
}
