package io.llmsizing.hub;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;

/**
 * Answers requests, whatever they ask for, with the next of some answers, without a socket; behind the last comes the
 * first again. Answers stand behind each other, parted by lines of {@code ---}: a status, perhaps {@code cut} (the body
 * breaks off) or {@code endless} (the body repeats itself), headers, a blank line, and the body.
 */
final class ScriptedHttp extends HttpClient {
    private static final int CHUNK = 1 << 14;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9-]+");

    private final List<Answered> answers;
    private final List<HttpRequest> seen = new ArrayList<>();
    private Answered last;
    private long mostSent;

    ScriptedHttp(byte[] script) {
        answers = Splitter.on("\n---\n")
                .splitToStream(new String(script, StandardCharsets.ISO_8859_1))
                .map(Answered::parse)
                .toList();
        last = answers.get(0);
    }

    /** An answer of a script. */
    record Answered(int status, String ending, HttpHeaders headers, String body) implements HttpResponse.ResponseInfo {
        static Answered parse(String text) {
            int end = text.indexOf("\n\n");
            String body = end < 0 ? "" : text.substring(end + 2);
            List<String> head = Splitter.on('\n').splitToList(end < 0 ? text : text.substring(0, end));
            List<String> words = Splitter.on(' ').limit(2).splitToList(head.get(0));
            Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            for (String line : head.subList(1, head.size())) {
                int colon = line.indexOf(':');
                if (colon > 0 && NAME.matcher(line.substring(0, colon)).matches()) {
                    headers.computeIfAbsent(line.substring(0, colon), name -> new ArrayList<>())
                            .add(line.substring(colon + 1).strip());
                }
            }
            return new Answered(
                    words.get(0).matches("[1-9][0-9]{2}") ? Integer.parseInt(words.get(0)) : 200,
                    words.get(words.size() - 1),
                    HttpHeaders.of(headers, (name, value) -> true),
                    body);
        }

        boolean isEndless() {
            return ending.equals("endless") && !body.isEmpty();
        }

        /** The byte at a place of the body, however often that has to repeat itself for it. */
        byte at(long place) {
            return (byte) body.charAt((int) (isEndless() ? place % body.length() : place));
        }

        @Override
        public int statusCode() {
            return status;
        }

        @Override
        public HttpClient.Version version() {
            return HttpClient.Version.HTTP_1_1;
        }
    }

    /** The requests, in their order. */
    List<HttpRequest> seen() {
        return seen;
    }

    /** The answer to the last of them. */
    Answered last() {
        return last;
    }

    /** The most bytes that were taken of one body. */
    long mostSent() {
        return mostSent;
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        last = answers.get(seen.size() % answers.size());
        seen.add(request);
        Answered answered = last;
        HttpResponse.BodySubscriber<T> subscriber = handler.apply(answered);
        Sending sending = new Sending();
        subscriber.onSubscribe(sending);
        sending.to(subscriber, answered);
        mostSent = Math.max(mostSent, sending.sent);
        return subscriber
                .getBody()
                .<HttpResponse<T>>thenApply(body -> new Response<>(request, answered, body))
                .toCompletableFuture();
    }

    /** A body on its way, as far as it is wanted. */
    private static final class Sending implements Flow.Subscription {
        private long wanted;
        private boolean cancelled;
        private long sent;

        @Override
        public void request(long more) {
            wanted += more;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }

        void to(HttpResponse.BodySubscriber<?> subscriber, Answered answered) {
            String body = answered.body();
            byte[] chunk = body.repeat(answered.isEndless() ? CHUNK / body.length() + 1 : 1)
                    .getBytes(StandardCharsets.ISO_8859_1);
            while (!cancelled && wanted > 0 && (sent == 0 || answered.isEndless()) && chunk.length > 0) {
                wanted--;
                sent += chunk.length;
                subscriber.onNext(List.of(ByteBuffer.wrap(chunk).asReadOnlyBuffer()));
            }
            if (cancelled) {
                return;
            }
            if (answered.ending().equals("cut")) {
                subscriber.onError(new IOException("cut off"));
            } else {
                subscriber.onComplete();
            }
        }
    }

    private record Response<T>(HttpRequest request, Answered answered, T body) implements HttpResponse<T> {
        @Override
        public int statusCode() {
            return answered.statusCode();
        }

        @Override
        public Optional<HttpResponse<T>> previousResponse() {
            return Optional.empty();
        }

        @Override
        public HttpHeaders headers() {
            return answered.headers();
        }

        @Override
        public Optional<SSLSession> sslSession() {
            return Optional.empty();
        }

        @Override
        public URI uri() {
            return request.uri();
        }

        @Override
        public HttpClient.Version version() {
            return answered.version();
        }
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(
            HttpRequest request, HttpResponse.BodyHandler<T> handler, HttpResponse.PushPromiseHandler<T> pushes) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<CookieHandler> cookieHandler() {
        return Optional.empty();
    }

    @Override
    public Optional<Duration> connectTimeout() {
        return Optional.empty();
    }

    @Override
    public Redirect followRedirects() {
        return Redirect.NEVER;
    }

    @Override
    public Optional<ProxySelector> proxy() {
        return Optional.empty();
    }

    @Override
    public SSLContext sslContext() {
        throw new UnsupportedOperationException();
    }

    @Override
    public SSLParameters sslParameters() {
        return new SSLParameters();
    }

    @Override
    public Optional<Authenticator> authenticator() {
        return Optional.empty();
    }

    @Override
    public Version version() {
        return Version.HTTP_1_1;
    }

    @Override
    public Optional<Executor> executor() {
        return Optional.empty();
    }
}
