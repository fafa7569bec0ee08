package io.llmsizing.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.llmsizing.checkpoint.ByteSource;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HubFileTest {
    private static final byte[] BYTES = new byte[100_000];
    private static final String FILE = "model.safetensors";
    private static final String BLOB = "/blobs/" + FILE;

    static {
        new Random(2).nextBytes(BYTES);
    }

    @TempDir
    Path home;

    private final FakeHub hub = new FakeHub().with(FILE, BYTES);

    @AfterEach
    void stop() {
        hub.close();
    }

    private byte[] read(long offset, int count) throws IOException {
        byte[] target = new byte[count];
        try (ByteSource source = hub.client(home).open(FakeHub.MODEL).open(FILE)) {
            source.read(offset, target, 0, count);
        }
        return target;
    }

    private static byte[] part(int from, int to) {
        return Arrays.copyOfRange(BYTES, from, to);
    }

    private void assertRefused(long offset, int count, String problem) {
        assertThatExceptionOfType(HubException.class)
                .isThrownBy(() -> read(offset, count))
                .withMessageStartingWith("org/model: model.safetensors: ")
                .withMessageContaining(problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bytes 0-7/99999|says that it has 99999 B; the Hub lists 100000 B",
                "bytes 0-7/100001|says that it has 100001 B; the Hub lists 100000 B",
                "bytes 0-6/100000|sends 'bytes 0-6/100000'; asked for bytes 0 to 7 of 100000",
                "bytes 0-8/100000|asked for bytes 0 to 7 of 100000",
                "bytes 1-7/100000|asked for bytes 0 to 7 of 100000",
                "bytes 1-8/100000|asked for bytes 0 to 7 of 100000",
                "bytes 7-0/100000|asked for bytes 0 to 7 of 100000",
                "items 0-7/100000|sends 'items 0-7/100000'; asked for bytes 0 to 7 of 100000",
                "''|sends ''; asked for bytes 0 to 7 of 100000"
            })
    void aPieceThatIsNotTheOneAskedForIsRefusedAtOnce(String range, String problem) {
        hub.on(BLOB, FakeHub.sends(206, part(0, 8), "Content-Range", range));
        assertRefused(0, 8, problem);
        assertThat(hub.pauses()).isEmpty();
    }

    @Test
    void aServerNeedNotSayHowLongTheFileIs() throws IOException {
        hub.on(BLOB, FakeHub.sends(206, part(10, 20), "Content-Range", "bytes 10-19/*"));
        assertThat(read(10, 10)).isEqualTo(part(10, 20));
    }

    @Test
    void aPieceThatIsTooLongIsRefused() {
        hub.on(BLOB, FakeHub.sends(206, part(0, 9), "Content-Range", "bytes 0-7/100000"));
        assertRefused(0, 8, "sends more than the 8 B that it was asked for");
    }

    @Test
    void aFileThatIsShorterThanListedNamesBothLengths() {
        hub.listing(FILE, 200_000);
        assertRefused(100_000, 8, "says that it has 100000 B; the Hub lists 200000 B");
        assertRefused(0, 8, "says that it has 100000 B; the Hub lists 200000 B");
    }

    @Test
    void aRangeThatIsRefusedWithoutALengthIsSaid() {
        hub.on(BLOB, FakeHub.status(416));
        assertRefused(0, 8, "says that bytes 0 to 7 lie beyond the end; the Hub lists 100000 B");
    }

    @Test
    void packedBytesAreRefused() {
        hub.on(BLOB, FakeHub.sends(206, part(0, 8), "Content-Range", "bytes 0-7/100000", "Content-Encoding", "gzip"));
        assertRefused(0, 8, "sends the bytes packed as gzip; expected them as they are");
        hub.on(
                BLOB,
                FakeHub.sends(206, part(0, 8), "Content-Range", "bytes 0-7/100000", "Content-Encoding", "identity"));
        assertThatNoException().isThrownBy(() -> read(0, 8));
    }

    @Test
    void anotherStatusIsNoPiece() {
        hub.on(BLOB, FakeHub.status(204));
        assertRefused(0, 8, "answered with status 204; expected 206");
    }

    @Test
    void aServerWithoutRangesIsReadAsFarAsThePieceGoes() throws IOException {
        hub.on(BLOB, FakeHub.sends(200, BYTES));
        assertThat(read(0, 8)).isEqualTo(part(0, 8));
        assertThat(read(50_001, 49_999)).isEqualTo(part(50_001, 100_000));
    }

    @Test
    void aServerWithoutRangesThatLiesNamesBothLengths() {
        hub.on(BLOB, FakeHub.sends(200, part(0, 500)));
        assertRefused(0, 8, "says that it has 500 B; the Hub lists 100000 B");
    }

    @Test
    void aBodyWithoutEndIsLeftBehindThePiece() throws IOException {
        AtomicLong sent = new AtomicLong();
        CountDownLatch left = new CountDownLatch(1);
        hub.on(BLOB, exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                for (int i = 0; i < 2000; i++) {
                    out.write(BYTES);
                    sent.addAndGet(BYTES.length);
                }
            } catch (IOException hungUp) {
                left.countDown();
            }
            return true;
        });
        assertThat(read(5, 8)).isEqualTo(part(5, 13));
        try {
            assertThat(left.await(5, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException never) {
            throw new AssertionError(never);
        }
        assertThat(sent.get()).isLessThan(50_000_000);
    }

    @Test
    void farIntoAFileAServerWithoutRangesIsNotRead() {
        long length = PieceRequest.LONGEST_PREFIX + 8;
        hub.listing(FILE, length);
        hub.on(BLOB, FakeHub.truncates(200, BYTES, length));
        assertRefused(PieceRequest.LONGEST_PREFIX - 7, 8, "sends whole files and no pieces");
        assertThat(hub.pauses()).isEmpty();
    }

    @Test
    void aBodyThatIsCutOffIsAskedForAgain() throws IOException {
        hub.on(BLOB, FakeHub.first(2, FakeHub.truncates(206, part(0, 3), 8, "Content-Range", "bytes 0-7/100000")));
        assertThat(read(0, 8)).isEqualTo(part(0, 8));
        assertThat(hub.pauses()).hasSize(2);
    }

    @Test
    void aBodyThatEndsEarlyWithoutAWordIsAskedForAgain() {
        hub.on(BLOB, FakeHub.sends(206, part(0, 3), "Content-Range", "bytes 0-7/100000"));
        assertRefused(0, 8, "the answer ended after 3 of 8 B), 5 times");
        assertThat(hub.pauses()).hasSize(4);
    }

    @Test
    void aBodyThatIsAlwaysCutOffIsGivenUp() {
        hub.on(BLOB, FakeHub.truncates(206, part(0, 3), 8, "Content-Range", "bytes 0-7/100000"));
        assertRefused(0, 8, ", 5 times");
        assertThat(hub.seenBy("cdn")).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anInterruptedThreadLeavesAtOnceAndStaysInterrupted(boolean amidTheBody) throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        hub.on(BLOB, exchange -> {
            if (amidTheBody) {
                exchange.getResponseHeaders().add("Content-Range", "bytes 0-7/100000");
                exchange.sendResponseHeaders(206, 8);
                exchange.getResponseBody().write(part(0, 3));
                exchange.getResponseBody().flush();
            }
            asked.countDown();
            await(end);
            return true;
        });
        HubSettings patient = HubSettings.fromEnvironment(hub.environment(home));
        ByteSource source = HubClient.of(patient).open(FakeHub.MODEL).open(FILE);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        AtomicReference<Boolean> interrupted = new AtomicReference<>();
        Thread reader = new Thread(() -> {
            try {
                source.read(0, new byte[8], 0, 8);
            } catch (IOException cancelled) {
                thrown.set(cancelled);
            }
            interrupted.set(Thread.currentThread().isInterrupted());
        });
        reader.start();
        await(asked);
        long start = System.nanoTime();
        reader.interrupt();
        reader.join(5000);
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isLessThan(1000);
        end.countDown();
        assertThat(thrown.get()).isInstanceOf(InterruptedIOException.class);
        assertThat(interrupted.get()).isTrue();
        assertThat(hub.seenBy("cdn")).isEqualTo(1);
    }

    @Test
    void anInterruptedThreadAsksForNothing() throws IOException {
        ByteSource source = hub.client(home).open(FakeHub.MODEL).open(FILE);
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(InterruptedIOException.class).isThrownBy(() -> source.read(0, new byte[8], 0, 8));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(hub.seen()).hasSize(2);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
