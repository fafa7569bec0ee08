package io.llmsizing.reader;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.sun.management.ThreadMXBean;
import io.llmsizing.document.MalformedFileException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;

/**
 * Whatever bytes a config.json holds: a model, or an error of ours, soon and within 64 MiB (instrumented code is
 * slow; the 100 ms are held by {@link HuggingFaceReaderFuzzTest}). On every build the kept inputs
 * run; with {@code JAZZER_FUZZ=1} in the environment Jazzer looks for others, guided by the code they reach.
 */
class ConfigBytesFuzzTest {
    private static final long MOST_NANOSECONDS = TimeUnit.SECONDS.toNanos(2);
    private static final long MOST_BYTES = 64L << 20;
    private static final ThreadMXBean THREAD = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @BeforeAll
    static void classesAreLoadedBeforeTheClockRuns() {
        for (int i = 0; i < 20; i++) {
            assertThat(HuggingFaceReader.read(Configs.DEEPSEEK_V3, "some/model")
                            .model()
                            .hidden())
                    .isEqualTo(7_168);
        }
    }

    @FuzzTest(maxDuration = "5m")
    void aConfigIsReadOrRefused(byte[] bytes) {
        long time = THREAD.getCurrentThreadCpuTime();
        long memory = THREAD.getCurrentThreadAllocatedBytes();
        try {
            HuggingFaceReader.read(new String(bytes, StandardCharsets.UTF_8), "some/model");
        } catch (MalformedFileException | UnsupportedArchitectureException refused) {
            assertThat(refused).hasMessageStartingWith("config.json");
        }
        assertThat(THREAD.getCurrentThreadAllocatedBytes() - memory).isLessThan(MOST_BYTES);
        assertThat(THREAD.getCurrentThreadCpuTime() - time).isLessThan(MOST_NANOSECONDS);
    }
}
