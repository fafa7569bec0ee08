package io.llmsizing.serverlog;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.sun.management.ThreadMXBean;
import io.llmsizing.document.MalformedFileException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;

/**
 * Whatever bytes a log holds: figures, or an error of ours, soon and within 64 MiB. On every build the kept inputs run; with
 * {@code JAZZER_FUZZ=1} in the environment Jazzer looks for others, guided by the code they reach.
 */
class ServerLogBytesFuzzTest {
    private static final long MOST_NANOSECONDS = TimeUnit.SECONDS.toNanos(2);
    private static final long MOST_BYTES = 64L << 20;
    private static final ThreadMXBean THREAD = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @BeforeAll
    static void classesAreLoadedBeforeTheClockRuns() {
        assertThat(ServerLogReaderTest.read("Model loading took 1 GiB").figures())
                .hasSize(1);
    }

    @FuzzTest(maxDuration = "5m")
    void aLogIsReadOrRefused(byte[] bytes) throws IOException {
        long time = THREAD.getCurrentThreadCpuTime();
        long memory = THREAD.getCurrentThreadAllocatedBytes();
        try {
            ServerLog log = ServerLogReader.read(new ByteArrayInputStream(bytes), "some.log");
            assertThat(log.figures()).allMatch(figure -> figure.value() >= 0 && figure.line() <= log.lines());
        } catch (MalformedFileException refused) {
            assertThat(refused).hasMessageStartingWith("some.log");
        }
        assertThat(THREAD.getCurrentThreadAllocatedBytes() - memory).isLessThan(MOST_BYTES);
        assertThat(THREAD.getCurrentThreadCpuTime() - time).isLessThan(MOST_NANOSECONDS);
    }
}
