package io.llmsizing.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A bar on standard error of how far a search is, where that is a terminal and once it has taken a second. */
final class SearchProgress implements AutoCloseable {
    private static final long SECOND = 1_000_000_000;
    private static final int WIDTH = 78;

    private final String what;
    private final long steps;
    private final PrintWriter err;
    private final boolean isShown;
    private final LongSupplier nanoseconds;
    private final long begun;
    private long done;
    private @Nullable ProgressBar bar;

    SearchProgress(String what, long steps, PrintWriter err, boolean isShown, LongSupplier nanoseconds) {
        this.what = what;
        this.steps = steps;
        this.err = err;
        this.isShown = isShown;
        this.nanoseconds = nanoseconds;
        this.begun = nanoseconds.getAsLong();
    }

    /** Of a search that begins now. */
    static SearchProgress of(String what, long steps, PrintWriter err) {
        return new SearchProgress(what, steps, err, isTerminal(), System::nanoTime);
    }

    /** Whether standard error is a terminal; where the system does not tell, it is taken for none. */
    private static boolean isTerminal() {
        Path standardError = Path.of("/proc/self/fd/2");
        try {
            String target = Files.readSymbolicLink(standardError).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
        } catch (IOException | UnsupportedOperationException unknown) {
            return false;
        }
    }

    /** One of the steps is done. */
    void step() {
        done++;
        if (bar == null && isShown && nanoseconds.getAsLong() - begun >= SECOND) {
            bar = new ProgressBarBuilder()
                    .setTaskName(what)
                    .setInitialMax(steps)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setConsumer(new DelegatingProgressBarConsumer(this::draw, WIDTH))
                    .build();
        }
        if (bar != null) {
            bar.stepTo(done);
        }
    }

    private void draw(String line) {
        err.print("\r" + line);
        err.flush();
    }

    /** The answer begins on a clean line. */
    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            draw(" ".repeat(WIDTH) + "\r");
        }
    }
}
