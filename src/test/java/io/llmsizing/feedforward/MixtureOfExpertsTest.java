package io.llmsizing.feedforward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.llmsizing.tensor.ShardRule;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MixtureOfExpertsTest {
    @ParameterizedTest
    @CsvSource({
        // experts, active, width, shared, router bias, gate, hidden, elements, active elements, source
        "8, 2, 14336, 0, false, false, 4096, 1409318912, 352354304, Mixtral-8x7B config",
        "256, 8, 2048, 2048, true, false, 7168, 11320164608, 398196992, DeepSeek-V3 config",
        "60, 4, 1408, 5632, false, true, 2048, 553773056, 69330944, Qwen1.5-MoE-A2.7B config",
        "128, 8, 768, 0, false, false, 2048, 604241920, 38010880, Qwen3-30B-A3B config"
    })
    void elementsAreThoseOfThePublishedShape(
            long experts,
            long active,
            long width,
            long shared,
            boolean routerBias,
            boolean gate,
            long hidden,
            long elements,
            long activeElements,
            String source) {
        MixtureOfExperts mixture = new MixtureOfExperts(experts, active, width, shared, routerBias, gate);
        assertThat(mixture.tensors(hidden).stream()
                        .mapToLong(WeightTensor::elements)
                        .sum())
                .as(source)
                .isEqualTo(elements);
        assertThat(mixture.tensors(hidden).stream()
                        .mapToLong(WeightTensor::activeElements)
                        .sum())
                .as(source)
                .isEqualTo(activeElements);
    }

    @Test
    void routersAreOnEveryRankAndExpertsAreCut() {
        assertThat(new MixtureOfExperts(16, 4, 30, 60, true, true).tensors(100))
                .containsExactlyInAnyOrder(
                        WeightTensor.matrix("mlp.gate.weight", TensorRole.ROUTER, 16, 100, ShardRule.REPLICATED),
                        WeightTensor.vector("mlp.gate.e_score_correction_bias", TensorRole.ROUTER_BIAS, 16),
                        expert("gate_proj", 30, 100, ShardRule.ROWS).fusedInto("mlp.experts.N.gate_up_proj.weight"),
                        expert("up_proj", 30, 100, ShardRule.ROWS).fusedInto("mlp.experts.N.gate_up_proj.weight"),
                        expert("down_proj", 100, 30, ShardRule.COLUMNS),
                        shared("gate_proj", 60, 100, ShardRule.ROWS)
                                .fusedInto("mlp.shared_experts.gate_up_proj.weight"),
                        shared("up_proj", 60, 100, ShardRule.ROWS).fusedInto("mlp.shared_experts.gate_up_proj.weight"),
                        shared("down_proj", 100, 60, ShardRule.COLUMNS),
                        WeightTensor.matrix(
                                "mlp.shared_expert_gate.weight", TensorRole.ROUTER, 1, 100, ShardRule.REPLICATED));
    }

    private static WeightTensor expert(String name, long rows, long columns, ShardRule rule) {
        return WeightTensor.matrix("mlp.experts.N." + name + ".weight", TensorRole.EXPERT, rows, columns, rule)
                .times(16, 4);
    }

    private static WeightTensor shared(String name, long rows, long columns, ShardRule rule) {
        return WeightTensor.matrix(
                "mlp.shared_experts." + name + ".weight", TensorRole.SHARED_EXPERT, rows, columns, rule);
    }

    @Test
    void aLatentHasTwoProjectionsOfItsOwnAndMayHaveANorm() {
        MixtureOfExperts nemotron = new MixtureOfExperts(8, 2, 30, 60, true, false, false, false, 16, 0);
        assertThat(nemotron.tensors(100))
                .contains(
                        latent("fc1_latent_proj", 16, 100),
                        latent("fc2_latent_proj", 100, 16),
                        WeightTensor.matrix("mlp.experts.N.up_proj.weight", TensorRole.EXPERT, 30, 16, ShardRule.ROWS)
                                .times(8, 2))
                .noneMatch(tensor -> tensor.name().contains("norm"));
        MixtureOfExperts kimi = new MixtureOfExperts(8, 2, 30, 60, true, false, true, false, 16, true, 0);
        assertThat(kimi.tensors(100))
                .contains(
                        latent("routed_expert_down_proj", 16, 100),
                        latent("routed_expert_up_proj", 100, 16),
                        WeightTensor.vector("mlp.routed_expert_norm.weight", TensorRole.NORM, 16));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MixtureOfExperts(8, 2, 30, 0, true, false, true, false, 0, true, 0))
                .withMessage("a norm of a latent, but no latent");
    }

    private static WeightTensor latent(String name, long rows, long columns) {
        return WeightTensor.matrix(
                "mlp." + name + ".weight", TensorRole.SHARED_EXPERT, rows, columns, ShardRule.REPLICATED);
    }

    @Test
    void onlySharedExpertsCountAsDense() {
        assertThat(MixtureOfExperts.of(8, 2, 14_336).denseWidth()).isZero();
        assertThat(new MixtureOfExperts(256, 8, 2048, 2048, true, false).denseWidth())
                .isEqualTo(2048);
        assertThat(MixtureOfExperts.of(8, 2, 14_336)).isEqualTo(new MixtureOfExperts(8, 2, 14_336, 0, false, false));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, 1, 0, false, 0 experts",
        "1048577, 1, 1, 0, false, 1048577 experts",
        "8, 0, 1, 0, false, 0 of 8 experts active; 1 to 8",
        "8, 9, 1, 0, false, 9 of 8 experts active; 1 to 8",
        "8, 2, 0, 0, false, expert widths 0 and 0",
        "8, 2, 16777217, 0, false, expert widths 16777217 and 0",
        "8, 2, 1, -1, false, expert widths 1 and -1",
        "8, 2, 1, 16777217, false, expert widths 1 and 16777217",
        "8, 2, 1, 0, true, a gate for shared experts"
    })
    void whatIsOutOfRangeIsNamed(long experts, long active, long width, long shared, boolean gate, String said) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MixtureOfExperts(experts, active, width, shared, false, gate))
                .withMessageContaining(said);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1, 0, false", "1048576, 1048576, 16777216, 16777216, true", "8, 8, 1, 1, true"})
    void theEndsOfTheRangesAreTaken(long experts, long active, long width, long shared, boolean gate) {
        assertThat(new MixtureOfExperts(experts, active, width, shared, true, gate).experts())
                .isEqualTo(experts);
    }
}
