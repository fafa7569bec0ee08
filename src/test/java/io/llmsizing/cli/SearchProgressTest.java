package io.llmsizing.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SearchProgressTest {
    private static String drawn(boolean isTerminal, long nanosecondsOfAStep) {
        AtomicLong clock = new AtomicLong();
        StringWriter drawn = new StringWriter();
        try (SearchProgress progress =
                new SearchProgress("models", 4, new PrintWriter(drawn), isTerminal, clock::get)) {
            for (int i = 0; i < 4; i++) {
                clock.addAndGet(nanosecondsOfAStep);
                progress.step();
            }
        }
        return drawn.toString();
    }

    @Test
    void aBarIsDrawnOnATerminalOnceASecondIsOverAndThenWipedOut() {
        String drawn = drawn(true, 500_000_000);
        assertThat(drawn).contains("models").contains("4/4").endsWith(" \r");
        assertThat(drawn.lines().filter(line -> line.contains("1/4"))).isEmpty();
    }

    @Test
    void whatIsQuickAndWhatIsNoTerminalStaysClean() {
        assertThat(drawn(true, 200_000_000)).isEmpty();
        assertThat(drawn(false, 5_000_000_000L)).isEmpty();
    }
}
