package io.llmsizing.feedforward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.llmsizing.tensor.ShardRule;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DenseFeedForwardTest {
    @ParameterizedTest
    @CsvSource({
        // width, gated, bias, hidden, elements, source
        "14336, true, false, 4096, 176160768, Llama-3.1-8B config",
        "18432, true, false, 7168, 396361728, DeepSeek-V3 config: the first three layers",
        "11008, true, true, 4096, 135292416, Llama-2-7B with mlp_bias",
        "10240, false, true, 2560, 52441600, Phi-2 config"
    })
    void elementsAreThoseOfThePublishedShape(
            long width, boolean gated, boolean bias, long hidden, long elements, String source) {
        assertThat(new DenseFeedForward(width, gated, bias)
                        .tensors(hidden).stream()
                                .mapToLong(WeightTensor::elements)
                                .sum())
                .as(source)
                .isEqualTo(elements);
    }

    @Test
    void aGatedBlockIsCutAndFusedAsEnginesDo() {
        assertThat(new DenseFeedForward(300, true, true).tensors(100))
                .containsExactlyInAnyOrder(
                        matrix("gate_proj.weight", 300, 100, ShardRule.ROWS).fusedInto("mlp.gate_up_proj.weight"),
                        matrix("up_proj.weight", 300, 100, ShardRule.ROWS).fusedInto("mlp.gate_up_proj.weight"),
                        matrix("down_proj.weight", 100, 300, ShardRule.COLUMNS),
                        bias("gate_proj.bias", 300, ShardRule.ROWS).fusedInto("mlp.gate_up_proj.bias"),
                        bias("up_proj.bias", 300, ShardRule.ROWS).fusedInto("mlp.gate_up_proj.bias"),
                        bias("down_proj.bias", 100, ShardRule.REPLICATED));
    }

    @Test
    void aBlockWithoutGateFusesNothing() {
        assertThat(new DenseFeedForward(300, false, true).tensors(100))
                .containsExactlyInAnyOrder(
                        matrix("up_proj.weight", 300, 100, ShardRule.ROWS),
                        matrix("down_proj.weight", 100, 300, ShardRule.COLUMNS),
                        bias("up_proj.bias", 300, ShardRule.ROWS),
                        bias("down_proj.bias", 100, ShardRule.REPLICATED));
    }

    private static WeightTensor matrix(String name, long rows, long columns, ShardRule rule) {
        return WeightTensor.matrix("mlp." + name, TensorRole.DENSE_FEED_FORWARD, rows, columns, rule);
    }

    private static WeightTensor bias(String name, long length, ShardRule rule) {
        return WeightTensor.matrix("mlp." + name, TensorRole.BIAS, length, 1, rule);
    }

    @Test
    void theUsualBlockIsGatedWithoutBias() {
        assertThat(DenseFeedForward.gated(14_336)).isEqualTo(new DenseFeedForward(14_336, true, false));
        assertThat(DenseFeedForward.gated(14_336).denseWidth()).isEqualTo(14_336);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, (1 << 24) + 1})
    void aWidthOutOfRangeIsNamed(long width) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DenseFeedForward.gated(width))
                .withMessageContaining("width " + width);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 1 << 24})
    void theEndsOfTheRangeAreTaken(long width) {
        assertThat(DenseFeedForward.gated(width).width()).isEqualTo(width);
    }
}
