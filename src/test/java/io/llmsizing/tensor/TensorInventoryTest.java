package io.llmsizing.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class TensorInventoryTest {
    private static WeightTensor whole(String name, TensorRole role, long rows, long columns, long count) {
        return new WeightTensor(name, name, role, rows, columns, count, count, ShardRule.REPLICATED);
    }

    @Test
    void aTowerHasItsRoleThroughout() {
        assertThat(TensorInventory.of(TensorRole.VISION)
                        .convolution("patch", 8, 3, 4, true)
                        .layerNorm("norm", 8)
                        .vector("class", 8)
                        .as(
                                TensorRole.VISION_PROJECTOR,
                                projector ->
                                        projector.rmsNorm("projector.norm", 8).linear("projector.up", 16, 8, true))
                        .matrix("positions", 5, 8)
                        .tensors())
                .containsExactly(
                        whole("patch.weight", TensorRole.VISION, 8, 12, 1),
                        whole("patch.bias", TensorRole.VISION, 8, 1, 1),
                        whole("norm.weight", TensorRole.VISION, 8, 1, 1),
                        whole("norm.bias", TensorRole.VISION, 8, 1, 1),
                        whole("class", TensorRole.VISION, 8, 1, 1),
                        whole("projector.norm.weight", TensorRole.VISION_PROJECTOR, 8, 1, 1),
                        whole("projector.up.weight", TensorRole.VISION_PROJECTOR, 16, 8, 1),
                        whole("projector.up.bias", TensorRole.VISION_PROJECTOR, 16, 1, 1),
                        whole("positions", TensorRole.VISION, 5, 8, 1));
    }

    @Test
    void elsewhereBiasesAndNormsHaveTheirOwnRoles() {
        assertThat(TensorInventory.of(TensorRole.ATTENTION)
                        .layerNorm("norm", 8)
                        .linear("q", 16, 8, true, ShardRule.heads(4))
                        .linear("o", 8, 16, true, ShardRule.COLUMNS)
                        .tensors())
                .containsExactly(
                        whole("norm.weight", TensorRole.NORM, 8, 1, 1),
                        whole("norm.bias", TensorRole.NORM, 8, 1, 1),
                        WeightTensor.matrix("q.weight", TensorRole.ATTENTION, 16, 8, ShardRule.heads(4)),
                        WeightTensor.matrix("q.bias", TensorRole.BIAS, 16, 1, ShardRule.heads(4)),
                        WeightTensor.matrix("o.weight", TensorRole.ATTENTION, 8, 16, ShardRule.COLUMNS),
                        whole("o.bias", TensorRole.BIAS, 8, 1, 1));
    }

    @Test
    void modulesNestAndTheirNumbersMultiply() {
        assertThat(TensorInventory.of(TensorRole.EXPERT)
                        .under(
                                "model",
                                model -> model.times(
                                        3,
                                        "layers.N",
                                        layer -> layer.times(
                                                        8, 2, "experts.N", expert -> expert.linear("up", 4, 2, false))
                                                .tensor(WeightTensor.vector("bias", TensorRole.ROUTER_BIAS, 8)
                                                        .fusedInto("all")
                                                        .times(5, 1))))
                        .vector("last", 1)
                        .tensors())
                .containsExactly(
                        new WeightTensor(
                                "model.layers.N.experts.N.up.weight",
                                "model.layers.N.experts.N.up.weight",
                                TensorRole.EXPERT,
                                4,
                                2,
                                24,
                                6,
                                ShardRule.REPLICATED),
                        new WeightTensor(
                                "model.layers.N.bias",
                                "model.layers.N.all",
                                TensorRole.ROUTER_BIAS,
                                8,
                                1,
                                15,
                                3,
                                ShardRule.REPLICATED),
                        whole("last", TensorRole.EXPERT, 1, 1, 1));
    }

    @Test
    void noCopyIsNothing() {
        assertThat(TensorInventory.of(TensorRole.VISION)
                        .times(0, "blocks.N", block -> block.vector("class", 8))
                        .tensors())
                .isEmpty();
    }

    @Test
    void whatIsGivenOutDoesNotChangeAnyMore() {
        TensorInventory inventory = TensorInventory.of(TensorRole.VISION).vector("class", 8);
        assertThat(inventory.tensors()).hasSize(1).satisfies(before -> {
            inventory.vector("other", 8);
            assertThat(before).hasSize(1);
        });
    }

    @Test
    void numbersOutOfRangeAreNamedWithTheirModule() {
        TensorInventory inventory = TensorInventory.of(TensorRole.EXPERT);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> inventory.under("model", model -> model.times(-1, "layers.N", layer -> {})))
                .withMessage("model.layers.N stands -1 times; 0 or more allowed");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> inventory.times(4, 5, "experts.N", expert -> {}))
                .withMessage("experts.N: 5 of 4 used");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> inventory.times(4, -1, "experts.N", expert -> {}))
                .withMessage("experts.N: -1 of 4 used");
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> inventory.times(1L << 40, "a", a -> a.times(1L << 40, "b", b -> b.vector("c", 1))));
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> inventory.convolution("c", 1, 1L << 40, 1L << 40, false));
    }
}
