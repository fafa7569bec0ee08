package io.llmsizing.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightTensorTest {
    private static WeightTensor tensor(long rows, long columns, long count, long active) {
        return new WeightTensor("up_proj", "up_proj", TensorRole.EXPERT, rows, columns, count, active, ShardRule.ROWS);
    }

    @Test
    void elementsAreCountTimesRowsTimesColumns() {
        // The up-projections of one DeepSeek-V3 layer: 256 experts, 8 active.
        WeightTensor experts = tensor(2048, 7168, 256, 8);
        assertThat(experts.elements()).isEqualTo(256L * 2048 * 7168);
        assertThat(experts.activeElements()).isEqualTo(8L * 2048 * 7168);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1, 0", "4294967296, 1, 1, 1", "1, 4294967296, 1, 1", "1, 1, 1048576, 1048576"})
    void theEndsOfTheRangesAreTaken(long rows, long columns, long count, long active) {
        assertThat(tensor(rows, columns, count, active).elements()).isEqualTo(rows * columns * count);
        assertThat(tensor(rows, columns, count, active).activeElements()).isEqualTo(rows * columns * active);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, 1, 1, the shape 0 x 1",
        "1, 0, 1, 1, the shape 1 x 0",
        "-1, 1, 1, 1, the shape -1 x 1",
        "4294967297, 1, 1, 1, the shape 4294967297 x 1",
        "1, 4294967297, 1, 1, the shape 1 x 4294967297",
        "1, 1, 0, 0, stands 0 times",
        "1, 1, 1048577, 1, stands 1048577 times",
        "1, 1, 4, 5, 5 of 4 active",
        "1, 1, 4, -1, -1 of 4 active"
    })
    void whatIsOutOfRangeIsNamedWithItsTensor(long rows, long columns, long count, long active, String said) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tensor(rows, columns, count, active))
                .withMessageContaining("up_proj")
                .withMessageContaining(said);
    }

    @Test
    void elementsBeyondALongAreAnOverflow() {
        WeightTensor plane = tensor(1L << 32, 1L << 32, 1, 1);
        assertThatExceptionOfType(ArithmeticException.class).isThrownBy(plane::elements);
        assertThatExceptionOfType(ArithmeticException.class).isThrownBy(plane::activeElements);
        WeightTensor many = tensor(1L << 32, 1L << 20, 1 << 20, 1);
        assertThatExceptionOfType(ArithmeticException.class).isThrownBy(many::elements);
        assertThat(many.activeElements()).isEqualTo(1L << 52);
        WeightTensor allActive = tensor(1L << 32, 1L << 20, 1 << 20, 1 << 20);
        assertThatExceptionOfType(ArithmeticException.class).isThrownBy(allActive::activeElements);
    }

    @Test
    void aMatrixStandsOnceForEveryTokenUnderItsOwnName() {
        assertThat(WeightTensor.matrix("o_proj", TensorRole.ATTENTION, 3, 5, ShardRule.COLUMNS))
                .isEqualTo(new WeightTensor("o_proj", "o_proj", TensorRole.ATTENTION, 3, 5, 1, 1, ShardRule.COLUMNS));
    }

    @Test
    void aVectorIsOneColumnOnEveryRank() {
        assertThat(WeightTensor.vector("norm", TensorRole.NORM, 4096))
                .isEqualTo(new WeightTensor("norm", "norm", TensorRole.NORM, 4096, 1, 1, 1, ShardRule.REPLICATED));
    }

    @Test
    void fusingAndRepeatingChangeNothingElse() {
        WeightTensor gate = WeightTensor.matrix("gate_proj", TensorRole.EXPERT, 3, 5, ShardRule.ROWS);
        assertThat(gate.fusedInto("gate_up_proj").times(8, 2))
                .isEqualTo(
                        new WeightTensor("gate_proj", "gate_up_proj", TensorRole.EXPERT, 3, 5, 8, 2, ShardRule.ROWS));
    }
}
