package io.llmsizing.inventory;

import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code nvidia-smi -L}: a line for each GPU, and one below it for each MIG device. No memory is printed. */
final class NvidiaSmiList {
    private static final Pattern GPU = Pattern.compile("GPU \\d{1,9}: (.+?)(?: \\(UUID: [^)]*\\))?\\s*");
    private static final Pattern PART =
            Pattern.compile("\\s+MIG (?:(\\d)c\\.)?(\\d{1,2})(g\\.\\d{1,4}gb)(\\S*)\\s+Device\\s+\\d{1,9}:.*");

    /** GPU instances of one profile: their number, and compute slices seen of them. */
    private static final class Parts {
        private int whole;
        private int slices;

        /** As few as the compute slices take. */
        int count(String profile) {
            int slicesOfOne = Math.max(1, Integer.parseInt(profile.substring(0, profile.indexOf('g'))));
            return whole + (slices + slicesOfOne - 1) / slicesOfOne;
        }
    }

    private final Recognition recognition;
    private final Findings findings;
    private final Machine machine = new Machine("");
    private final Map<String, Parts> parts = new LinkedHashMap<>();
    private String gpu = "";
    private String place = "";

    private NvidiaSmiList(Recognition recognition, Findings findings) {
        this.recognition = recognition;
        this.findings = findings;
    }

    static void read(InputStream bytes, Recognition recognition, Machines machines, Findings findings)
            throws IOException {
        NvidiaSmiList list = new NvidiaSmiList(recognition, findings);
        TextLines lines = TextLines.of(bytes, findings);
        for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
            list.take(line.get(), lines.place());
        }
        list.tell();
        machines.add(list.machine, "the machine");
    }

    private void take(String line, String at) {
        Matcher whole = GPU.matcher(line);
        Matcher part = PART.matcher(line);
        if (whole.matches()) {
            tell();
            gpu = whole.group(1);
            place = at;
        } else if (part.matches() && !gpu.isEmpty()) {
            Parts alike = parts.computeIfAbsent(part.group(2) + part.group(3), absent -> new Parts());
            if (part.group(1) == null) {
                alike.whole++;
            } else {
                alike.slices += Integer.parseInt(part.group(1));
            }
        } else {
            findings.add(at, "'" + Findings.shown(line.strip()) + "' is neither a GPU nor a MIG device; left out");
        }
    }

    private void tell() {
        if (gpu.isEmpty()) {
            return;
        }
        if (parts.isEmpty()) {
            take(Sighting.of(place, gpu, 1));
        }
        if (partsAreMoreThanTheDevice()) {
            findings.add(
                    place,
                    "the MIG devices of '" + Findings.shown(gpu) + "' have more memory than it has itself; left out");
            parts.clear();
            gpu = "";
            return;
        }
        parts.forEach((profile, alike) -> {
            if (alike.slices > 0) {
                findings.assume(
                        place,
                        "compute instances of one MIG instance share its memory; " + profile
                                + " are counted, as few as there can be");
            }
            take(Sighting.of(place, gpu + " MIG " + profile, alike.count(profile)));
        });
        parts.clear();
        gpu = "";
    }

    private boolean partsAreMoreThanTheDevice() {
        List<Sighting> each = parts.entrySet().stream()
                .map(alike -> Sighting.of(
                        place, gpu + " MIG " + alike.getKey(), alike.getValue().count(alike.getKey())))
                .toList();
        return recognition.exceed(Sighting.of(place, gpu, 1), each);
    }

    private void take(Sighting seen) {
        recognition.devices(seen).ifPresent(devices -> machine.add(devices, seen.place(), findings));
    }
}
