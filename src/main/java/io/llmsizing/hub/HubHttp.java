package io.llmsizing.hub;

import com.google.common.base.Suppliers;
import com.google.common.base.Throwables;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * Asks, follows redirects by hand, asks again where that may help, and explains what it did not get. The token goes to
 * the endpoint's own scheme, host and port and nowhere else.
 */
final class HubHttp {
    private static final int MOST_REDIRECTS = 5;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final Set<Integer> PASSING = Set.of(408, 429, 500, 502, 503, 504);
    private static final int BEYOND_THE_END = 416;

    private final HubSettings settings;
    private final HubProgress progress;
    private final Backoff backoff;
    private final Origin hub;
    private final Supplier<HttpClient> client;

    /**
     * Asks in a way of its own.
     *
     * @param client is asked for only once, when it is first needed: a model of the cache needs none
     */
    HubHttp(HubSettings settings, HubProgress progress, Backoff backoff, Supplier<HttpClient> client) {
        this.settings = settings;
        this.client = Suppliers.memoize(client::get);
        this.progress = progress;
        this.backoff = backoff;
        this.hub = Origin.of(settings.endpoint());
    }

    /**
     * The answer to a request.
     *
     * @throws HubException if there is none, with the reason
     * @throws InterruptedIOException if the thread is interrupted, which it still is then
     */
    Answer get(HubRequest request) throws IOException {
        for (int tries = 1; ; tries++) {
            String why;
            Duration wait = backoff.after(tries);
            try {
                progress.asked(request.file());
                Answer answer = follow(request);
                if (answer.status() < 400 || answer.status() == BEYOND_THE_END) {
                    request.check(answer);
                    progress.received(request.file(), answer.body().length());
                    return answer;
                }
                if (!PASSING.contains(answer.status())) {
                    throw Refusal.of(settings, request, answer);
                }
                wait = backoff.asked(answer.headers()).orElse(wait);
                if (tries == Backoff.TRIES || wait.compareTo(Backoff.LONGEST) > 0) {
                    throw Refusal.busy(settings, request, answer, tries, wait);
                }
                why = answer.from().getHost() + " answered " + answer.status();
            } catch (HubException | InterruptedIOException last) {
                throw last;
            } catch (IOException broken) {
                why = reason(broken);
                if (tries == Backoff.TRIES || isLasting(broken)) {
                    throw new HubException(
                            request.id() + ": " + request.file() + ": " + why
                                    + (isLasting(broken)
                                            ? ""
                                            : ", " + tries + " times; try later, or check the network and HF_ENDPOINT"),
                            broken);
                }
            }
            pause(request, wait, why);
        }
    }

    private void pause(HubRequest request, Duration wait, String why) throws InterruptedIOException {
        progress.waits(request.file(), wait, why);
        try {
            backoff.sleep(wait);
        } catch (InterruptedException cancelled) {
            throw Attempt.cancelled();
        }
    }

    /** The way through the network. */
    static HttpClient network(HubSettings settings) {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(settings.connectWait());
        settings.proxies().selector().ifPresent(builder::proxy);
        return builder.build();
    }

    private Answer follow(HubRequest request) throws IOException {
        URI uri = request.uri();
        for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
            checkProxy(request, uri);
            boolean byHub = Origin.of(uri).equals(hub);
            Answer answer = new Attempt(client.get(), settings, request).send(uri, byHub);
            if (!REDIRECTS.contains(answer.status())) {
                return answer;
            }
            uri = Redirect.target(uri, answer.header("Location"), request.id() + ": " + request.file());
        }
        throw new HubException(request.id() + ": " + request.file() + ": more than " + MOST_REDIRECTS
                + " redirects, the last to " + uri.getHost());
    }

    private void checkProxy(HubRequest request, URI uri) throws HubException {
        Optional<ProxyServer> proxy = settings.proxies().of(uri);
        if (proxy.isPresent() && !proxy.get().obstacle().isEmpty()) {
            throw new HubException(request.id() + ": " + request.file() + ": " + proxy.get() + " "
                    + proxy.get().obstacle() + ", which is not supported; name one as http://host:port, or "
                    + uri.getHost() + " in NO_PROXY");
        }
    }

    private String reason(IOException broken) {
        String host = hub.host() + ", or a host that it sent us to, "
                + settings.proxies()
                        .of(settings.endpoint())
                        .map(proxy -> "or " + proxy + ", ")
                        .orElse("");
        if (isUnknownHost(broken)) {
            return host
                    + "is not known here; check the network and HF_ENDPOINT, or set HF_HUB_OFFLINE=1 to use only what"
                    + " the cache holds";
        }
        String said = broken.getMessage() == null ? "" : " (" + Shown.text(broken.getMessage(), settings.token()) + ")";
        return host + "failed: " + broken.getClass().getSimpleName() + said
                + (isUntrusted(broken) ? "; this Java does not trust its certificate" : "");
    }

    /** Whether asking again is of no use. */
    private static boolean isLasting(IOException broken) {
        return isUnknownHost(broken) || isUntrusted(broken);
    }

    private static boolean isUnknownHost(IOException broken) {
        return Throwables.getCausalChain(broken).stream()
                .anyMatch(
                        cause -> cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException);
    }

    private static boolean isUntrusted(IOException broken) {
        return Throwables.getCausalChain(broken).stream()
                .anyMatch(
                        cause -> cause instanceof SSLPeerUnverifiedException || cause instanceof CertificateException);
    }
}
