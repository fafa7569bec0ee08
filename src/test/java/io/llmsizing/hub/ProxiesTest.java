package io.llmsizing.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.base.Splitter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxiesTest {
    /** A name that is never known, RFC 6761: only a proxy can answer for it. */
    private static final String ELSEWHERE = "http://hub.invalid";

    private final FakeHub hub = new FakeHub().with("config.json", new byte[] {'{', '}'});

    @TempDir
    private Path home;

    @AfterEach
    void stop() {
        hub.close();
    }

    private static Proxies of(String... namesAndValues) {
        Map<String, String> environment = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            environment.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return Proxies.of(new Environment(environment));
    }

    private static String proxyOf(Proxies proxies, String address) {
        return proxies.of(URI.create(address))
                .map(proxy -> proxy.host() + ":" + proxy.port())
                .orElse("none");
    }

    private Map<String, String> environment(String endpoint, String... namesAndValues) {
        Map<String, String> environment = hub.environment(home);
        environment.put("HF_ENDPOINT", endpoint);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            environment.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return environment;
    }

    private byte[] config(Map<String, String> environment) throws IOException {
        byte[] bytes = new byte[2];
        hub.client(environment, HubProgress.NONE)
                .open(FakeHub.MODEL)
                .open("config.json")
                .read(0, bytes, 0, 2);
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"})
    void aHubIsAskedThroughTheProxy(String variable) throws IOException {
        assertThat(config(environment(ELSEWHERE, variable, hub.endpoint()))).containsExactly('{', '}');
        assertThat(hub.seenBy("hub")).isEqualTo(3);
    }

    @Test
    void aHubThatNeedsNoneIsAskedWithoutTheProxy() throws IOException {
        String nobody = "http://proxy.invalid:3128";
        assertThat(config(environment(hub.endpoint(), "HTTP_PROXY", nobody, "NO_PROXY", "localhost, 127.0.0.1")))
                .containsExactly('{', '}');
        assertThatExceptionOfType(HubException.class)
                .isThrownBy(() -> config(environment(hub.endpoint(), "HTTP_PROXY", nobody)))
                .withMessageContaining("or the proxy proxy.invalid:3128 of HTTP_PROXY, ");
    }

    @Test
    void theProxyOfHttpsIsAskedForATunnelAndHearsNothingOfTheToken() throws Exception {
        List<String> heard = new CopyOnWriteArrayList<>();
        Thread thread;
        try (ServerSocket proxy = new ServerSocket(0, 9, InetAddress.getLoopbackAddress())) {
            thread = new Thread(() -> refuseTunnels(proxy, heard));
            thread.start();
            String address = "127.0.0.1:" + proxy.getLocalPort();
            assertThatExceptionOfType(HubException.class)
                    .isThrownBy(() -> config(environment("https://hub.invalid", "https_proxy", address)))
                    .withMessageContaining("the proxy wants a user to log in (407)")
                    .withMessageContaining("hub.invalid in NO_PROXY");
        }
        thread.join();
        assertThat(heard.get(0)).isEqualTo("CONNECT hub.invalid:443 HTTP/1.1");
        assertThat(heard).noneMatch(line -> line.contains(FakeHub.TOKEN));
    }

    private static void refuseTunnels(ServerSocket proxy, List<String> heard) {
        while (true) {
            try (Socket socket = proxy.accept()) {
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
                for (String line = lines.readLine(); line != null && !line.isEmpty(); line = lines.readLine()) {
                    heard.add(line);
                }
                socket.getOutputStream()
                        .write(
                                "HTTP/1.1 407 Who are you\r\nProxy-Authenticate: Basic realm=\"p\"\r\nContent-Length: 0\r\n\r\n"
                                        .getBytes(StandardCharsets.ISO_8859_1));
            } catch (IOException closed) {
                return;
            }
        }
    }

    @Test
    void eachSchemeHasItsOwnProxyAndAllTheRest() {
        Proxies proxies = of("HTTPS_PROXY", "http://s:1", "HTTP_PROXY", "p:2/", "ALL_PROXY", "http://a");
        assertThat(proxyOf(proxies, "https://hub.example")).isEqualTo("s:1");
        assertThat(proxyOf(proxies, "http://hub.example")).isEqualTo("p:2");
        Proxies rest = of("HTTPS_PROXY", "http://s:1", "ALL_PROXY", "http://a");
        assertThat(proxyOf(rest, "http://hub.example")).isEqualTo("a:80");
        assertThat(proxyOf(of("HTTPS_PROXY", "http://s:1"), "http://hub.example"))
                .isEqualTo("none");
    }

    @Test
    void smallLettersCountBeforeCapitals() {
        assertThat(proxyOf(of("https_proxy", "small:1", "HTTPS_PROXY", "big:2"), "https://hub.example"))
                .isEqualTo("small:1");
        assertThat(proxyOf(of("https_proxy", " ", "HTTPS_PROXY", "big:2"), "https://hub.example"))
                .isEqualTo("none");
        assertThat(proxyOf(of("HTTPS_PROXY", "big:2", "no_proxy", "", "NO_PROXY", "*"), "https://hub.example"))
                .isEqualTo("big:2");
    }

    @ParameterizedTest
    @CsvSource({
        "hub.example, https://hub.example, true",
        "HUB.example, https://Hub.Example, true",
        "hub.example, https://cdn.hub.example, true",
        "hub.example, https://anotherhub.example, false",
        ".example, https://hub.example, true",
        "*.example, https://hub.example, true",
        ".example, https://example, false",
        "hub.example:8443, https://hub.example:8443, true",
        "hub.example:443, https://hub.example, true",
        "hub.example:8443, https://hub.example, false",
        "https://hub.example, https://hub.example, true",
        "http://hub.example, https://hub.example, false",
        "all://hub.example, https://hub.example, true",
        "10.0.0.1, https://10.0.0.1, true",
        "0.0.1, https://10.0.0.1, false",
        "10.0.0.1/8, https://10.0.0.1, true",
        "10.0.0.0/8, https://10.0.0.1, false",
        "[::1], https://[::1]:9, true",
        "'other, hub.example,', https://hub.example, true",
        "'other,*', https://hub.example, true",
        "'', https://hub.example, false"
    })
    void hostsWithoutAProxyAreThoseThatTheToolsTake(String none, String address, boolean without) {
        Proxies proxies = of("https_proxy", "p:1", "NO_PROXY", none);
        assertThat(proxyOf(proxies, address)).isEqualTo(without ? "none" : "p:1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://",
                "ftp://proxy:1",
                "http://proxy:0",
                "proxy:70000",
                "proxy:port",
                "http://user:pa ss@proxy",
                "http://user:pass@proxy/path",
                "http://user:pass@proxy?x",
                "http://user:pass@proxy#x",
                "://proxy"
            })
    void whatIsNoProxyIsRefusedAndNotShown(String written) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of("ALL_PROXY", written))
                .withMessageStartingWith("ALL_PROXY is not the address of a proxy; expected http:// and a host")
                .satisfies(thrown -> assertThat(thrown.getMessage()).doesNotContain("user:"));
    }

    @Test
    void whatIsNoHostIsRefusedWhereAProxyIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of("http_proxy", "p:1", "no_proxy", "good,not a host"))
                .withMessage("no_proxy holds 'not a host'; expected hosts parted by commas, such as"
                        + " localhost,.example,hub:8080, or *");
        assertThat(of("no_proxy", "not a host").selector()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "socks5://proxy.invalid:1080, is spoken to in socks5",
        "https://proxy.invalid, is spoken to in https",
        "http://user:pass@proxy.invalid, wants a user to log in"
    })
    void aProxyThatJavaCannotAskIsSaidOnceItIsNeeded(String proxy, String obstacle) throws IOException {
        assertThatExceptionOfType(HubException.class)
                .isThrownBy(() -> config(environment(ELSEWHERE, "HTTP_PROXY", proxy)))
                .withMessageContaining(" of HTTP_PROXY " + obstacle + ", which is not supported; ")
                .satisfies(thrown ->
                        assertThat(thrown.getMessage()).doesNotContain("user:").doesNotContain("pass"));
        assertThat(config(environment(hub.endpoint(), "HTTP_PROXY", proxy, "NO_PROXY", "127.0.0.1")))
                .containsExactly('{', '}');
    }

    @Test
    void whereTheEnvironmentNamesNoneJavaItselfIsAsked() {
        assertThat(of().selector()).isEmpty();
        ProxySelector selector = of("HTTPS_PROXY", "p:1").selector().orElseThrow();
        URI plain = URI.create("http://hub.example");
        assertThat(selector.select(plain)).isEqualTo(ProxySelector.getDefault().select(plain));
        assertThat(selector.select(URI.create("https://hub.example")))
                .extracting(Proxy::toString)
                .allMatch(text -> Splitter.on(" @ ").splitToList(text).get(0).equals("HTTP") && text.contains("p"));
    }
}
