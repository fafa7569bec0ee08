package io.llmsizing.planner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class SweepSpaceTest {
    private static final SweepSpace SPACE = SweepSpace.of(
            List.of("deepseek-ai/DeepSeek-R1", "mine, with; signs=%"),
            List.of("H200"),
            List.of(8),
            List.of("fp8"),
            List.of(8_192L),
            List.of(1L, 2L));

    @Test
    void textParsesBack() {
        assertThat(SPACE.slice(1, 3))
                .hasToString("deepseek-ai%2FDeepSeek-R1,mine%2C+with%3B+signs%3D%25;H200;8;fp8;8192;1,2;;1;3");
        assertThat(SweepSpace.parse(SPACE.slice(1, 3).toString())).isEqualTo(SPACE.slice(1, 3));
        assertThat(SweepSpace.parse(SPACE.engine("vllm:0.11").toString()).engine())
                .isEqualTo("vllm:0.11");
    }

    @Test
    void slicesOfSlicesCountFromTheirOwnFirst() {
        assertThat(SPACE.size()).isEqualTo(4);
        assertThat(SPACE.slice(1, 4).slice(1, 2)).isEqualTo(SPACE.slice(2, 3));
    }

    @Test
    void whatIsOutOfRangeIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SPACE.slice(2, 5))
                .withMessage("points 2 to 5; 0 to 4 allowed");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SweepSpace.parse("a;b"))
                .withMessageContaining("has 2 parts");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SweepSpace.parse("a;b;0;fp8;1;1;;0;1"))
                .withMessage("0 devices; 1 to 1024 allowed");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SweepSpace.parse(";b;1;fp8;1;1;;0;1"))
                .withMessageContaining("every axis needs values");
    }
}
