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
import java.util.stream.Stream;

/**
 * Reads {@code kubectl get nodes -o json}: nodes that are ready and not cordoned, with the devices that can be allocated. What
 * they are is told by labels of feature discovery, of the cloud, or by the type of machine.
 */
final class KubernetesNodes {
    private final Recognition recognition;
    private final Machines machines;
    private final Findings findings;

    private KubernetesNodes(Recognition recognition, Machines machines, Findings findings) {
        this.recognition = recognition;
        this.machines = machines;
        this.findings = findings;
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
            long devices = devices(node, resource, resources);
            if (devices > 0) {
                sighting(node, resource, devices, type)
                        .flatMap(recognition::devices)
                        .map(read -> shared(node, resource, read))
                        .ifPresent(read -> machine.add(read, node.place(), findings));
            }
        }
        machines.add(machine, node.place());
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
            findings.add(
                    node.place(),
                    "compute instances of one MIG instance share its memory; " + resource.profile()
                            + " are counted, as few as there can be");
            tickets = LongMath.divide(tickets * resource.computeInstances(), Math.max(1, slices), RoundingMode.CEILING);
        }
        return tickets;
    }

    private long tickets(KubernetesNode node, KubernetesResource resource, long tickets, long replicas) {
        findings.add(
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
        return whole(node, resource.labels() + ".replicas").orElse(0L);
    }

    private Optional<Long> whole(KubernetesNode node, String label) {
        Optional<String> text = node.label(label);
        if (text.isPresent() && !text.get().matches("\\d{1,9}")) {
            findings.add(
                    node.place(),
                    "label " + label + " is '" + Findings.shown(text.get()) + "', no whole number; not read");
            return Optional.empty();
        }
        return text.map(Long::valueOf);
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

    private Optional<Sighting> sighting(
            KubernetesNode node, KubernetesResource resource, long devices, Optional<Node> type) {
        Optional<ByteSize> total = whole(node, resource.labels() + ".memory")
                .filter(mebibytes -> mebibytes > 0)
                .map(mebibytes -> ByteSize.ofBytes(mebibytes << 20));
        int count = (int) Math.min(devices, Integer.MAX_VALUE);
        List<Sighting> named = named(node, resource)
                .map(name -> resource.isPart() ? part(name, resource) : name)
                .map(name -> Sighting.of(node.place(), name, count).withMemory(total, Optional.empty()))
                .toList();
        Optional<Sighting> known = named.stream().filter(recognition::knows).findFirst();
        Optional<Sighting> found = known.or(() -> ofType(node, resource, count, type))
                .or(() -> named.stream().findFirst());
        if (found.isEmpty()) {
            findings.add(
                    node.place(),
                    "nothing says what its " + count + " " + Findings.shown(resource.key()) + " are; left out");
        }
        return found;
    }

    private static String part(String whole, KubernetesResource resource) {
        int cut = whole.indexOf("-MIG-");
        return (cut < 0 ? whole : whole.substring(0, cut)) + " MIG " + resource.profile();
    }

    private static Stream<String> named(KubernetesNode node, KubernetesResource resource) {
        return switch (resource.labels().substring(0, resource.labels().indexOf('/'))) {
            case "nvidia.com" ->
                Stream.of(
                                node.label("nvidia.com/gpu.product"),
                                node.label(resource.labels() + ".product"),
                                node.label("cloud.google.com/gke-accelerator"))
                        .flatMap(Optional::stream);
            case "amd.com" ->
                Stream.of(
                                node.label("amd.com/gpu.product-name"),
                                node.label("beta.amd.com/gpu.product-name"),
                                node.labelBehind("beta.amd.com/gpu.product-name."),
                                node.labelBehind("amd.com/gpu.product-name."))
                        .flatMap(Optional::stream);
            case "google.com" -> node.label("cloud.google.com/gke-tpu-accelerator").stream();
            case "huawei.com" -> Stream.of(resource.key().substring("huawei.com/".length()));
            default -> Stream.empty();
        };
    }

    /** Devices of the type of machine, of which pods may be given several by one ticket. */
    private Optional<Sighting> ofType(
            KubernetesNode node, KubernetesResource resource, int count, Optional<Node> type) {
        if (type.isEmpty() || type.get().devices().size() != 1) {
            return Optional.empty();
        }
        String id = type.get().devices().get(0).accelerator().id();
        if (resource.isPart()) {
            return Optional.of(Sighting.of(node.place(), id + " MIG " + resource.profile(), count))
                    .filter(recognition::knows);
        }
        long capacity = node.capacity(resource.key());
        long all = type.get().deviceCount();
        if (all <= capacity || all % capacity != 0) {
            return Optional.of(Sighting.of(node.place(), id, count));
        }
        findings.add(
                node.place(),
                "one " + Findings.shown(resource.key()) + " is " + all / capacity + " devices of a "
                        + type.get().name() + "; all are counted");
        return Optional.of(Sighting.of(node.place(), id, (int) Math.min(Integer.MAX_VALUE, count * (all / capacity))));
    }
}
