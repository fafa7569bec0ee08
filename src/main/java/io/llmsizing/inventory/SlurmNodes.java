package io.llmsizing.inventory;

import com.google.common.base.Splitter;
import io.llmsizing.hardware.Node;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads {@code scontrol show node}, one node in several lines or in one: nodes that take jobs, with the devices of {@code Gres}
 * that no job holds.
 */
final class SlurmNodes {
    private static final Pattern FIELD = Pattern.compile(
            "(?:^|\\s)(NodeName|Gres|GresUsed|State|RealMemory|AllocTRES|ActiveFeatures|AvailableFeatures)=(\\S*)");
    private static final Pattern GRES = Pattern.compile("gpu(?::([^:]{1,200}?))?:(\\d{1,12})");
    private static final Pattern USED = Pattern.compile("gres/gpu(?::([^=]{1,200}))?=(\\d{1,12})");
    private static final Pattern PARENTHESES = Pattern.compile("\\([^()]*\\)");
    private static final Set<String> TAKE_JOBS = Set.of(
            "IDLE",
            "MIXED",
            "ALLOCATED",
            "COMPLETING",
            "PLANNED",
            "CLOUD",
            "DYNAMIC_NORM",
            "POWERED_DOWN",
            "POWERING_UP");
    private static final Splitter COMMAS = Splitter.on(',').trimResults().omitEmptyStrings();
    private static final String UNTYPED = "";

    private final Recognition recognition;
    private final Machines machines;
    private final Findings findings;
    private final Map<String, String> fields = new HashMap<>();

    private SlurmNodes(Recognition recognition, Machines machines, Findings findings) {
        this.recognition = recognition;
        this.machines = machines;
        this.findings = findings;
    }

    static void read(InputStream bytes, Recognition recognition, Machines machines, Findings findings)
            throws IOException {
        SlurmNodes nodes = new SlurmNodes(recognition, machines, findings);
        TextLines lines = TextLines.of(bytes, findings);
        String place = "";
        for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
            if (line.get().startsWith("NodeName=")) {
                nodes.tell(place);
                place = lines.place();
            }
            nodes.collect(line.get());
        }
        nodes.tell(place);
    }

    /** The first of a key counts: what people write (reason, comment) stands last. */
    private void collect(String line) {
        Matcher field = FIELD.matcher(line);
        while (field.find()) {
            fields.putIfAbsent(field.group(1), field.group(2));
        }
    }

    private String field(String key) {
        String value = fields.getOrDefault(key, "");
        return value.equals("(null)") || value.equals("N/A") ? "" : value;
    }

    private void tell(String line) {
        if (fields.isEmpty()) {
            return;
        }
        String place = line + ", " + Findings.shown(field("NodeName"));
        Map<String, Long> gres = gres("Gres", place);
        if (gres.isEmpty()) {
            if (!hasDevices("Gres")) {
                findings.add(place, "no GPUs in Gres; left out");
            }
        } else if (field("State").isEmpty()) {
            findings.add(
                    place,
                    "no State is printed, so whether it takes jobs is not known; left out. Write scontrol show node");
        } else if (!takesJobs()) {
            findings.add(place, "state " + Findings.shown(field("State")) + "; left out");
        } else {
            machines(gres, place);
        }
        fields.clear();
    }

    private boolean hasDevices(String key) {
        return COMMAS.splitToStream(field(key)).anyMatch(entry -> entry.startsWith("gpu"));
    }

    private boolean takesJobs() {
        List<String> states = Splitter.on('+').splitToList(field("State"));
        return states.stream().allMatch(state -> TAKE_JOBS.contains(state.replaceAll("[~#!%$@^-]$", "")));
    }

    /** Devices by type; the untyped under an empty name. */
    private Map<String, Long> gres(String key, String place) {
        Map<String, Long> counts = new LinkedHashMap<>();
        for (String entry : COMMAS.split(PARENTHESES.matcher(field(key)).replaceAll(""))) {
            Matcher devices = GRES.matcher(entry);
            if (devices.matches()) {
                counts.merge(named(devices.group(1)), Long.valueOf(devices.group(2)), Long::sum);
            } else if (entry.startsWith("gpu")) {
                findings.add(
                        place,
                        key + " '" + Findings.shown(entry) + "'; expected gpu:TYPE:COUNT or gpu:COUNT, left out");
            } else if (entry.startsWith("shard")) {
                findings.assume(place, "shards are parts of the same GPUs; the GPUs are counted");
            }
        }
        return counts;
    }

    private static String named(String type) {
        return type == null ? UNTYPED : type;
    }

    /** What stands for several machines says the same of each. */
    private void machines(Map<String, Long> gres, String place) {
        List<String> names;
        try {
            names = HostList.names(field("NodeName"));
        } catch (IllegalArgumentException malformed) {
            findings.add(place, "NodeName " + malformed.getMessage() + "; left out");
            return;
        }
        Map<String, Long> used = used(place);
        if (names.size() > 1 && used.values().stream().anyMatch(held -> held > 0)) {
            findings.add(
                    place,
                    "jobs hold GPUs of " + names.size() + " machines together, which ones is not said; left out");
            return;
        }
        Optional<Node> node = machine(gres, used, place).node();
        for (String name : names) {
            if (node.isEmpty() || !machines.add(named(node.get(), name), place)) {
                return;
            }
        }
    }

    private static Node named(Node node, String name) {
        return new Node(Findings.shown(name), node.devices(), node.network(), node.hostMemory());
    }

    private Machine machine(Map<String, Long> gres, Map<String, Long> used, String place) {
        Machine machine = new Machine("");
        try {
            if (!field("RealMemory").isEmpty()) {
                machine.hostMemory(PrintedSizes.mebibytes(field("RealMemory")));
            }
        } catch (IllegalArgumentException | ArithmeticException malformed) {
            findings.add(place, "RealMemory " + malformed.getMessage() + "; the host's memory is not known");
        }
        Optional<Map<String, Long>> free = free(gres, used, place);
        free.ifPresent(left -> left.forEach((type, count) -> device(type, count, place)
                .flatMap(recognition::devices)
                .ifPresent(devices -> machine.add(devices, place, findings))));
        return machine;
    }

    private Map<String, Long> used(String place) {
        if (!field("GresUsed").isEmpty()) {
            return gres("GresUsed", place);
        }
        Map<String, Long> typed = new LinkedHashMap<>();
        long all = 0;
        for (String entry : COMMAS.split(field("AllocTRES"))) {
            Matcher devices = USED.matcher(entry);
            if (devices.matches() && devices.group(1) == null) {
                all = Long.parseLong(devices.group(2));
            } else if (devices.matches()) {
                typed.merge(devices.group(1), Long.valueOf(devices.group(2)), Long::sum);
            } else if (entry.startsWith("gres/shard=")) {
                findings.add(place, "jobs hold shards of its GPUs, of which the memory is not known");
            }
        }
        long unsaid = all - typed.values().stream().mapToLong(Long::longValue).sum();
        if (unsaid > 0) {
            typed.merge(UNTYPED, unsaid, Long::sum);
        }
        return typed;
    }

    /** Nothing where it can't be told which are free. */
    private Optional<Map<String, Long>> free(Map<String, Long> gres, Map<String, Long> used, String place) {
        Map<String, Long> free = new LinkedHashMap<>(gres);
        for (Map.Entry<String, Long> held : used.entrySet()) {
            String type = gres.size() == 1 ? gres.keySet().iterator().next() : held.getKey();
            Long left = free.get(type);
            if (held.getValue() == 0) {
                continue;
            }
            if (left == null) {
                findings.add(place, "jobs hold GPUs of which the type is not said; the node is left out");
                return Optional.empty();
            }
            free.put(type, Math.max(0, left - held.getValue()));
            findings.add(place, held.getValue() + " of " + gres.get(type) + " GPUs are held by jobs; left out");
        }
        free.entrySet().removeIf(left -> left.getValue() == 0 && gres.getOrDefault(left.getKey(), 0L) > 0);
        return Optional.of(free);
    }

    private Optional<Sighting> device(String type, long count, String place) {
        int devices = (int) Math.min(count, Integer.MAX_VALUE);
        if (!type.equals(UNTYPED)) {
            return Optional.of(Sighting.of(place, type, devices));
        }
        String features = field("ActiveFeatures").isEmpty() ? field("AvailableFeatures") : field("ActiveFeatures");
        List<String> known = COMMAS.splitToList(features).stream()
                .limit(32)
                .filter(feature -> recognition.knows(Sighting.of(place, feature, 1)))
                .toList();
        if (known.size() != 1) {
            findings.add(place, "Gres does not say of what type its " + devices + " GPUs are; left out");
            return Optional.empty();
        }
        findings.assume(place, "Gres has no type; its feature '" + Findings.shown(known.get(0)) + "' is taken for it");
        return Optional.of(Sighting.of(place, known.get(0), devices));
    }
}
