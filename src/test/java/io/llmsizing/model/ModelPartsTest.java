package io.llmsizing.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.tensor.ShardRule;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelPartsTest {
    private static LayerGroup layers(int count, int normVectors) {
        return new LayerGroup(count, GroupedQuery.of(4, 2, 16), DenseFeedForward.gated(96), normVectors);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 16_385})
    void aGroupHasOneToSixteenThousandLayers(int count) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> layers(count, 2))
                .withMessageContaining(count + " layers");
        assertThat(layers(1, 2).count()).isEqualTo(1);
        assertThat(layers(16_384, 2).count()).isEqualTo(16_384);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 65})
    void aLayerHasUpToSixtyFourNormVectors(int vectors) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> layers(1, vectors))
                .withMessageContaining(vectors + " norm vectors");
        assertThat(layers(1, 64).normVectors()).isEqualTo(64);
    }

    @Test
    void aLayerIsNormsAttentionAndFeedForward() {
        LayerGroup layer = layers(1, 2);
        List<WeightTensor> expected = new ArrayList<>();
        expected.add(
                WeightTensor.vector("layernorm.weight", TensorRole.NORM, 64).times(2, 2));
        expected.addAll(layer.attention().tensors(64));
        expected.addAll(layer.feedForward().tensors(64));
        assertThat(layer.tensors(64)).isEqualTo(expected);
        assertThat(layers(1, 0).tensors(64)).isEqualTo(expected.subList(1, expected.size()));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, 4_294_967_297L})
    void aVocabularyHasOneToFourBillionRows(long rows) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Embedding(rows, false))
                .withMessageContaining("vocabulary of " + rows);
        assertThat(new Embedding(1, false).vocabulary()).isEqualTo(1);
        assertThat(new Embedding(4_294_967_296L, true).vocabulary()).isEqualTo(1L << 32);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 64, 2",
        "1099511627777, 64, 2",
        "8, 0, 2",
        "8, 1048577, 2",
        "8, 64, 1",
        "8, 64, 3",
        "8, 64, 8",
        "8, 64, 0"
    })
    void aRotaryTableOutOfRangeIsShown(long positions, long width, long elementBytes) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RotaryTable(positions, width, elementBytes))
                .withMessageContaining(positions + " x " + width + " elements of " + elementBytes + " B");
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 2", "1099511627776, 1048576, 4"})
    void theEndsOfARotaryTableAreTaken(long positions, long width, long elementBytes) {
        assertThat(new RotaryTable(positions, width, elementBytes).positions()).isEqualTo(positions);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 65})
    void aSpeculativeHeadHasOneToSixtyFourBlocks(int depth) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SpeculativeHead(depth, layers(1, 2), true))
                .withMessageContaining(depth + " speculative blocks");
        assertThat(new SpeculativeHead(64, layers(1, 2), true).depth()).isEqualTo(64);
    }

    @Test
    void aSpeculativeBlockHoldsExactlyOneLayer() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SpeculativeHead(1, layers(2, 2), true))
                .withMessageContaining("not 2");
    }

    @Test
    void aSpeculativeBlockJoinsEmbeddingAndStreamInFrontOfItsLayer() {
        List<WeightTensor> tensors = new SpeculativeHead(1, layers(1, 2), true).tensors(64);
        assertThat(tensors.subList(0, 4))
                .containsExactlyInAnyOrder(
                        WeightTensor.vector("enorm.weight", TensorRole.NORM, 64),
                        WeightTensor.vector("hnorm.weight", TensorRole.NORM, 64),
                        WeightTensor.matrix(
                                "eh_proj.weight", TensorRole.SPECULATIVE_PROJECTION, 64, 128, ShardRule.REPLICATED),
                        WeightTensor.vector("shared_head.norm.weight", TensorRole.NORM, 64));
        assertThat(tensors.subList(4, tensors.size())).isEqualTo(layers(1, 2).tensors(64));
    }

    @Test
    void aBlockCountsItsTensorsAsOftenAsTheyStand() {
        WeightTensor experts = WeightTensor.matrix("up", TensorRole.EXPERT, 3, 5, ShardRule.ROWS)
                .times(8, 2);
        WeightTensor norm = WeightTensor.vector("norm", TensorRole.NORM, 7);
        TensorBlock block = new TensorBlock(TensorBlock.Part.LAYERS, "layers[0]", 0, 4, List.of(experts, norm));
        assertThat(block.elements()).isEqualTo(4 * (8 * 15 + 7));
        assertThat(block.activeElements()).isEqualTo(4 * (2 * 15 + 7));
    }

    @Test
    void aBlockBeyondALongIsAnOverflow() {
        WeightTensor large = WeightTensor.matrix("up", TensorRole.EXPERT, 1L << 31, 1L << 31, ShardRule.ROWS);
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> new TensorBlock(TensorBlock.Part.LAYERS, "l", 0, 2, List.of(large)).elements());
        TensorBlock two = new TensorBlock(TensorBlock.Part.LAYERS, "l", 0, 1, List.of(large, large));
        assertThatExceptionOfType(ArithmeticException.class).isThrownBy(two::elements);
        assertThatExceptionOfType(ArithmeticException.class).isThrownBy(two::activeElements);
    }

    @Test
    void theListsOfTensorsAreCopies() {
        List<WeightTensor> tensors = new ArrayList<>(List.of(WeightTensor.vector("v", TensorRole.VISION, 8)));
        VisionTower tower = new VisionTower(tensors);
        TensorBlock block = new TensorBlock(TensorBlock.Part.VISION, "vision", 0, 1, tensors);
        tensors.clear();
        assertThat(tower.tensors()).hasSize(1);
        assertThat(block.tensors()).hasSize(1);
    }
}
