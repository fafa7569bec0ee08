package io.llmsizing.cli;

import io.llmsizing.hub.HubProgress;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/** Says on standard error what is read from a Hub, once it has taken a second and then once a second at most. */
final class HubProgressLine implements HubProgress {
    private static final long SECOND = 1_000_000_000;

    private final PrintWriter err;
    private final LongSupplier nanoseconds;
    private long saidLast;
    private String asked = "";
    private long answers;
    private long bytes;

    HubProgressLine(PrintWriter err) {
        this(err, System::nanoTime);
    }

    HubProgressLine(PrintWriter err, LongSupplier nanoseconds) {
        this.err = err;
        this.nanoseconds = nanoseconds;
        this.saidLast = nanoseconds.getAsLong();
    }

    @Override
    public synchronized void asked(String file) {
        asked = file;
    }

    @Override
    public synchronized void received(String file, long more) {
        answers++;
        bytes += more;
    }

    /** Says how far it is if a second has passed since something was said; to be called now and then. */
    synchronized void look() {
        long now = nanoseconds.getAsLong();
        if (now - saidLast >= SECOND) {
            saidLast = now;
            err.println(String.format(
                    Locale.ROOT, "sizing: reading %s: %,d answers of %,d B so far", asked, answers, bytes));
            err.flush();
        }
    }

    @Override
    public synchronized void waits(String file, Duration pause, String why) {
        saidLast = nanoseconds.getAsLong() + pause.toNanos();
        err.println(String.format(
                Locale.ROOT, "sizing: reading %s: %s, trying again in %d ms", file, why, pause.toMillis()));
        err.flush();
    }
}
