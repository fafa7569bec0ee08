package io.llmsizing.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.sun.management.ThreadMXBean;
import io.llmsizing.document.MalformedFileException;
import java.io.ByteArrayInputStream;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;

/**
 * Whatever bytes a file holds: machines and findings, or an error of ours, soon and within 64 MiB. On every build the kept
 * inputs run; with {@code JAZZER_FUZZ=1} in the environment Jazzer looks for others, guided by the code they reach.
 */
class InventoryBytesFuzzTest {
    private static final long MOST_NANOSECONDS = TimeUnit.SECONDS.toNanos(2);
    private static final long MOST_BYTES = 64L << 20;
    private static final ThreadMXBean THREAD = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @BeforeAll
    static void classesAreLoadedBeforeTheClockRuns() {
        for (String file : new String[] {
            "nvidia-smi-query.csv",
            "nvidia-smi-L.txt",
            "nvidia-smi-q.xml",
            "rocm-smi.json",
            "amd-smi-static.json",
            "kubernetes-nodes.json",
            "scontrol-nodes.txt",
            "inventory.csv"
        }) {
            assertThat(Samples.sample(file).inventory().devices()).isPositive();
        }
    }

    @FuzzTest(maxDuration = "5m")
    void anInventoryIsReadOrRefused(byte[] bytes) {
        long time = THREAD.getCurrentThreadCpuTime();
        long memory = THREAD.getCurrentThreadAllocatedBytes();
        try {
            InventoryReading reading = InventoryReader.read(new ByteArrayInputStream(bytes), "some.txt", Samples.NAMES);
            assertThat(reading.findings()).hasSizeLessThanOrEqualTo(1_001);
            assertThat(reading.inventory().devices()).isBetween(0, 1 << 26);
        } catch (MalformedFileException refused) {
            assertThat(refused).hasMessageStartingWith("some.txt");
        }
        assertThat(THREAD.getCurrentThreadAllocatedBytes() - memory).isLessThan(MOST_BYTES);
        assertThat(THREAD.getCurrentThreadCpuTime() - time).isLessThan(MOST_NANOSECONDS);
    }
}
