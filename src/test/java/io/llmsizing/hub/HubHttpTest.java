package io.llmsizing.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.llmsizing.checkpoint.Repository;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HubHttpTest {
    private static final String API = "/api/models/";
    private static final String CONFIG = "/org/model/resolve/" + FakeHub.COMMIT + "/config.json";

    @TempDir
    Path home;

    private final FakeHub hub = new FakeHub().with("config.json", new byte[] {'{', '}'});

    @AfterEach
    void stop() {
        hub.close();
    }

    private String refusal(Map<String, String> environment, String id) {
        try {
            Repository model = hub.client(environment, HubProgress.NONE).open(id);
            model.open("config.json").read(0, new byte[2], 0, 2);
            return "";
        } catch (HubException refused) {
            assertThat(refused.getMessage()).startsWith("org/").doesNotContain(FakeHub.TOKEN);
            return refused.getMessage();
        } catch (IOException other) {
            throw new AssertionError(other);
        }
    }

    private String refusal() {
        return refusal(hub.environment(home), FakeHub.MODEL);
    }

    private String refusalWithoutToken() {
        Map<String, String> environment = hub.environment(home);
        environment.remove("HF_TOKEN");
        return refusal(environment, FakeHub.MODEL);
    }

    @Test
    void whatTheHubSaysByItsCodeIsExplained() {
        assertThat(refusal(hub.environment(home), "org/none"))
                .contains("no such model, or a private one (404)", "the token from HF_TOKEN does not open it")
                .endsWith("[Repository not found]");
        hub.on(API, FakeHub.status(404, "X-Error-Code", "RevisionNotFound"));
        assertThat(refusal(hub.environment(home), "org/model@v9")).contains("not the revision 'v9' (404)");
        hub.on(CONFIG, FakeHub.status(404, "X-Error-Code", "EntryNotFound"));
        hub.on(API, exchange -> false);
        assertThat(refusal()).contains("org/model: config.json: no such file");
        assertThat(hub.pauses()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void aGatedModelSaysWhereToAcceptItsConditions(int status) {
        hub.on(CONFIG, FakeHub.status(status, "X-Error-Code", "GatedRepo", "X-Error-Message", "Access is restricted."));
        assertThat(refusal())
                .contains("gated (" + status + "); accept its conditions on " + hub.endpoint()
                        + "/org/model with the account")
                .endsWith("[Access is restricted.]");
        assertThat(refusalWithoutToken()).contains("and set HF_TOKEN to a token of the account that did");
        assertThat(hub.pauses()).isEmpty();
    }

    @Test
    void whatTheHubSaysByItsStatusIsExplained() {
        hub.on(API, FakeHub.status(401));
        assertThat(refusalWithoutToken()).contains("no such model, or a private one (401)", "or set HF_TOKEN");
        hub.on(API, FakeHub.status(401, "X-Error-Message", "Invalid credentials in Authorization header"));
        assertThat(refusal()).contains("does not know the token (401); renew the one in HF_TOKEN");
        hub.on(API, FakeHub.status(403));
        assertThat(refusal()).contains("forbidden (403); the token from HF_TOKEN may not read it");
        assertThat(refusalWithoutToken()).contains("forbidden (403); set HF_TOKEN");
        hub.on(API, FakeHub.status(404));
        assertThat(refusal()).contains("not found (404); check the id, or HF_ENDPOINT, which is " + hub.endpoint());
        hub.on(API, FakeHub.status(418));
        assertThat(refusal()).contains("127.0.0.1 answered 418");
        assertThat(hub.pauses()).isEmpty();
    }

    @Test
    void aServerBehindTheHubIsNamed() {
        hub.with("model.safetensors", new byte[10]);
        hub.on(CONFIG, FakeHub.status(302, "Location", hub.cdnAddress() + "/blobs/secret?Signature=s3cr3t"));
        hub.on("/blobs/secret", FakeHub.status(403, "X-Error-Code", "GatedRepo"));
        assertThat(refusal())
                .contains("127.0.0.1, to which the Hub sent us, answered 403")
                .doesNotContain("s3cr3t");
    }

    @Test
    void theTokenIsNotRepeatedEvenIfTheHubDoes() {
        hub.on(API, FakeHub.status(401, "X-Error-Message", "bad token Bearer " + FakeHub.TOKEN));
        assertThat(refusal()).endsWith("[(a text that repeats the token)]");
    }

    @Test
    void aLongMessageIsCutShort() {
        hub.on(API, FakeHub.status(403, "X-Error-Message", "x".repeat(5000)));
        assertThat(refusal()).hasSizeLessThan(400).endsWith("x...]");
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 502, 503, 504})
    void whatMayPassIsAskedAgain(int status) {
        hub.on(API, FakeHub.first(4, FakeHub.status(status)));
        assertThat(refusal()).isEmpty();
        assertThat(hub.pauses()).hasSize(4);
        for (int i = 0; i < 4; i++) {
            assertThat(hub.pauses().get(i)).isBetween(Duration.ofMillis(500L << i), Duration.ofMillis(1000L << i));
        }
    }

    @ParameterizedTest
    @CsvSource({"429, too many requests: try later", "500, try later"})
    void whatDoesNotPassIsGivenUpAfterFiveTries(int status, String advice) {
        hub.on(API, FakeHub.status(status));
        assertThat(refusal())
                .contains("answered " + status + ", 5 times; " + advice)
                .doesNotContain("set HF_TOKEN");
        assertThat(hub.seen()).hasSize(5);
        assertThat(refusalWithoutToken().contains("or set HF_TOKEN")).isEqualTo(status == 429);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Retry-After|7|PT7S",
                "Retry-After|60|PT1M",
                "Retry-After|0|PT0S",
                "Retry-After|Sun, 1 Mar 2026 12:00:30 GMT|PT30S",
                "Retry-After|Sun, 1 Mar 2026 11:00:00 GMT|PT0S",
                "RateLimit|\"api\";r=0;t=55|PT55S"
            })
    void aServerMaySayHowLongToWait(String header, String value, Duration wait) {
        hub.on(API, FakeHub.first(1, FakeHub.status(429, header, value)));
        assertThat(refusal()).isEmpty();
        assertThat(hub.pauses()).containsExactly(wait);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Retry-After|soon",
                "Retry-After|-5",
                "Retry-After|99999999999999999999",
                "Retry-After|Sun, 99 Mar 2026 12:00:30 GMT",
                "RateLimit|\"api\";r=3;t=55"
            })
    void whatIsNoTimeIsWaitedAsUsual(String header, String value) {
        hub.on(API, FakeHub.first(1, FakeHub.status(503, header, value)));
        assertThat(refusal()).isEmpty();
        assertThat(hub.pauses())
                .singleElement()
                .satisfies(pause -> assertThat(pause).isBetween(Duration.ofMillis(500), Duration.ofSeconds(1)));
    }

    @Test
    void aServerThatWantsMoreThanAMinuteIsNotWaitedFor() {
        hub.on(API, FakeHub.status(429, "Retry-After", "61"));
        assertThat(refusal()).contains("answered 429 and asks to wait 61 s, longer than the 60 s that are waited here");
        assertThat(hub.pauses()).isEmpty();
        assertThat(hub.seen()).hasSize(1);
    }

    @Test
    void aSilentServerIsAskedAgainAndThenGivenUp() {
        hub.on(API, exchange -> {
            sleep(600);
            return true;
        });
        HubSettings hasty = HubSettings.fromEnvironment(hub.environment(home))
                .withWaits(Duration.ofMillis(50), Duration.ofMillis(50));
        List<Duration> pauses = new ArrayList<>();
        HubClient client =
                new HubClient(hasty, HubProgress.NONE, new Backoff(pauses::add, InstantSource.system(), new Random(7)));
        assertThatExceptionOfType(HubException.class)
                .isThrownBy(() -> client.open(FakeHub.MODEL))
                .withMessageContaining("HttpTimeoutException (timed out after ")
                .withMessageEndingWith(", 5 times; try later, or check the network and HF_ENDPOINT");
        assertThat(pauses).hasSize(4);
    }

    @Test
    void aServerMayBeSlowAsLongAsItIsNotSilent() throws IOException {
        byte[] body = "[{\"type\":\"file\",\"path\":\"config.json\",\"size\":2}]".getBytes(StandardCharsets.UTF_8);
        hub.on(API + "org/model/tree/", exchange -> {
            exchange.sendResponseHeaders(200, body.length);
            for (byte each : body) {
                exchange.getResponseBody().write(each);
                exchange.getResponseBody().flush();
                sleep(15);
            }
            return true;
        });
        HubSettings hasty = HubSettings.fromEnvironment(hub.environment(home))
                .withWaits(Duration.ofMillis(200), Duration.ofMillis(200));
        HubClient client = new HubClient(
                hasty, HubProgress.NONE, new Backoff(hub.pauses()::add, InstantSource.system(), new Random(7)));
        assertThat(client.open(FakeHub.MODEL).files()).hasSize(1);
        assertThat(hub.pauses()).isEmpty();
    }

    @Test
    void aTrickleEndsToo() {
        hub.on(API, exchange -> {
            exchange.sendResponseHeaders(200, 100_000);
            for (int i = 0; i < 1000; i++) {
                exchange.getResponseBody().write(' ');
                exchange.getResponseBody().flush();
                sleep(5);
            }
            return true;
        });
        HubSettings hasty = HubSettings.fromEnvironment(hub.environment(home))
                .withWaits(Duration.ofMillis(20), Duration.ofMillis(20));
        HubClient client =
                new HubClient(hasty, HubProgress.NONE, new Backoff(time -> {}, InstantSource.system(), new Random(7)));
        long start = System.nanoTime();
        assertThatExceptionOfType(HubException.class)
                .isThrownBy(() -> client.open(FakeHub.MODEL))
                .withMessageContaining("timed out after");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
    }

    @Test
    void aPauseEndsWhenTheThreadIsInterrupted() {
        hub.on(API, FakeHub.status(500));
        HubClient client = new HubClient(
                HubSettings.fromEnvironment(hub.environment(home)),
                HubProgress.NONE,
                new Backoff(
                        time -> {
                            throw new InterruptedException();
                        },
                        InstantSource.system(),
                        new Random(7)));
        assertThatExceptionOfType(InterruptedIOException.class).isThrownBy(() -> client.open(FakeHub.MODEL));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(hub.seen()).hasSize(1);
    }

    @Test
    void pausesAreTold() throws IOException {
        List<String> told = new ArrayList<>();
        HubProgress progress = new HubProgress() {
            @Override
            public void waits(String file, Duration pause, String why) {
                told.add(file + ": " + why + ", " + pause);
            }
        };
        hub.on(API, FakeHub.first(1, FakeHub.status(503, "Retry-After", "3")));
        hub.client(hub.environment(home), progress).open(FakeHub.MODEL);
        assertThat(told).containsExactly("the commit of main: 127.0.0.1 answered 503, PT3S");
    }

    @Test
    void aHostThatRefusesIsAskedAgain() {
        Map<String, String> environment = hub.environment(home);
        hub.close();
        assertThat(refusal(environment, FakeHub.MODEL))
                .contains(
                        "127.0.0.1", "ConnectException", ", 5 times; try later, or check the network and HF_ENDPOINT");
        assertThat(hub.pauses()).hasSize(4);
    }

    @Test
    void aHostThatIsNotThereIsSaidAtOnce() {
        Map<String, String> environment = hub.environment(home);
        environment.put("HF_ENDPOINT", "http://hub.invalid");
        assertThat(refusal(environment, FakeHub.MODEL))
                .contains(
                        "hub.invalid, or a host that it sent us to, is not known here",
                        "check the network and HF_ENDPOINT",
                        "HF_HUB_OFFLINE=1");
        assertThat(hub.pauses()).isEmpty();
    }

    @Test
    void aCertificateThatIsNotTrustedIsSaidAtOnce() throws Exception {
        HttpsServer untrusted = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        untrusted.setHttpsConfigurator(new HttpsConfigurator(selfSigned()));
        untrusted.start();
        Map<String, String> environment = hub.environment(home);
        environment.put(
                "HF_ENDPOINT", "https://127.0.0.1:" + untrusted.getAddress().getPort());
        try {
            assertThat(refusal(environment, FakeHub.MODEL))
                    .contains("SSLHandshakeException", "; this Java does not trust its certificate");
            assertThat(hub.pauses()).isEmpty();
        } finally {
            untrusted.stop(0);
        }
    }

    @Test
    void aHandshakeThatBreaksOffIsNotBlamedOnTheCertificate() throws Exception {
        Map<String, String> environment = hub.environment(home);
        try (ServerSocket hangsUp = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
            environment.put("HF_ENDPOINT", "https://127.0.0.1:" + hangsUp.getLocalPort());
            Thread server = new Thread(() -> {
                try {
                    while (true) {
                        try (Socket caller = hangsUp.accept()) {
                            // A fatal alert: handshake failure.
                            caller.getInputStream().read();
                            caller.getOutputStream().write(new byte[] {21, 3, 3, 0, 2, 2, 40});
                        }
                    }
                } catch (IOException closed) {
                    // The test is over.
                }
            });
            server.start();
            assertThat(refusal(environment, FakeHub.MODEL))
                    .contains("127.0.0.1", "SSLHandshakeException", ", 5 times")
                    .doesNotContain("certificate");
        }
        assertThat(hub.pauses()).hasSize(4);
    }

    private SSLContext selfSigned() throws Exception {
        Path store = home.resolve("keys");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-alias",
                        "hub",
                        "-dname",
                        "CN=127.0.0.1",
                        "-storepass",
                        "changeit",
                        "-keystore",
                        store.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, "changeit".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://hub/a/b|c?d=1|https://hub/a/c?d=1",
                "https://hub/a/b|/c|https://hub/c",
                "https://hub/a/b|?c=1|https://hub/a/b?c=1",
                "https://hub/a/b|//cdn/c|https://cdn/c",
                "http://hub/a|https://cdn/c|https://cdn/c",
                "http://hub/a|http://cdn/c|http://cdn/c"
            })
    void anAddressIsRelativeToTheOneThatAnswered(URI from, String location, URI target) throws HubException {
        assertThat(Redirect.target(from, location, "x")).isEqualTo(target);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://hub/a",
                "http://cdn/a",
                "ftp://cdn/a",
                "file:///etc/passwd",
                "https:///a",
                "",
                " ",
                "https://user:secret@cdn/a",
                "https://cdn/a b",
                "https://cdn:99999/a",
                "mailto:a@b",
                "https://"
            })
    void noRedirectLeadsOffTheSecureWeb(String location) {
        assertThatExceptionOfType(HubException.class)
                .isThrownBy(() -> Redirect.target(URI.create("https://hub/a"), location, "org/model: config.json"))
                .withMessageStartingWith("org/model: config.json: hub sends us on")
                .satisfies(thrown -> assertThat(thrown.getMessage()).doesNotContain("secret"));
    }

    @ParameterizedTest
    @CsvSource({
        "https://hub, https://hub:443/x, true",
        "https://HUB, https://hub, true",
        "http://hub, http://hub:80, true",
        "https://hub, http://hub, false",
        "https://hub, https://hub:8443, false",
        "https://hub, https://cdn.hub, false",
        "https://hub, https://hub.evil, false"
    })
    void anOriginIsSchemeHostAndPort(URI one, URI other, boolean same) {
        assertThat(Origin.of(one).equals(Origin.of(other))).isEqualTo(same);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<https://hub/x?cursor=a%2Cb>; rel=\"next\"|https://hub/x?cursor=a%2Cb",
                "<https://hub/p>; rel=\"prev\", <https://hub/n>; rel=\"next\"|https://hub/n",
                "<https://hub/n>;title=\"t\";rel=next|https://hub/n",
                "<https://hub/p>; rel=\"prev\"|",
                "<https://hub/p>; rel=\"nextish\"|",
                "https://hub/n; rel=\"next\"|",
                "''|"
            })
    void theNextPageIsTheLinkOfThatName(String header, String next) {
        assertThat(FileList.next(List.of(header)).orElse(null)).isEqualTo(next);
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
