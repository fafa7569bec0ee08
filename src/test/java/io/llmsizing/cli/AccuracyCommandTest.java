package io.llmsizing.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.calibration.ObservationTable;
import io.llmsizing.document.JsonObject;
import io.llmsizing.document.JsonReader;
import org.junit.jupiter.api.Test;

/** {@code accuracy} as users run it; its whole output stands in the README. */
class AccuracyCommandTest {
    @Test
    void oneEngineAlone() {
        Command ran = Command.of("accuracy", "--engine", "VLLM");
        assertThat(ran.code()).isEqualTo(ExitCodes.FITS);
        assertThat(ran.out()).contains("vllm").doesNotContain("sglang", "transformers", "HELD OUT");
    }

    @Test
    void anEngineWithoutRowsIsRefusedWithThoseThatHaveSome() {
        Command ran = Command.of("accuracy", "--engine", "vlm");
        assertThat(ran.code()).isEqualTo(ExitCodes.BAD_INPUT);
        assertThat(ran.err()).contains("'vlm'", "sglang, tensorrt-llm, transformers, vllm");
    }

    @Test
    void rowsAreListedOnDemand() {
        assertThat(Command.of("accuracy").out()).doesNotContain("IN BAND");
        assertThat(Command.of("accuracy", "--rows").out())
                .contains("IN BAND")
                .containsPattern("r0142 +vllm 0.10.0 +Qwen/Qwen3-32B +dense +pool bytes +memory fraction not stated");
    }

    @Test
    void programsGetSumsVerdictsAndRows() {
        JsonObject all = JsonReader.read(Command.of("accuracy", "--json").out(), "accuracy");
        assertThat(all.whole("setups", 1, 1 << 20))
                .isEqualTo(ObservationTable.bundled().size());
        assertThat(Command.of("accuracy", "--json").out())
                .contains("\"loaded_bands\"", "\"kind\" : \"mxfp4_experts\"")
                .contains("\"within_half_percent\"", "\"too_close_to_call\"", "\"id\" : \"r0001\"")
                .contains("\"refusal\" : \"vllm 0.5 is older than the facts known here");
    }
}
