package io.llmsizing.hub;

import com.google.common.base.Throwables;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One request to one address. It ends when the answer is there, when the other side was silent for too long, when it
 * took all too long although bytes kept trickling, or when the thread is interrupted.
 */
final class Attempt {
    /** How many times the patience for silence an answer may take as a whole. */
    private static final int LONGEST = 12;

    private final HttpClient client;
    private final HubSettings settings;
    private final HubRequest request;
    private final long start = System.nanoTime();
    private volatile long lastSign;
    private volatile @Nullable BoundedBody body;

    Attempt(HttpClient client, HubSettings settings, HubRequest request) {
        this.client = client;
        this.settings = settings;
        this.request = request;
        this.lastSign = start + settings.connectWait().toNanos();
    }

    /** The error of an interrupted thread, which is interrupted again. */
    static InterruptedIOException cancelled() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("cancelled");
    }

    /** Asks; with the token only if the address is the Hub's own. */
    Answer send(URI uri, boolean byHub) throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw cancelled();
        }
        CompletableFuture<HttpResponse<BoundedBody.Kept>> pending =
                client.sendAsync(written(uri, byHub), head -> startBody(head.statusCode()));
        try {
            HttpResponse<BoundedBody.Kept> response = await(pending);
            return new Answer(response.statusCode(), response.headers(), response.body(), uri, byHub, settings);
        } catch (InterruptedException cancel) {
            throw cancelled();
        } catch (ExecutionException failed) {
            Throwable cause = Objects.requireNonNullElse(failed.getCause(), failed);
            Throwables.throwIfInstanceOf(cause, IOException.class);
            Throwables.throwIfInstanceOf(cause, Error.class);
            throw new IOException(cause);
        } finally {
            pending.cancel(true);
            BoundedBody started = body;
            if (started != null) {
                started.stop();
            }
        }
    }

    private HttpRequest written(URI uri, boolean byHub) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(uri)
                .version(Origin.of(uri).isSecure() ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1)
                .header("Accept-Encoding", "identity")
                .header("User-Agent", "llm-sizing");
        request.range().ifPresent(range -> builder.header("Range", range));
        if (byHub && !settings.token().isEmpty()) {
            builder.header("Authorization", "Bearer " + settings.token());
        }
        return builder.build();
    }

    private BoundedBody startBody(int status) {
        sign();
        BoundedBody started = request.body(status, this::sign);
        body = started;
        return started;
    }

    private void sign() {
        lastSign = System.nanoTime();
    }

    private HttpResponse<BoundedBody.Kept> await(CompletableFuture<HttpResponse<BoundedBody.Kept>> pending)
            throws HttpTimeoutException, InterruptedException, ExecutionException {
        Duration patience = settings.readWait();
        long longest =
                settings.connectWait().plus(patience.multipliedBy(LONGEST)).toNanos();
        while (true) {
            long now = System.nanoTime();
            long left = Math.min(lastSign + patience.toNanos() - now, start + longest - now);
            if (left <= 0) {
                throw new HttpTimeoutException("timed out after " + TimeUnit.NANOSECONDS.toMillis(now - start) + " ms");
            }
            try {
                return pending.get(Math.min(left, patience.toNanos()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException notYet) {
                // The loop looks whether anything has come meanwhile.
            }
        }
    }
}
