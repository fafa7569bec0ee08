package io.llmsizing.serverlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.document.MalformedFileException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class ServerLogProperties {
    private static final List<String> SAMPLES =
            List.of("vllm-start.txt", "vllm-two-ranks.txt", "sglang-start.txt", "llama-server.txt");

    private static byte[] sample(int index) throws IOException {
        return Files.readAllBytes(Path.of("src/test/resources/examples", SAMPLES.get(index)));
    }

    @Property(tries = 500)
    void aLogWithADamagedByteIsReadOrRefused(
            @ForAll @IntRange(max = 3) int sample, @ForAll @IntRange(max = 1 << 16) int at, @ForAll byte value)
            throws IOException {
        byte[] bytes = sample(sample);
        bytes[at % bytes.length] = value;
        readOrRefused(bytes, bytes.length);
    }

    @Property(tries = 300)
    void aLogThatBreaksOffIsReadOrRefused(
            @ForAll @IntRange(max = 3) int sample, @ForAll @IntRange(max = 1 << 16) int length) throws IOException {
        byte[] bytes = sample(sample);
        readOrRefused(bytes, length % bytes.length);
    }

    @Property(tries = 300)
    void anyBytesAreReadOrRefused(@ForAll byte[] bytes) throws IOException {
        readOrRefused(bytes, bytes.length);
    }

    private static void readOrRefused(byte[] bytes, int length) throws IOException {
        try {
            ServerLog log = ServerLogReader.read(new ByteArrayInputStream(bytes, 0, length), "some.log");
            assertThat(log.figures()).allMatch(figure -> figure.line() >= 1 && figure.line() <= log.lines());
        } catch (MalformedFileException refused) {
            assertThat(refused).hasMessageStartingWith("some.log: ");
        }
    }

    @Property(tries = 300)
    void aFigureIsReadBackWithinItsRounding(@ForAll @LongRange(min = 0, max = 1L << 45) long bytes) throws IOException {
        double gibibytes = bytes / (double) (1L << 30);
        String line = String.format(Locale.ROOT, "Available KV cache memory: %,.2f GiB", gibibytes);
        LogFigure pool = ServerLogReader.read(
                        new ByteArrayInputStream(line.getBytes(StandardCharsets.UTF_8)), "some.log")
                .figure(LogTerm.POOL)
                .orElseThrow();
        assertThat(Math.abs(pool.value() - bytes)).isLessThanOrEqualTo(pool.resolution() + 1);
    }

    /** Words that many texts share, over and over in one line: 4 MiB of such lines in a few seconds. */
    @Property(tries = 20)
    void noLineKeepsTheSearchGoing(@ForAll @IntRange(max = 4) int kind) throws IOException {
        String word = List.of(
                        "Load weight end. type=a, avail mem=1, ",
                        "memory_breakdown_print: - a (b) | 1 = 1 + (",
                        "KV Cache is allocated. #tokens: 1, K size: 1, ",
                        "max seq len (1), KV cache is needed ",
                        "non-default args: model='a', model=")
                .get(kind);
        String line = word.repeat((LogLines.LONGEST - 1) / word.length()) + "\n";
        String text = line.repeat(64) + "Model loading took 1 GiB";
        long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        ServerLog log =
                ServerLogReader.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "some.log");
        assertThat(log.figure(LogTerm.LOADED)).isPresent();
        assertThat(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before)
                .isLessThan(TimeUnit.SECONDS.toNanos(8));
    }

    /** 32 MiB without a line's end, then 16 MiB of lines that all look alike. */
    @Property(tries = 1)
    void aLogOfAnyLengthTakesLittleMemory() throws IOException {
        String figure = "\n(Worker_TP0 pid=1) Available KV cache memory: 2.00 GiB";
        long lines = (16L << 20) / figure.length();
        InputStream endless = new InputStream() {
            private long at;

            @Override
            public int read(byte[] into, int from, int most) {
                int count = 0;
                for (int next = read(); next >= 0 && count < most; next = count < most ? read() : -1) {
                    into[from + count++] = (byte) next;
                }
                return count == 0 ? -1 : count;
            }

            @Override
            public int read() {
                long here = at++;
                return here < 32L << 20
                        ? 'x'
                        : here < (32L << 20) + lines * figure.length()
                                ? figure.charAt((int) ((here - (32L << 20)) % figure.length()))
                                : -1;
            }
        };
        ServerLog log = ServerLogReader.read(endless, "some.log");
        assertThat(log.lines()).isEqualTo(lines + 1);
        assertThat(log.skipped()).isEqualTo(1);
        assertThat(log.figures()).singleElement().extracting(LogFigure::seen).isEqualTo(lines);
    }
}
