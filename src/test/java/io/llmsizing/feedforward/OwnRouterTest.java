package io.llmsizing.feedforward;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwnRouterTest {
    private static final List<WeightTensor> ROUTER =
            List.of(WeightTensor.vector("mlp.gate.down_proj.weight", TensorRole.ROUTER, 7));

    @Test
    void theRouterTakesThePlaceOfTheOneMatrixAndItsCorrection() {
        MixtureOfExperts experts = new MixtureOfExperts(8, 2, 16, 32, true, false);
        OwnRouter block = new OwnRouter(experts, ROUTER);
        long elements =
                block.tensors(64).stream().mapToLong(WeightTensor::elements).sum();
        assertThat(elements).isEqualTo(7 + 8 * 3 * 16 * 64 + 3 * 32 * 64);
        assertThat(block.mixtures()).containsExactly(experts);
        assertThat(block.denseWidth()).isEqualTo(32);
    }
}
