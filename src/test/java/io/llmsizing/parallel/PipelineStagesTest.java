package io.llmsizing.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PipelineStagesTest {
    @ParameterizedTest
    @CsvSource({
        // layers, stages, first layers, source
        "61, 4, '0, 15, 30, 46, 61', vLLM get_pp_indices: 15 15 16 15",
        "63, 4, '0, 16, 32, 48, 63', vLLM get_pp_indices: 16 16 16 15",
        "62, 4, '0, 15, 31, 47, 62', vLLM get_pp_indices: 15 16 16 15",
        "60, 4, '0, 15, 30, 45, 60', divides",
        "61, 1, '0, 61', one stage",
        "61, 2, '0, 31, 61', the first has one more when all others have",
        "4, 4, '0, 1, 2, 3, 4', a layer each",
        "5, 4, '0, 1, 2, 4, 5', the stage before the last has one more",
        "1, 1, '0, 1', one layer"
    })
    void theRestGoesToTheStagesBeforeTheLast(int layers, int stages, String boundaries, String source) {
        assertThat(PipelineStages.boundaries(layers, stages))
                .as(source)
                .containsExactly(Arrays.stream(boundaries.split(", "))
                        .mapToInt(Integer::parseInt)
                        .toArray());
    }

    @ParameterizedTest
    @CsvSource({"61, 0", "61, -1", "61, 62", "0, 1"})
    void everyStageHasALayer(int layers, int stages) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PipelineStages.boundaries(layers, stages))
                .withMessageContaining(stages + " pipeline stages for " + layers + " layers; 1 to " + layers);
    }

    @Test
    void aStackHasAsManyBoundariesAsStagesAndOne() {
        assertThat(PipelineStages.boundaries(100, 7)).hasSize(8);
    }
}
