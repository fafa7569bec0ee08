package io.llmsizing.inventory;

import io.llmsizing.document.JsonObject;
import io.llmsizing.document.JsonReader;
import io.llmsizing.document.MalformedFileException;
import io.llmsizing.units.ByteSize;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads what {@code rocm-smi --json} and {@code amd-smi static --json} print, of all their versions. */
final class AmdJson {
    private static final List<String> NAMES = List.of("card series", "device name", "card model");
    private static final long MOST = 1L << 44;

    private final Recognition recognition;
    private final Findings findings;
    private final Machine machine = new Machine("");

    private AmdJson(Recognition recognition, Findings findings) {
        this.recognition = recognition;
        this.findings = findings;
    }

    /** One object, with a key for each card; bytes, as texts. */
    static void readRocmSmi(InputStream bytes, Recognition recognition, Machines machines, Findings findings) {
        AmdJson reader = new AmdJson(recognition, findings);
        JsonObject cards = JsonReader.read(bytes, findings.file());
        for (String key : cards.keys()) {
            if (key.matches("card\\d{1,9}")) {
                reader.guarded(() -> reader.rocm(cards.requiredObject(key), key));
            } else if (!key.equals("system")) {
                findings.add(Findings.shown(key), "neither a card nor the system; left out");
            }
        }
        machines.add(reader.machine, "the machine");
    }

    static void readAmdSmi(InputStream bytes, Recognition recognition, Machines machines, Findings findings) {
        readGpus(JsonReader.read(bytes, findings.file()).objects("gpu_data"), recognition, machines, findings);
    }

    static void readAmdSmiList(InputStream bytes, Recognition recognition, Machines machines, Findings findings) {
        readGpus(JsonReader.readList(bytes, findings.file()), recognition, machines, findings);
    }

    private static void readGpus(List<JsonObject> gpus, Recognition recognition, Machines machines, Findings findings) {
        AmdJson reader = new AmdJson(recognition, findings);
        gpus.forEach(gpu -> reader.guarded(() -> reader.amd(gpu)));
        machines.add(reader.machine, "the machine");
    }

    private void guarded(Runnable reading) {
        try {
            reading.run();
        } catch (MalformedFileException malformed) {
            findings.add(malformed, "; this card is left out");
        }
    }

    /** Tools print one memory for a device and its parts. */
    private boolean isCut(Optional<String> mode, String place) {
        boolean cut = mode.map(ComputePartition::isPart).orElse(false);
        if (cut) {
            findings.add(
                    place,
                    "compute partition " + Findings.shown(mode.orElseThrow())
                            + ": a part of a device, of which the memory is not known; left out. Write the cluster with what"
                            + " is usable of each device");
        }
        return cut;
    }

    private void rocm(JsonObject card, String place) {
        if (isCut(text(card, "compute partition"), place)) {
            return;
        }
        Optional<ByteSize> total = bytes(card, "vram total memory (b)");
        Optional<ByteSize> used = bytes(card, "vram total used memory (b)");
        List<Sighting> named = NAMES.stream()
                .flatMap(name -> text(card, name).stream())
                .map(name -> sighting(place, name, total, used))
                .toList();
        if (named.isEmpty()) {
            findings.add(place, "no name; left out. Write rocm-smi --showproductname --showmeminfo vram --json");
            return;
        }
        take(named.stream().filter(recognition::knows).findFirst().orElse(named.get(0)));
    }

    private static Sighting sighting(String place, String name, Optional<ByteSize> total, Optional<ByteSize> used) {
        Optional<ByteSize> free =
                total.flatMap(all -> used.map(held -> ByteSize.ofBytes(Math.max(0, all.bytes() - held.bytes()))));
        return Sighting.of(place, name, 1).withMemory(total, free);
    }

    private static Optional<String> keyOf(JsonObject card, String folded) {
        return card.keys().stream()
                .filter(key -> key.toLowerCase(Locale.ROOT).equals(folded))
                .findFirst();
    }

    private static Optional<String> text(JsonObject card, String folded) {
        return keyOf(card, folded).flatMap(card::text).filter(text -> !PrintedSizes.isAbsent(text));
    }

    private static Optional<ByteSize> bytes(JsonObject card, String folded) {
        Optional<String> key = keyOf(card, folded);
        Optional<String> text = key.flatMap(card::decimal).filter(digits -> !PrintedSizes.isAbsent(digits));
        if (text.isPresent() && !text.get().matches("\\d{1,15}")) {
            throw card.problem(key.orElseThrow(), card.shown(key.orElseThrow()) + "; expected a number of bytes");
        }
        return text.map(digits -> ByteSize.ofBytes(Long.parseLong(digits)));
    }

    private void amd(JsonObject gpu) {
        String place = gpu.place("asic.market_name");
        Optional<String> name = gpu.object("asic")
                .flatMap(asic -> asic.text("market_name"))
                .filter(text -> !PrintedSizes.isAbsent(text));
        if (name.isEmpty()) {
            findings.add(place, "absent: no name, left out. Write amd-smi static --asic --vram --json");
            return;
        }
        if (isCut(gpu.object("partition").flatMap(AmdJson::mode), place)) {
            return;
        }
        Optional<ByteSize> size = gpu.object("vram").flatMap(vram -> mebibytes(vram, "size"));
        Optional<JsonObject> usage = gpu.object("mem_usage");
        Optional<ByteSize> total = size.or(() -> usage.flatMap(memory -> mebibytes(memory, "total_vram")));
        take(Sighting.of(place, name.get(), 1)
                .withMemory(total, usage.flatMap(memory -> mebibytes(memory, "free_vram"))));
    }

    private static Optional<String> mode(JsonObject partition) {
        return partition.text("compute_partition").or(() -> partition.text("accelerator_partition"));
    }

    /** A number and the unit MB, by which these tools mean MiB. */
    private static Optional<ByteSize> mebibytes(JsonObject owner, String key) {
        if (!owner.holdsObject(key)) {
            return Optional.empty();
        }
        JsonObject size = owner.requiredObject(key);
        if (!size.requiredText("unit").equals("MB")) {
            throw size.problem("unit", size.shown("unit") + "; expected MB, by which amd-smi means MiB");
        }
        return Optional.of(ByteSize.ofBytes(size.whole("value", 0, MOST >> 20) << 20));
    }

    private void take(Sighting seen) {
        recognition.devices(seen).ifPresent(devices -> machine.add(devices, seen.place(), findings));
    }
}
