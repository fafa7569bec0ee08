package io.llmsizing.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisabledOnOs(OS.WINDOWS)
@Timeout(60)
class PrintedOutputTest {
    private static final Duration LONG = Duration.ofSeconds(50);

    private static byte[] of(String script, Duration most) throws IOException {
        return PrintedOutput.of(List.of("sh", "-c", script), most);
    }

    @Test
    void allThatIsPrintedIsTaken() throws IOException {
        assertThat(new String(of("echo one; echo two >&2", LONG), StandardCharsets.UTF_8))
                .isEqualTo("one\ntwo\n");
        assertThat(of("head -c 1048576 /dev/zero", LONG)).hasSize(1 << 20);
    }

    /** In the last, a child of the program keeps its output open. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "exec sleep 50",
                "echo begun; exec sleep 50",
                "exec >&- 2>&-; exec sleep 50",
                "sleep 50; echo late"
            })
    void aProgramThatDoesNotEndIsWaitedForNoLongerThanSaid(String script) {
        long before = System.nanoTime();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of(script, Duration.ofMillis(300)))
                .withMessage("sh is not done after 300 ms");
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void aProgramThatNeverStopsTalkingIsCutOff() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of("exec yes", LONG))
                .withMessage("sh prints more than 1 MiB");
    }

    @Test
    void aFailureIsToldByItsFirstLine() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of("echo no devices >&2; echo more; exit 9", LONG))
                .withMessage("sh failed: no devices");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of("exit 6", LONG))
                .withMessage("sh failed: it said nothing");
    }

    @Test
    void aProgramThatIsNotThereIsAnErrorOfItsOwn() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> PrintedOutput.of(List.of("no-such-program-here"), LONG));
    }
}
