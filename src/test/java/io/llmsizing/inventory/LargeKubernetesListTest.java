package io.llmsizing.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A list of 5,000 nodes of 20 KB each: what is passed over is not held. */
class LargeKubernetesListTest {
    private static final int NODES = 5_000;
    private static final ThreadMXBean THREAD = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** The list, made node by node while it is read. */
    private static InputStream list(int nodes) {
        String sample = Samples.textOf("kubernetes-nodes.json");
        int start = sample.indexOf('{', sample.indexOf("\"items\""));
        String node = sample.substring(start, sample.indexOf("\n        },", start) + 10);
        String images = ("{\"names\": [\"registry.example/some/image@sha256:" + "0123456789abcdef".repeat(4)
                        + "\"], \"sizeBytes\": 1234567890},")
                .repeat(100);
        byte[] bytes = node.replace("\"images\": [", "\"images\": [" + images).getBytes(StandardCharsets.UTF_8);
        List<InputStream> parts = IntStream.rangeClosed(0, nodes)
                .<InputStream>mapToObj(i -> new SequenceInputStream(
                        new ByteArrayInputStream(
                                (i == 0 ? "{\"apiVersion\": \"v1\", \"items\": [" : i == nodes ? "]}" : ",")
                                        .getBytes(StandardCharsets.UTF_8)),
                        new ByteArrayInputStream(i == nodes ? new byte[0] : bytes)))
                .toList();
        return new SequenceInputStream(Collections.enumeration(parts));
    }

    @Test
    void fiveThousandNodesAreReadSoonAndWithoutBeingHeld() {
        InventoryReader.read(list(500), "nodes.json", Samples.NAMES);
        InputStream list = list(NODES);
        long time = THREAD.getCurrentThreadCpuTime();
        long memory = THREAD.getCurrentThreadAllocatedBytes();
        InventoryReading reading = InventoryReader.read(list, "nodes.json", Samples.NAMES);
        long allocated = THREAD.getCurrentThreadAllocatedBytes() - memory;
        long milliseconds = TimeUnit.NANOSECONDS.toMillis(THREAD.getCurrentThreadCpuTime() - time);
        assertThat(reading.inventory().nodes()).hasSize(NODES);
        assertThat(reading.inventory().cluster()).hasToString("5000x8x NVIDIA H100 SXM5");
        assertThat(reading.findings()).isEmpty();
        assertThat(allocated).isLessThan(128L << 20);
        assertThat(milliseconds).isLessThan(2_000);
    }
}
