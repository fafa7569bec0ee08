package io.llmsizing.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HubProgressLineTest {
    private final StringWriter said = new StringWriter();
    private long now = Long.MAX_VALUE - 1;
    private final HubProgressLine line = new HubProgressLine(new PrintWriter(said), () -> now);

    private void passes(long millis) {
        now += Duration.ofMillis(millis).toNanos();
        line.look();
    }

    @Test
    void whatTakesLessThanASecondIsNotTold() {
        line.asked("config.json");
        line.received("config.json", 700);
        passes(999);
        assertThat(said.toString()).isEmpty();
    }

    @Test
    void afterASecondItIsToldOnceASecond() {
        line.asked("the list of files");
        line.received("the list of files", 1_700);
        line.asked("config.json");
        for (int i = 0; i < 25; i++) {
            passes(100);
        }
        assertThat(said.toString().lines())
                .hasSize(2)
                .containsOnly("sizing: reading config.json: 1 answers of 1,700 B so far");
    }

    @Test
    void aSilentServerIsToldToo() {
        line.asked("the commit of main");
        passes(1_000);
        assertThat(said.toString().lines())
                .containsExactly("sizing: reading the commit of main: 0 answers of 0 B so far");
    }

    @Test
    void aPauseIsToldAtOnceAndNotTalkedOver() {
        line.asked("config.json");
        line.waits("config.json", Duration.ofSeconds(7), "hub answered 429");
        passes(7_999);
        assertThat(said.toString().lines())
                .containsExactly("sizing: reading config.json: hub answered 429, trying again in 7000 ms");
        passes(1);
        assertThat(said.toString().lines()).hasSize(2);
    }
}
