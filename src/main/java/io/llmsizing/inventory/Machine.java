package io.llmsizing.inventory;

import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.Interconnect;
import io.llmsizing.hardware.Node;
import io.llmsizing.units.ByteSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A machine while its devices are read. */
final class Machine {
    private static final int MOST_DEVICES = 1 << 10;

    private final String name;
    private final List<Node.Devices> devices = new ArrayList<>();
    private Interconnect network = Interconnect.UNKNOWN;
    private ByteSize hostMemory = ByteSize.ZERO;
    private int count;

    Machine(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    void connectedBy(Interconnect outwards) {
        network = outwards;
    }

    void hostMemory(ByteSize memory) {
        hostMemory = memory;
    }

    /** 0 where not known. */
    ByteSize hostMemory() {
        return hostMemory;
    }

    /** Puts like devices together, wherever they stand. */
    void add(Node.Devices more, String place, Findings findings) {
        if (count + more.count() > MOST_DEVICES) {
            findings.add(place, "more than 1,024 devices in one machine; those beyond are left out");
            return;
        }
        count += more.count();
        for (int i = 0; i < devices.size(); i++) {
            Node.Devices like = devices.get(i);
            if (like.terms().equals(more.terms()) && like.accelerator().equals(more.accelerator())) {
                devices.set(i, new Node.Devices(like.accelerator(), like.count() + more.count(), like.terms()));
                return;
            }
        }
        devices.add(more);
    }

    /** Nothing if no device was read. */
    Optional<Node> node() {
        return node(name);
    }

    Optional<Node> node(String called) {
        if (devices.isEmpty()) {
            return Optional.empty();
        }
        boolean hostIsDevice = devices.stream().map(Node.Devices::accelerator).anyMatch(Machine::usesHostMemory);
        return Optional.of(new Node(called, devices, network, hostIsDevice ? ByteSize.ZERO : hostMemory));
    }

    /** Such memory is the machine's own: nothing more is there to offload to. */
    private static boolean usesHostMemory(Accelerator accelerator) {
        return accelerator.memory().unified();
    }
}
