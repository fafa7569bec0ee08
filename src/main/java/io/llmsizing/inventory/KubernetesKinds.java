package io.llmsizing.inventory;

import io.llmsizing.document.Bundled;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.DeviceMemory;
import io.llmsizing.hardware.Node;
import io.llmsizing.units.ByteSize;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What devices of Kubernetes are: by labels of feature discovery, then of the cloud, then by the type of machine, where no label
 * speaks against it.
 */
final class KubernetesKinds {
    private static final Map<String, String> CLOUD_NAMES =
            Bundled.rows(KubernetesKinds.class, "cloud-labels.csv", List.of("value", "accelerator", "source")).stream()
                    .collect(Collectors.toUnmodifiableMap(
                            row -> row.required("value"), row -> row.required("accelerator")));
    private static final Pattern GIBIBYTES = Pattern.compile("(\\d{1,5})G(?:i|iB)?");

    private final Recognition recognition;
    private final Findings findings;

    KubernetesKinds(Recognition recognition, Findings findings) {
        this.recognition = recognition;
        this.findings = findings;
    }

    /** The devices, or nothing and a finding. */
    Optional<Sighting> sighting(KubernetesNode node, KubernetesResource resource, long devices, Optional<Node> type) {
        Optional<ByteSize> total = node.whole(resource.labels() + ".memory", findings)
                .filter(mebibytes -> mebibytes > 0)
                .map(mebibytes -> ByteSize.ofBytes(mebibytes << 20));
        int count = (int) Math.min(devices, Integer.MAX_VALUE);
        List<Sighting> named = named(node, resource)
                .map(name -> resource.isPart() ? part(name, resource) : name)
                .map(name -> Sighting.of(node.place(), name, count).withMemory(total, Optional.empty()))
                .toList();
        Optional<Sighting> known = named.stream().filter(recognition::knows).findFirst();
        if (known.isPresent()) {
            return known.filter(seen -> agrees(node, resource, seen));
        }
        Optional<Sighting> ofType = type.flatMap(machine -> ofType(node, resource, count, machine))
                .map(seen -> seen.withMemory(total, Optional.empty()))
                .filter(seen -> named.isEmpty() || total.isEmpty() || recognition.isTotal(seen));
        ofType.ifPresent(seen -> named.stream()
                .findFirst()
                .ifPresent(label -> findings.assume(
                        node.place(),
                        "'" + Findings.shown(label.name()) + "' is no device that is known; " + recognition.nameOf(seen)
                                + " is taken, which machines of its type ("
                                + type.map(Node::name).orElse("") + ") have")));
        Optional<Sighting> found = ofType.or(() -> named.stream().findFirst());
        if (found.isEmpty()) {
            findings.add(
                    node.place(),
                    "nothing says what its " + count + " " + Findings.shown(resource.key()) + " are; left out");
        }
        return found.filter(seen -> agrees(node, resource, seen));
    }

    /** Whether devices are those of a type of machine. */
    boolean isOf(Node type, Sighting seen) {
        List<Node.Devices> devices = type.devices();
        return devices.size() == 1
                && recognition
                        .known(seen)
                        .map(card ->
                                card.id().equals(devices.get(0).accelerator().id()))
                        .orElse(false);
    }

    /** AMD's label has whole GiB, of a part where the device is cut. */
    private boolean agrees(KubernetesNode node, KubernetesResource resource, Sighting seen) {
        Optional<DeviceMemory> listed = recognition.known(seen).map(Accelerator::memory);
        String label = node.label("amd.com/gpu.vram")
                .or(() -> node.label("beta.amd.com/gpu.vram"))
                .orElse("");
        Matcher vram = GIBIBYTES.matcher(label);
        if (!resource.isOf("amd.com") || listed.isEmpty() || !vram.matches()) {
            return true;
        }
        boolean near = listed.get().isNear(ByteSize.ofGibibytes(Long.parseLong(vram.group(1))));
        if (!near) {
            findings.add(
                    node.place(),
                    "label gpu.vram is " + label + ", but " + recognition.nameOf(seen) + " has "
                            + Recognition.mebibytes(listed.get().driver())
                            + ": a part of a device, or another; left out. Write the cluster with what is usable of each");
        }
        return near;
    }

    private static String part(String whole, KubernetesResource resource) {
        int cut = whole.indexOf("-MIG-");
        return (cut < 0 ? whole : whole.substring(0, cut)) + " MIG " + resource.profile();
    }

    private static Stream<String> named(KubernetesNode node, KubernetesResource resource) {
        return switch (resource.labels().substring(0, resource.labels().indexOf('/'))) {
            case "nvidia.com" ->
                Stream.of(
                                node.label("nvidia.com/gpu.product").stream(),
                                node.label(resource.labels() + ".product").stream(),
                                cloud(node, "cloud.google.com/gke-accelerator"))
                        .flatMap(names -> names);
            case "amd.com" ->
                Stream.of(
                                node.label("amd.com/gpu.product-name"),
                                node.label("beta.amd.com/gpu.product-name"),
                                node.labelBehind("beta.amd.com/gpu.product-name."),
                                node.labelBehind("amd.com/gpu.product-name."))
                        .flatMap(Optional::stream);
            case "google.com" -> cloud(node, "cloud.google.com/gke-tpu-accelerator");
            case "huawei.com" -> Stream.of(resource.key().substring("huawei.com/".length()));
            default -> Stream.empty();
        };
    }

    /** What a cloud writes is its own, and may be another device's name elsewhere: what it means comes first. */
    private static Stream<String> cloud(KubernetesNode node, String label) {
        return node.label(label).stream()
                .flatMap(
                        value -> Stream.concat(Optional.ofNullable(CLOUD_NAMES.get(value)).stream(), Stream.of(value)));
    }

    /** Devices of a type of machine, and only those that are advertised: the others may not be there to be used. */
    private Optional<Sighting> ofType(KubernetesNode node, KubernetesResource resource, int count, Node type) {
        if (type.devices().size() != 1) {
            return Optional.empty();
        }
        String id = type.devices().get(0).accelerator().id();
        return resource.isPart()
                ? Optional.of(Sighting.of(node.place(), id + " MIG " + resource.profile(), count))
                        .filter(recognition::knows)
                : Optional.of(Sighting.of(node.place(), id, count));
    }
}
