package io.llmsizing.hub;

import io.llmsizing.checkpoint.Repository;
import java.io.IOException;
import java.net.http.HttpClient;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Opens models by their id on a Hub: from the folder where the Hub's own tools keep what they loaded if all of it lies
 * there, else from the Hub itself by range requests. Nothing is ever written to disk, so a cancel leaves nothing
 * behind. No request is made before {@link #open} is called. A client may be used by several threads at once.
 *
 * <p>An interrupted thread ends its request or its wait at once with an {@link java.io.InterruptedIOException} and stays
 * interrupted.
 */
public final class HubClient {
    private final HubSettings settings;
    private final HubCache cache;
    private final HubHttp http;

    /** A client that waits as it is told to. */
    HubClient(HubSettings settings, HubProgress progress, Backoff backoff) {
        this(settings, progress, backoff, () -> HubHttp.network(settings));
    }

    /** A client that sends its requests as it is told to. */
    HubClient(HubSettings settings, HubProgress progress, Backoff backoff, Supplier<HttpClient> client) {
        this.settings = settings;
        this.cache = new HubCache(settings.cache());
        this.http = new HubHttp(settings, progress, backoff, client);
    }

    /**
     * A client that says nothing while it works.
     *
     * @param settings where to ask, and as whom
     * @return the client
     */
    public static HubClient of(HubSettings settings) {
        return of(settings, HubProgress.NONE);
    }

    /**
     * A client that tells what it does.
     *
     * @param settings where to ask, and as whom
     * @param progress is told of every request
     * @return the client
     */
    public static HubClient of(HubSettings settings, HubProgress progress) {
        return new HubClient(settings, progress, Backoff.real());
    }

    /**
     * Opens a model. From the Hub this takes two requests or more: which commit the revision is, and which files it
     * has; each piece of a file that is read later is a further one.
     *
     * @param id the model, {@code meta-llama/Llama-3.1-8B}, perhaps with a revision behind an {@code @}
     * @return its files; those of a Hub may be read by several threads at once
     * @throws IllegalArgumentException if that is no id, see {@link HubId#parse}
     * @throws HubException if there is no such model, it may not be read, it is not in the cache while offline, or the
     *     Hub can't be reached; the message says which, and what to do
     * @throws IOException if the cache can't be read, or the thread is interrupted
     */
    public Repository open(String id) throws IOException {
        HubId parsed = HubId.parse(id);
        Optional<Snapshot> cached = cache.find(parsed);
        if (cached.isPresent()
                && (cached.get().isWhole()
                        || (settings.offline() && cached.get().isUsable()))) {
            return cached.get().repository();
        }
        if (settings.offline()) {
            throw new HubException(parsed + ": HF_HUB_OFFLINE is set, and "
                    + cached.map(Snapshot::missing).orElseGet(() -> settings.cache() + " holds nothing of it")
                    + "; unset it, or load the model with the Hub's own tools first");
        }
        return HubRepository.of(http, settings.endpoint(), parsed);
    }
}
