package io.llmsizing.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.document.MalformedFileException;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.hardware.Node;
import io.llmsizing.units.ByteSize;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class InventoryProperties {
    private static final String[] SAMPLES = {
        "nvidia-smi-query.csv",
        "nvidia-smi-L.txt",
        "nvidia-smi-q.xml",
        "rocm-smi.json",
        "amd-smi-static.json",
        "kubernetes-nodes.json",
        "scontrol-nodes.txt",
        "inventory.csv"
    };

    @Property(tries = 300)
    void freeMemoryIsWhatCountsAndNeverMoreThanTheCardHas(@ForAll @IntRange(min = 1, max = 46_068) int free) {
        Node.Devices card = Samples.text(
                        "name, memory.total [MiB], memory.free [MiB]\nNVIDIA L40S, 46068, " + free + "\n")
                .inventory()
                .nodes()
                .get(0)
                .devices()
                .get(0);
        ByteSize whole = Samples.NAMES.card("l40s").memory().usable();
        assertThat(card.accelerator().memory().usable().bytes()).isEqualTo(Math.min(whole.bytes(), (long) free << 20));
        Cluster cluster = Cluster.of(card.accelerator(), 1);
        assertThat(Cluster.parse(card.toString(), Samples.NAMES)
                        .firstAccelerator()
                        .memory()
                        .usable())
                .isEqualTo(cluster.firstAccelerator().memory().usable());
    }

    @Property(tries = 1_000)
    void aSampleWithADamagedByteIsReadOrRefused(
            @ForAll @IntRange(max = 7) int sample, @ForAll @IntRange(max = 1 << 17) int at, @ForAll byte value) {
        byte[] bytes = Samples.textOf(SAMPLES[sample]).getBytes(StandardCharsets.UTF_8);
        bytes[at % bytes.length] = value;
        readOrRefused(bytes, bytes.length);
    }

    @Property(tries = 300)
    void aSampleThatBreaksOffIsReadOrRefused(
            @ForAll @IntRange(max = 7) int sample, @ForAll @IntRange(max = 1 << 17) int length) {
        byte[] bytes = Samples.textOf(SAMPLES[sample]).getBytes(StandardCharsets.UTF_8);
        readOrRefused(bytes, length % bytes.length);
    }

    private static void readOrRefused(byte[] bytes, int length) {
        try {
            InventoryReading reading =
                    InventoryReader.read(new ByteArrayInputStream(bytes, 0, length), "some.txt", Samples.NAMES);
            assertThat(reading.inventory().devices() > 0 || !reading.findings().isEmpty())
                    .as("nothing is lost in silence")
                    .isTrue();
        } catch (MalformedFileException refused) {
            assertThat(refused).hasMessageStartingWith("some.txt: ");
        }
    }
}
