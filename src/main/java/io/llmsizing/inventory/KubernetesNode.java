package io.llmsizing.inventory;

import io.llmsizing.document.JsonObject;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What is kept of one node of Kubernetes. */
final class KubernetesNode {
    /** What is wanted of the document. */
    static final List<String> KEPT = List.of(
            "kind",
            "metadata.name",
            "metadata.labels",
            "spec.unschedulable",
            "status.allocatable",
            "status.capacity",
            "status.conditions.type",
            "status.conditions.status");

    private static final long MOST = 1L << 20;
    private static final Pattern AMD_PARTITION =
            Pattern.compile("(?:beta\\.)?amd\\.com/gpu\\.compute.{0,40}partition.{0,40}");

    private final JsonObject item;
    private final Optional<JsonObject> labels;
    private final Optional<JsonObject> allocatable;
    private final Optional<JsonObject> capacity;

    KubernetesNode(JsonObject item) {
        this.item = item;
        labels = item.object("metadata").flatMap(metadata -> metadata.object("labels"));
        Optional<JsonObject> status = item.object("status");
        allocatable = status.flatMap(object -> object.object("allocatable"));
        capacity = status.flatMap(object -> object.object("capacity"));
    }

    String kind() {
        return item.text("kind").orElse("Node");
    }

    String name() {
        return item.object("metadata")
                .flatMap(metadata -> metadata.text("name"))
                .orElse("");
    }

    /** The name, or the place in the list. */
    String place() {
        return name().isEmpty() ? item.place("metadata.name") : name();
    }

    boolean isSchedulable() {
        return item.object("spec")
                .map(spec -> !spec.flag("unschedulable", false))
                .orElse(true);
    }

    boolean isReady() {
        return item.object("status").map(status -> status.objects("conditions")).orElse(List.of()).stream()
                .anyMatch(condition -> condition.text("type").orElse("").equals("Ready")
                        && condition.text("status").orElse("").equals("True"));
    }

    Optional<String> label(String key) {
        return labels.flatMap(object -> object.text(key)).filter(text -> !text.isBlank());
    }

    /** A whole number, if the label has one. */
    Optional<Long> whole(String label, Findings findings) {
        Optional<String> text = label(label);
        if (text.isPresent() && !text.get().matches("\\d{1,9}")) {
            findings.add(
                    place(), "label " + label + " is '" + Findings.shown(text.get()) + "', no whole number; not read");
            return Optional.empty();
        }
        return text.map(Long::valueOf);
    }

    /** The label, with its value, by which AMD's devices are cut into partitions, if they are. */
    Optional<String> computePartition() {
        return labels.stream()
                .flatMap(object -> object.keys().stream())
                .filter(key -> AMD_PARTITION.matcher(key).matches())
                .filter(key -> ComputePartition.isPart(label(key).orElse("")))
                .map(key -> key + "=" + label(key).orElse(""))
                .findFirst();
    }

    /** The rest of the only label that begins so. */
    Optional<String> labelBehind(String prefix) {
        List<String> keys = labels.map(object -> object.keys().stream()
                        .filter(key -> key.startsWith(prefix))
                        .toList())
                .orElse(List.of());
        return keys.size() == 1 ? Optional.of(keys.get(0).substring(prefix.length())) : Optional.empty();
    }

    Optional<String> instanceType() {
        return label("node.kubernetes.io/instance-type").or(() -> label("beta.kubernetes.io/instance-type"));
    }

    /** All that may be asked for here. */
    Set<String> resources() {
        Set<String> keys = new LinkedHashSet<>();
        capacity.ifPresent(object -> keys.addAll(object.keys()));
        allocatable.ifPresent(object -> keys.addAll(object.keys()));
        return keys;
    }

    long capacity(String resource) {
        return Math.max(count(capacity, resource), allocatable(resource));
    }

    long allocatable(String resource) {
        return count(allocatable, resource);
    }

    private static long count(Optional<JsonObject> quantities, String resource) {
        long count = quantity(quantities, resource);
        if (count > MOST) {
            throw quantities.orElseThrow().problem(resource, count + "; expected 0 to " + MOST);
        }
        return count;
    }

    /** Memory of the host in bytes, 0 where unknown. */
    long memory() {
        return quantity(capacity, "memory");
    }

    private static long quantity(Optional<JsonObject> quantities, String resource) {
        if (quantities.isEmpty() || quantities.get().decimal(resource).isEmpty()) {
            return 0;
        }
        try {
            return PrintedSizes.quantity(quantities.get().decimal(resource).get());
        } catch (IllegalArgumentException malformed) {
            throw quantities.get().problem(resource, String.valueOf(malformed.getMessage()));
        }
    }
}
