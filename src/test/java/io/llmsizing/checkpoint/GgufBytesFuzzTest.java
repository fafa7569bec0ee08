package io.llmsizing.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.sun.management.ThreadMXBean;
import io.llmsizing.document.MalformedFileException;
import io.llmsizing.reader.UnsupportedArchitectureException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;

/**
 * Whatever bytes a GGUF file begins with, and however long it is: a header and perhaps a model, or an error of ours, soon and
 * within 64 MiB. On every build the kept inputs run; with {@code JAZZER_FUZZ=1} in the environment Jazzer looks for others,
 * guided by the code they reach.
 */
class GgufBytesFuzzTest {
    private static final long MOST_NANOSECONDS = TimeUnit.SECONDS.toNanos(2);
    private static final long MOST_BYTES = 64L << 20;
    private static final ThreadMXBean THREAD = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @BeforeAll
    static void classesAreLoadedBeforeTheClockRuns() throws IOException {
        for (PublishedMetadata line : PublishedMetadata.all().limit(20).toList()) {
            assertThat(GgufConfig.of(line.file()).read("some/model").model().hidden())
                    .isPositive();
        }
    }

    @FuzzTest(maxDuration = "5m")
    void aHeaderIsReadOrRefused(byte[] bytes) throws IOException {
        for (long length : new long[] {bytes.length, 1L << 38}) {
            long time = THREAD.getCurrentThreadCpuTime();
            long memory = THREAD.getCurrentThreadAllocatedBytes();
            try {
                GgufConfig.of(GgufReader.read(new BytesInMemory("some.gguf", bytes, Math.max(bytes.length, length))))
                        .read("some/model");
            } catch (MalformedFileException | UnsupportedArchitectureException refused) {
                assertThat(refused).hasMessageStartingWith("some.gguf: ");
            }
            assertThat(THREAD.getCurrentThreadAllocatedBytes() - memory).isLessThan(MOST_BYTES);
            assertThat(THREAD.getCurrentThreadCpuTime() - time).isLessThan(MOST_NANOSECONDS);
        }
    }
}
