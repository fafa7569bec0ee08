package io.llmsizing.inventory;

import com.google.common.math.LongMath;
import io.llmsizing.document.JsonItems;
import io.llmsizing.document.JsonObject;
import io.llmsizing.document.MalformedFileException;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.Node;
import io.llmsizing.units.ByteSize;
import io.llmsizing.units.Ratio;
import java.io.IOException;
import java.io.InputStream;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads {@code kubectl get nodes -o json}: nodes that are ready and not cordoned, with the devices that can be allocated. What
 * they are is told by labels of feature discovery, of the cloud, or by the type of machine.
 */
final class KubernetesNodes {
    private final Recognition recognition;
    private final Machines machines;
    private final Findings findings;
    private final KubernetesKinds kinds;

    private KubernetesNodes(Recognition recognition, Machines machines, Findings findings) {
        this.recognition = recognition;
        this.machines = machines;
        this.findings = findings;
        kinds = new KubernetesKinds(recognition, findings);
    }

    static void read(InputStream bytes, Recognition recognition, Machines machines, Findings findings)
            throws IOException {
        KubernetesNodes nodes = new KubernetesNodes(recognition, machines, findings);
        JsonItems.forEach(bytes, findings.file(), "items", KubernetesNode.KEPT, nodes::take);
    }

    private void take(JsonObject item) {
        try {
            KubernetesNode node = new KubernetesNode(item);
            if (!node.kind().equals("Node")) {
                findings.add(node.place(), "a " + Findings.shown(node.kind()) + ", no Node; left out");
                return;
            }
            Set<String> beside = node.resources();
            List<KubernetesResource> resources = beside.stream()
                    .flatMap(key -> KubernetesResource.of(key, beside).stream())
                    .filter(resource -> node.capacity(resource.key()) > 0)
                    .toList();
            if (resources.isEmpty()) {
                findings.add(node.place(), "no accelerators that pods could ask for; left out");
            } else if (!node.isReady()) {
                findings.add(node.place(), "not ready; left out");
            } else if (!node.isSchedulable()) {
                findings.add(node.place(), "cordoned (unschedulable); left out");
            } else {
                machine(node, resources);
            }
        } catch (MalformedFileException malformed) {
            findings.add(malformed, "; this node is left out");
        }
    }

    private void machine(KubernetesNode node, List<KubernetesResource> resources) {
        Machine machine = new Machine(Findings.shown(node.name()));
        machine.hostMemory(ByteSize.ofBytes(node.memory()));
        Optional<Node> type = node.instanceType().flatMap(recognition::machineType);
        type.ifPresent(known -> machine.connectedBy(known.network()));
        for (KubernetesResource resource : resources) {
            long lost = node.capacity(resource.key()) - node.allocatable(resource.key());
            if (lost > 0) {
                findings.add(
                        node.place(),
                        lost + " of " + node.capacity(resource.key()) + " " + Findings.shown(resource.key())
                                + " can't be allocated; left out");
            }
            if (cut(node, resource)) {
                continue;
            }
            long devices = devices(node, resource, resources);
            if (devices > 0) {
                kinds.sighting(node, resource, devices, type)
                        .flatMap(seen -> withinType(node, resource, seen, type))
                        .flatMap(recognition::devices)
                        .map(read -> shared(node, resource, read))
                        .ifPresent(read -> machine.add(read, node.place(), findings));
            }
        }
        machines.add(machine, node.place());
    }

    /** Whether what stands there are parts of devices, of which the memory is not known. */
    private boolean cut(KubernetesNode node, KubernetesResource resource) {
        Optional<String> mode = resource.isOf("amd.com") ? node.computePartition() : Optional.empty();
        mode.ifPresent(label -> findings.add(
                node.place(),
                "label " + Findings.shown(label) + ": each " + Findings.shown(resource.key())
                        + " is a part of a device, of which the memory is not known; left out. Write the cluster with what"
                        + " is usable of each device"));
        return mode.isPresent();
    }

    /**
     * No more devices than a machine of its type has: what is more stands for parts of them, each for as many.
     */
    private Optional<Sighting> withinType(
            KubernetesNode node, KubernetesResource resource, Sighting seen, Optional<Node> type) {
        if (type.isEmpty() || resource.isPart() || !kinds.isOf(type.get(), seen)) {
            return Optional.of(seen);
        }
        long all = type.get().deviceCount();
        long advertised = node.capacity(resource.key()) / Math.max(1, replicas(node, resource));
        if (advertised <= all) {
            return Optional.of(seen);
        }
        String found = advertised + " " + Findings.shown(resource.key()) + " of a "
                + type.get().name() + ", which has " + (all == 1 ? "1 device" : all + " devices");
        if (advertised % all != 0) {
            findings.add(node.place(), found + ": how many stand for one can't be told; left out");
            return Optional.empty();
        }
        long each = advertised / all;
        findings.assume(node.place(), found + ": " + each + " stand for one; each device is counted once");
        if (seen.count() % each != 0) {
            findings.add(node.place(), "the device of which not all " + each + " can be allocated is left out");
        }
        return seen.count() < each ? Optional.empty() : Optional.of(seen.withCount((int) (seen.count() / each)));
    }

    /** Devices behind what can be allocated, which may be several tickets for one. */
    private long devices(KubernetesNode node, KubernetesResource resource, List<KubernetesResource> all) {
        long tickets = node.allocatable(resource.key());
        boolean marked = node.label(resource.labels() + ".product").orElse("").endsWith("-SHARED");
        boolean othersAreShared = all.stream()
                .anyMatch(other ->
                        other.renamed() && !resource.renamed() && other.labels().equals(resource.labels()));
        long replicas = othersAreShared ? 1 : replicas(node, resource);
        if (replicas == 0 && (marked || resource.renamed())) {
            findings.add(
                    node.place(),
                    "devices are shared and no label " + resource.labels() + ".replicas says by how many; left out");
            return 0;
        }
        if (replicas > 1) {
            tickets = tickets(node, resource, tickets, replicas);
        }
        if (resource.computeInstances() > 0) {
            int slices = Integer.parseInt(
                    resource.profile().substring(0, resource.profile().indexOf('g')));
            findings.assume(
                    node.place(),
                    "compute instances of one MIG instance share its memory; " + resource.profile()
                            + " are counted, as few as there can be");
            tickets = LongMath.divide(tickets * resource.computeInstances(), Math.max(1, slices), RoundingMode.CEILING);
        }
        return tickets;
    }

    private long tickets(KubernetesNode node, KubernetesResource resource, long tickets, long replicas) {
        findings.assume(
                node.place(),
                replicas + " replicas of each device share its memory (" + strategy(node, resource)
                        + "); each device is counted once");
        if (tickets % replicas != 0) {
            findings.add(
                    node.place(),
                    tickets + " " + Findings.shown(resource.key()) + " are no multiple of " + replicas
                            + " replicas; the device that is not whole is left out");
        }
        return tickets / replicas;
    }

    private static String strategy(KubernetesNode node, KubernetesResource resource) {
        return Findings.shown(
                node.label(resource.labels() + ".sharing-strategy").orElse("time-slicing"));
    }

    /** 0 where no label says it. */
    private long replicas(KubernetesNode node, KubernetesResource resource) {
        return node.whole(resource.labels() + ".replicas", findings).orElse(0L);
    }

    /** A client of MPS is given its share and no more. */
    private Node.Devices shared(KubernetesNode node, KubernetesResource resource, Node.Devices devices) {
        long replicas = replicas(node, resource);
        if (replicas < 2 || !strategy(node, resource).equals("mps")) {
            return devices;
        }
        Accelerator part =
                devices.accelerator().withMemory(devices.accelerator().memory().share(Ratio.of(1, replicas)));
        return new Node.Devices(
                part, devices.count(), List.of(part.memory().usable().toString()));
    }
}
