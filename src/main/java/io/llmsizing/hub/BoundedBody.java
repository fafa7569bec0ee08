package io.llmsizing.hub;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a bounded piece of an answer and stops reading behind it, however long the answer is. What has arrived is the
 * most that is ever held.
 */
final class BoundedBody implements HttpResponse.BodySubscriber<BoundedBody.Kept> {
    private static final int FIRST_ROOM = 1 << 13;

    /**
     * What was kept.
     *
     * @param bytes the piece, which may be shorter than was wanted
     * @param more whether more bytes came than were wanted
     */
    record Kept(ByteBuffer bytes, boolean more) {
        int length() {
            return bytes.remaining();
        }

        void copyTo(byte[] target, int from) {
            bytes.duplicate().get(target, from, length());
        }

        InputStream stream() {
            byte[] copy = new byte[length()];
            copyTo(copy, 0);
            return new ByteArrayInputStream(copy);
        }
    }

    private final CompletableFuture<Kept> result = new CompletableFuture<>();
    private final Runnable sign;
    private final int most;
    private final boolean stopsWhenFull;
    private long toSkip;
    private byte[] kept;
    private int length;
    private Flow.@Nullable Subscription subscription;
    private boolean done;

    /**
     * A piece of a body.
     *
     * @param skip bytes to drop before it
     * @param most the bytes of it
     * @param stopsWhenFull whether to leave once it is there, or else at the first byte behind it
     * @param sign called whenever bytes arrive
     */
    BoundedBody(long skip, int most, boolean stopsWhenFull, Runnable sign) {
        this.toSkip = skip;
        this.most = most;
        this.stopsWhenFull = stopsWhenFull;
        this.sign = sign;
        this.kept = new byte[Math.min(most, FIRST_ROOM)];
    }

    @Override
    public CompletionStage<Kept> getBody() {
        return result;
    }

    @Override
    public synchronized void onSubscribe(Flow.Subscription newSubscription) {
        subscription = newSubscription;
        if (done || (stopsWhenFull && most == 0)) {
            stop();
        } else {
            newSubscription.request(1);
        }
    }

    @Override
    public synchronized void onNext(List<ByteBuffer> buffers) {
        if (done || subscription == null) {
            return;
        }
        sign.run();
        for (ByteBuffer buffer : buffers) {
            take(buffer);
            if (buffer.hasRemaining() || (stopsWhenFull && length == most)) {
                finish(buffer.hasRemaining());
                subscription.cancel();
                return;
            }
        }
        subscription.request(1);
    }

    private void take(ByteBuffer buffer) {
        int skipped = (int) Math.min(toSkip, buffer.remaining());
        buffer.position(buffer.position() + skipped);
        toSkip -= skipped;
        int taken = Math.min(most - length, buffer.remaining());
        if (length + taken > kept.length) {
            kept = Arrays.copyOf(kept, (int) Math.min(most, Math.max(2L * kept.length, length + taken)));
        }
        buffer.get(kept, length, taken);
        length += taken;
    }

    @Override
    public synchronized void onError(Throwable broken) {
        done = true;
        result.completeExceptionally(broken);
    }

    @Override
    public synchronized void onComplete() {
        finish(false);
    }

    private void finish(boolean more) {
        done = true;
        result.complete(new Kept(ByteBuffer.wrap(kept, 0, length).slice().asReadOnlyBuffer(), more));
    }

    /** Leaves at once; what comes later is dropped. */
    synchronized void stop() {
        if (!done) {
            finish(false);
        }
        if (subscription != null) {
            subscription.cancel();
        }
    }
}
