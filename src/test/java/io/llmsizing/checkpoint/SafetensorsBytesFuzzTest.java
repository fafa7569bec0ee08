package io.llmsizing.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.sun.management.ThreadMXBean;
import io.llmsizing.document.MalformedFileException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;

/**
 * Whatever bytes a file holds: its tensors, or an error of ours, within 64 MiB. On every build the kept inputs run; with
 * {@code JAZZER_FUZZ=1} in the environment Jazzer looks for others, guided by the code they reach.
 */
class SafetensorsBytesFuzzTest {
    private static final long MOST_BYTES = 64L << 20;
    private static final ThreadMXBean THREAD = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @FuzzTest(maxDuration = "5m")
    void aFileIsReadOrRefused(byte[] bytes) throws IOException {
        check(bytes);
    }

    /** Most bytes are no header length; the same bytes are tried as a header too. */
    @FuzzTest(maxDuration = "5m")
    void aHeaderIsReadOrRefused(byte[] header) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        for (int i = 0; i < 8; i++) {
            file.write(i < 4 ? header.length >> (8 * i) : 0);
        }
        file.write(header);
        check(file.toByteArray());
    }

    private static void check(byte[] bytes) throws IOException {
        long memory = THREAD.getCurrentThreadAllocatedBytes();
        try {
            long sum = SafetensorsReader.read(BytesInMemory.of(bytes)).stream()
                    .mapToLong(StoredTensor::bytes)
                    .sum();
            assertThat(sum).isBetween(0L, (long) bytes.length);
        } catch (MalformedFileException refused) {
            assertThat(refused).hasMessageStartingWith("some.gguf");
        }
        assertThat(THREAD.getCurrentThreadAllocatedBytes() - memory).isLessThan(MOST_BYTES);
    }
}
