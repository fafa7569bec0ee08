package io.llmsizing.inventory;

import com.google.common.math.LongMath;
import io.llmsizing.document.XmlElements;
import io.llmsizing.units.ByteSize;
import java.io.InputStream;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads {@code nvidia-smi -q -x}. The profile of a MIG device is told by its memory and its copy engines. */
final class NvidiaSmiXml implements XmlElements.Element {
    private static final String GPU = "nvidia_smi_log/gpu";
    private static final String PART = GPU + "/mig_devices/mig_device";
    private static final int MOST_PARTS = 64;

    private final Recognition recognition;
    private final Findings findings;
    private final Machine machine = new Machine("");
    private final Map<String, String> gpu = new HashMap<>();
    private final Map<String, Map<String, String>> parts = new LinkedHashMap<>();
    private Map<String, String> part = new HashMap<>();
    private int gpus;

    private NvidiaSmiXml(Recognition recognition, Findings findings) {
        this.recognition = recognition;
        this.findings = findings;
    }

    static void read(InputStream bytes, Recognition recognition, Machines machines, Findings findings) {
        NvidiaSmiXml log = new NvidiaSmiXml(recognition, findings);
        try {
            XmlElements.forEach(bytes, findings.file(), log);
        } finally {
            machines.add(log.machine, "the machine");
        }
    }

    @Override
    public void starts(String path) {
        if (path.equals(GPU)) {
            gpu.clear();
            parts.clear();
        } else if (path.equals(PART)) {
            part = new HashMap<>();
        }
    }

    @Override
    public void ends(String path, String text, String place) {
        if (path.equals(GPU)) {
            gpus++;
            tell("gpu " + gpus + ", " + place);
        } else if (path.equals(PART)) {
            keep(place);
        } else if (path.startsWith(PART + "/")) {
            put(part, path.substring(PART.length() + 1), text);
        } else if (path.startsWith(GPU + "/")) {
            put(gpu, path.substring(GPU.length() + 1), text);
        }
    }

    private static void put(Map<String, String> values, String key, String text) {
        switch (key) {
            case "product_name",
                    "mig_mode/current_mig",
                    "fb_memory_usage/total",
                    "fb_memory_usage/free",
                    "fb_memory_usage/used",
                    "fb_memory_usage/reserved",
                    "ecc_mode/current_ecc",
                    "gpu_instance_id",
                    "device_attributes/shared/copy_engine_count" -> values.put(key, text);
            default -> {}
        }
    }

    /** Compute instances of one GPU instance have one memory: the first stands for all. */
    private void keep(String place) {
        String instance = part.getOrDefault("gpu_instance_id", "");
        if (parts.size() >= MOST_PARTS) {
            findings.add(place, "more than " + MOST_PARTS + " MIG devices of one GPU; those beyond are left out");
        } else if (parts.putIfAbsent(instance, part) != null) {
            findings.assume(place, "compute instances of one MIG instance share its memory; it is counted once");
        }
    }

    private void tell(String place) {
        String name = gpu.getOrDefault("product_name", "");
        boolean cut = gpu.getOrDefault("mig_mode/current_mig", "").equals("Enabled");
        try {
            if (partsAreMoreThan(size(gpu, "total"))) {
                findings.add(
                        place,
                        "the MIG devices of '" + Findings.shown(name)
                                + "' have more memory than it has itself; left out");
            } else if (!parts.isEmpty()) {
                parts.values().forEach(values -> part(place, name, values));
            } else if (cut) {
                findings.add(place, Findings.shown(name) + " is in MIG mode without MIG devices; left out");
            } else {
                take(Sighting.of(place, name, 1)
                        .with(new Sighting.Memory(
                                size(gpu, "total"),
                                size(gpu, "free"),
                                size(gpu, "used"),
                                size(gpu, "reserved"),
                                PrintedSizes.enabled(gpu.getOrDefault("ecc_mode/current_ecc", "")))));
            }
        } catch (IllegalArgumentException malformed) {
            findings.add(place, malformed.getMessage() + "; left out");
        }
    }

    private boolean partsAreMoreThan(Optional<ByteSize> whole) {
        long sum = parts.values().stream()
                .mapToLong(values -> size(values, "total").map(ByteSize::bytes).orElse(0L))
                .reduce(0, LongMath::saturatedAdd);
        return whole.map(all -> sum > all.bytes()).orElse(false);
    }

    private void part(String place, String whole, Map<String, String> values) {
        Optional<ByteSize> total = size(values, "total");
        String engines = values.getOrDefault("device_attributes/shared/copy_engine_count", "");
        Optional<String> name = total.flatMap(memory ->
                recognition.partOf(whole, memory, engines.matches("\\d{1,4}") ? Integer.parseInt(engines) : 0));
        if (name.isEmpty()) {
            String memory = total.map(Recognition::mebibytes).orElse("no memory printed");
            findings.add(
                    place,
                    "no MIG profile of '" + Findings.shown(whole) + "' is known that has the memory of one of its MIG"
                            + " devices (" + memory + "); left out");
            return;
        }
        take(Sighting.of(place, name.get(), 1)
                .with(new Sighting.Memory(
                        total, size(values, "free"), size(values, "used"), Optional.empty(), Optional.empty())));
    }

    private void take(Sighting seen) {
        recognition.devices(seen).ifPresent(devices -> machine.add(devices, seen.place(), findings));
    }

    /**
     * A size that may be absent.
     *
     * @throws IllegalArgumentException if it is no size
     */
    private static Optional<ByteSize> size(Map<String, String> values, String which) {
        @Nullable String text = values.get("fb_memory_usage/" + which);
        if (text == null || PrintedSizes.isAbsent(text)) {
            return Optional.empty();
        }
        try {
            return Optional.of(ByteSize.parse(text));
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException(
                    "fb_memory_usage/" + which + " '" + Findings.shown(text) + "'; expected a number of MiB",
                    malformed);
        }
    }
}
