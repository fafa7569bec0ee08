package io.llmsizing.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.ledger.Assumption;
import io.llmsizing.quantization.WeightSchemes;
import io.llmsizing.tensor.ShardRule;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelTest {
    private static final LayerGroup LAYER = new LayerGroup(2, GroupedQuery.of(4, 2, 16), DenseFeedForward.gated(96), 2);

    private static ModelBuilder builder(boolean tied) {
        return Model.builder("org/small", 64, new Embedding(100, tied), LayerStack.of(LAYER), 2048);
    }

    @Test
    void aPlainModelIsInBf16WithOneOutputNormAndNothingElse() {
        Model model = builder(false).build();
        assertThat(model.name()).isEqualTo("org/small");
        assertThat(model).hasToString("org/small");
        assertThat(model.hidden()).isEqualTo(64);
        assertThat(model.embedding()).isEqualTo(new Embedding(100, false));
        assertThat(model.layers()).isEqualTo(LayerStack.of(LAYER));
        assertThat(model.contextTokens()).isEqualTo(2048);
        assertThat(model.outputNormVectors()).isEqualTo(1);
        assertThat(model.weights()).isEqualTo(WeightSchemes.BF16);
        assertThat(model.speculativeHead()).isEmpty();
        assertThat(model.visionTower()).isEmpty();
        assertThat(model.rotaryTable()).isEmpty();
        assertThat(model.source()).isEmpty();
        assertThat(model.assumptions()).isEmpty();
    }

    @Test
    void whatABuilderIsGivenTheModelHas() {
        SpeculativeHead head =
                new SpeculativeHead(1, new LayerGroup(1, LAYER.attention(), LAYER.feedForward(), 2), true);
        VisionTower tower = new VisionTower(List.of(WeightTensor.vector("cls", TensorRole.VISION, 8)));
        RotaryTable table = new RotaryTable(2048, 16, 2);
        List<Assumption> taken = new ArrayList<>(List.of(new Assumption("head_dim", "16")));
        Model model = builder(false)
                .outputNormVectors(2)
                .speculativeHead(head)
                .visionTower(tower)
                .rotaryTable(table)
                .weights(WeightSchemes.FP8_BLOCK_128)
                .source("config.json")
                .assumptions(taken)
                .build();
        taken.clear();
        assertThat(model.outputNormVectors()).isEqualTo(2);
        assertThat(model.speculativeHead()).contains(head);
        assertThat(model.visionTower()).contains(tower);
        assertThat(model.rotaryTable()).contains(table);
        assertThat(model.weights()).isEqualTo(WeightSchemes.FP8_BLOCK_128);
        assertThat(model.source()).isEqualTo("config.json");
        assertThat(model.assumptions()).containsExactly(new Assumption("head_dim", "16"));
        assertThat(model.blocks())
                .extracting(TensorBlock::part)
                .containsExactly(
                        TensorBlock.Part.VISION,
                        TensorBlock.Part.EMBEDDING,
                        TensorBlock.Part.LAYERS,
                        TensorBlock.Part.OUTPUT,
                        TensorBlock.Part.SPECULATIVE,
                        TensorBlock.Part.SPECULATIVE_COPIES);
    }

    @Test
    void everyKindOfLayerIsOneBlock() {
        Model model = PublishedModels.GEMMA_2_9B;
        assertThat(model.blocks())
                .extracting(TensorBlock::name)
                .containsExactly("embedding", "layers[0]", "layers[1]", "output");
        assertThat(model.blocks()).extracting(TensorBlock::group).containsExactly(0, 0, 1, 0);
        assertThat(model.blocks()).extracting(TensorBlock::count).containsExactly(1, 21, 21, 1);
    }

    @Test
    void blocksOfLayersAreNumberedFromZero() {
        LayerGroup other = new LayerGroup(3, GroupedQuery.of(4, 2, 16), DenseFeedForward.gated(32), 2);
        Model model = Model.builder("two", 64, new Embedding(100, true), LayerStack.of(LAYER, other), 8)
                .build();
        assertThat(model.blocks().subList(1, 3)).extracting(TensorBlock::group).containsExactly(0, 1);
        assertThat(model.blocks().subList(1, 3)).extracting(TensorBlock::count).containsExactly(2, 3);
    }

    @Test
    void theEmbeddingIsATableAndTheHeadAnotherUnlessTied() {
        WeightTensor table =
                WeightTensor.matrix("embed_tokens.weight", TensorRole.EMBEDDING, 100, 64, ShardRule.VOCABULARY);
        WeightTensor head =
                WeightTensor.matrix("lm_head.weight", TensorRole.OUTPUT_HEAD, 100, 64, ShardRule.VOCABULARY);
        WeightTensor norm = WeightTensor.vector("norm.weight", TensorRole.NORM, 64);
        List<TensorBlock> untied = builder(false).build().blocks();
        assertThat(untied.get(0).tensors()).containsExactly(table);
        assertThat(untied.get(2).tensors()).containsExactly(norm, head);
        List<TensorBlock> tied = builder(true).outputNormVectors(0).build().blocks();
        assertThat(tied.get(0).tensors()).containsExactly(table);
        assertThat(tied.get(2).tensors()).isEmpty();
        assertThat(builder(true).outputNormVectors(2).build().blocks().get(2).tensors())
                .containsExactly(norm.times(2, 2));
    }

    @Test
    void theCopiesOfASpeculativeHeadAreTableAndHead() {
        TensorBlock copies = PublishedModels.DEEPSEEK_V3.blocks().get(5);
        assertThat(copies.part()).isEqualTo(TensorBlock.Part.SPECULATIVE_COPIES);
        assertThat(copies.count()).isEqualTo(1);
        assertThat(copies.tensors())
                .extracting(WeightTensor::role)
                .containsExactly(TensorRole.EMBEDDING, TensorRole.OUTPUT_HEAD);
    }

    @ParameterizedTest
    @CsvSource({"0, 8, 0 wide", "1048577, 8, 1048577 wide", "64, 0, 0 tokens", "64, 1099511627777, 1099511627777 tokens"
    })
    void whatIsOutOfRangeIsNamedWithTheModel(long hidden, long context, String said) {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> Model.builder("org/odd", hidden, new Embedding(1, true), LayerStack.of(LAYER), context)
                                .build())
                .withMessageContainingAll("org/odd", said);
    }

    @Test
    void theEndsOfTheRangesAreTaken() {
        LayerStack layers = LayerStack.of(LAYER);
        assertThat(Model.builder("a", 1, new Embedding(1, true), layers, 1)
                        .build()
                        .hidden())
                .isEqualTo(1);
        assertThat(Model.builder("a", 1 << 20, new Embedding(1, true), layers, 1L << 40)
                        .build()
                        .contextTokens())
                .isEqualTo(1L << 40);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t"})
    void aModelHasAName(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Model.builder(name, 64, new Embedding(1, true), LayerStack.of(LAYER), 1)
                        .build())
                .withMessageContaining("name");
    }
}
