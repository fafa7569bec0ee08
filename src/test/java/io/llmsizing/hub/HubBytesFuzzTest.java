package io.llmsizing.hub;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.sun.management.ThreadMXBean;
import io.llmsizing.checkpoint.ByteSource;
import io.llmsizing.checkpoint.Repository;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever a server answers, {@link ScriptedHttp} says how bytes become answers: a list of files and the pieces that were
 * sent, or an error of ours, soon, within 64 MiB and a bounded number of requests; and the token goes to the Hub alone. On
 * every build the kept inputs run; with {@code JAZZER_FUZZ=1} in the environment Jazzer looks for others, guided by the
 * code they reach.
 */
class HubBytesFuzzTest {
    private static final long MOST_NANOSECONDS = TimeUnit.SECONDS.toNanos(5);
    private static final long MOST_BYTES = 64L << 20;
    private static final long MOST_OF_A_BODY = 17L << 20;
    private static final long MOST_FILES = 3;
    private static final int LONGEST_READ = (1 << 20) + 1;
    private static final long MOST_ASKED = Backoff.TRIES * (1 + 100 + 3 * MOST_FILES);
    private static final long ADDRESSES_OF_ONE = 6;
    private static final ThreadMXBean THREAD = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir
    private static Path home;

    private static HubSettings settings() {
        return HubSettings.fromEnvironment(
                Map.of("HF_ENDPOINT", "https://hub.example", "HF_HOME", home.toString(), "HF_TOKEN", FakeHub.TOKEN));
    }

    @BeforeAll
    static void classesAreLoadedBeforeTheClockRuns() {
        String script = """
                200

                {"sha": "0123456789abcdef0123456789abcdef01234567"}
                ---
                200

                [{"type": "file", "path": "config.json", "size": 2}]
                ---
                206
                Content-Range: bytes 0-1/2

                {}\
                """;
        for (int i = 0; i < 20; i++) {
            assertThat(asked(new ScriptedHttp(script.getBytes(StandardCharsets.ISO_8859_1))))
                    .isPositive();
        }
    }

    @FuzzTest(maxDuration = "5m")
    void aHubIsReadOrItsAnswersAreRefused(byte[] script) {
        ScriptedHttp server = new ScriptedHttp(script);
        long time = THREAD.getCurrentThreadCpuTime();
        long memory = THREAD.getCurrentThreadAllocatedBytes();
        long asked = asked(server);
        assertThat(THREAD.getCurrentThreadAllocatedBytes() - memory).isLessThan(MOST_BYTES);
        assertThat(THREAD.getCurrentThreadCpuTime() - time).isLessThan(MOST_NANOSECONDS);
        assertThat(asked).isBetween(1L, MOST_ASKED);
        assertThat(server.seen()).hasSizeLessThanOrEqualTo((int) (asked * ADDRESSES_OF_ONE));
        assertThat(server.mostSent()).isLessThan(MOST_OF_A_BODY);
        assertThat(server.seen()).allSatisfy(HubBytesFuzzTest::tellsTheTokenToTheHubAlone);
    }

    private static void tellsTheTokenToTheHubAlone(HttpRequest request) {
        URI uri = request.uri();
        boolean hub = "https".equalsIgnoreCase(uri.getScheme())
                && "hub.example".equalsIgnoreCase(uri.getHost())
                && List.of(-1, 443).contains(uri.getPort());
        assertThat(request.headers().allValues("Authorization"))
                .isEqualTo(hub ? List.of("Bearer " + FakeHub.TOKEN) : List.of());
        assertThat(uri.getScheme()).isEqualToIgnoringCase("https");
        assertThat(uri.getRawUserInfo()).isNull();
    }

    /** Reads what there is; returns how often it was asked for, redirects apart. */
    private static long asked(ScriptedHttp server) {
        AtomicLong asked = new AtomicLong();
        HubProgress counting = new HubProgress() {
            @Override
            public void asked(String file) {
                asked.incrementAndGet();
            }
        };
        Backoff backoff = new Backoff(
                time -> assertThat(time).isBetween(Duration.ZERO, Backoff.LONGEST),
                InstantSource.fixed(FakeHub.NOW),
                new Random(7));
        try {
            Repository model = new HubClient(settings(), counting, backoff, () -> server).open(FakeHub.MODEL);
            for (Map.Entry<String, Long> file :
                    model.files().entrySet().stream().limit(MOST_FILES).toList()) {
                assertThat(file.getValue()).isBetween(0L, 1L << 50);
                read(model, file.getKey(), server);
            }
        } catch (HubException refused) {
            assertThat(refused).hasMessageStartingWith("org/model: ");
            assertThat(refused.getMessage()).doesNotContain(FakeHub.TOKEN);
        } catch (IOException other) {
            throw new AssertionError(other);
        }
        return asked.get();
    }

    private static void read(Repository model, String path, ScriptedHttp server) throws IOException {
        try (ByteSource file = model.open(path)) {
            assertThat(file.name()).doesNotContain(FakeHub.TOKEN);
            int end = (int) Math.min(8, file.length());
            byte[] bytes = new byte[(int) Math.min(LONGEST_READ, file.length())];
            file.read(0, bytes, 0, bytes.length);
            long from = file.length() - end;
            file.read(from, bytes, 0, end);
            for (int i = 0; i < end; i++) {
                assertThat(bytes[i]).isEqualTo(server.last().at(server.last().status() == 206 ? i : from + i));
            }
        }
    }
}
