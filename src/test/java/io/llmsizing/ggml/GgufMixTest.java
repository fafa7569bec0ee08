package io.llmsizing.ggml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.ledger.Assumption;
import io.llmsizing.model.Model;
import io.llmsizing.model.TensorBlock;
import io.llmsizing.quantization.BlockFormat;
import io.llmsizing.quantization.Formats;
import io.llmsizing.quantization.GgmlFormats;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.quantization.WeightSchemes;
import io.llmsizing.tensor.WeightTensor;
import io.llmsizing.weights.WeightMemory;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GgufMixTest {
    private static final Catalog CATALOG = Catalog.bundled();
    private static final Map<String, Long> UNITS = Map.of("B", 1L, "MiB", 1L << 20, "GiB", 1L << 30);

    @ParameterizedTest(name = "{0} in {1}: {2} {3}")
    @CsvFileSource(resources = "/io/llmsizing/ggml/gguf-sizes.csv", numLinesToSkip = 1)
    void tensorsAreAsLargeAsThoseOfPublishedFiles(
            String model, String mix, BigDecimal size, String unit, String source) {
        Model bound = bound(model, mix);
        BigDecimal bytes = BigDecimal.valueOf(bytes(bound));
        BigDecimal ours = unit.equals("bpw")
                ? bytes.multiply(BigDecimal.valueOf(8))
                        .divide(BigDecimal.valueOf(elements(bound)), size.scale(), RoundingMode.HALF_UP)
                : bytes.divide(BigDecimal.valueOf(UNITS.get(unit)), size.scale(), RoundingMode.HALF_UP);
        assertThat(ours).as(source).isEqualByComparingTo(size);
    }

    /** Older converters left the projection out of the latent whole, so that its keys fit Q4_K's blocks. */
    @ParameterizedTest
    @CsvSource({
        "deepseek-ai/DeepSeek-R1, 61, 128, 385689.63", // log in ikawrakow/ik_llama.cpp issue 389
        "deepseek-ai/DeepSeek-V2-Lite, 27, 16, 9880.47" // log in ikawrakow/ik_llama.cpp issue 230
    })
    void theKeysOfALatentTakeTheirOwnRows(String model, long layers, long heads, BigDecimal wholeMebibytes) {
        long keys = layers * heads * 512 * 128;
        long whole = bytes(bound(model, "Q4_K_M")) - keys / 32 * 22 + keys / 256 * 144;
        assertThat(BigDecimal.valueOf(whole).divide(BigDecimal.valueOf(1 << 20), 2, RoundingMode.HALF_UP))
                .isEqualByComparingTo(wholeMebibytes);
        Model bound = bound(model, "Q4_K_M");
        BlockFormat latent = formats(bound, "self_attn.kv_b_proj.weight").get(0);
        assertThat(latent.bytes(heads * 256, 512)).isEqualTo(heads * 512 * 4 * 22 + heads * 128 * 2 * 144);
        assertThat(latent.parts()).extracting(BlockFormat.Part::name).containsExactly("attn_k_b", "attn_v_b");
    }

    @Test
    void aNameIsReadInAnyCaseWithItsPrefixOrWithout() {
        assertThat(GgufMix.names()).hasSize(33).allMatch(name -> name.startsWith("gguf:"));
        for (String name : GgufMix.names()) {
            GgufMix mix = GgufMix.named(name);
            assertThat(mix.name()).isEqualTo(name).isEqualTo(mix.toString());
            assertThat(GgufMix.named(name.toUpperCase(Locale.ROOT))).isSameAs(mix);
            assertThat(GgufMix.named(" " + name.substring(5))).isSameAs(mix);
            assertThat(GgufMix.isMeantBy(name)).isTrue();
            assertThat(bound("Qwen/Qwen3-0.6B", name).weights().name()).isEqualTo(name);
        }
        assertThat(GgufMix.named("IQ4_XS+imatrix").name()).isEqualTo("gguf:iq4_xs+imatrix");
        assertThat(GgufMix.named("iq2_m+imatrix")).isSameAs(GgufMix.named("iq2_m"));
        assertThat(GgufMix.isMeantBy("q4_k")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gguf:Q4_K_XL", "UD-Q4_K_XL", "gguf:", "", "+imatrix"})
    void anUnknownNameIsRefusedWithTheKnownOnes(String name) {
        assertThatThrownBy(() -> GgufMix.named(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("'" + name + "'", "gguf:q4_k_m", "gguf:mxfp4_moe");
    }

    @Test
    void aMixIsNoSchemeWithoutAModel() {
        assertThatThrownBy(() -> WeightSchemes.named("gguf:Q4_K_M"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("'gguf:Q4_K_M'", "GgufMix.applyTo");
    }

    @Test
    void aBoundModelIsTheSameModelStoredOtherwise() {
        for (String name : List.of("meta-llama/Llama-3.1-8B", "deepseek-ai/DeepSeek-R1", "google/gemma-3-27b-it")) {
            Model model = CATALOG.model(name);
            Model bound = bound(name, "Q4_K_M");
            assertThat(bound.parameters()).isEqualTo(model.parameters());
            assertThat(bound.layers().size()).isEqualTo(model.layers().size());
            assertThat(bound.name()).isEqualTo(model.name());
            Model again = GgufMix.named("Q4_K_M").applyTo(bound);
            assertThat(bytes(again)).isEqualTo(bytes(bound));
            assertThat(again.assumptions()).isEqualTo(bound.assumptions());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Q4_K_M", "IQ1_S", "MXFP4_MOE", "F16", "TQ2_0"})
    void everyModelOfTheCatalogueIsStoredInWholeBlocksAndItsVectorsInFull(String mix) {
        for (String name : CATALOG.modelIds()) {
            Model bound = bound(name, mix);
            for (TensorBlock block : bound.blocks()) {
                for (WeightTensor tensor : block.tensors()) {
                    BlockFormat format = bound.weights().formatOf(block.name(), tensor);
                    if (tensor.columns() == 1 && !GgufKind.isVision(tensor)) {
                        assertThat(format).as("%s %s", name, tensor.name()).isEqualTo(Formats.FP32);
                    }
                    for (BlockFormat.Part part : format.parts()) {
                        assertThat(tensor.columns() % part.columns())
                                .as("%s %s", name, tensor.name())
                                .isZero();
                        assertThat(tensor.rows() % part.rows())
                                .as("%s %s", name, tensor.name())
                                .isZero();
                    }
                }
            }
        }
    }

    @Test
    void aTensorWithoutWholeBlocksOrAnythingInsteadIsRefusedByName() {
        assertThatThrownBy(() -> bound("state-spaces/mamba-130m-hf", "Q4_0"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("gguf:Q4_0 stores rows of whole q4_0 blocks of 32 elements; mamba.dt_proj.weight has rows"
                        + " of 48");
        assertThat(formats(bound("state-spaces/mamba-130m-hf", "Q8_0"), "mamba.dt_proj.weight"))
                .containsOnly(Formats.FP16);
    }

    @ParameterizedTest
    @CsvSource({
        "Q4_K_M, q5_0, q8_0",
        "Q5_K_S, q5_1, q5_1",
        "Q6_K, q8_0, q8_0",
        "Q2_K, q4_0, q4_0",
        "IQ4_XS, iq4_nl, q5_1",
        "IQ3_S, iq4_nl, iq4_nl"
    })
    void rowsThatAreNoWholeBlocksAreStoredInSmallerOnes(String mix, String usual, String more) {
        // gemma-4-26B-A4B-it: experts 704 wide inside
        List<BlockFormat> down = formats(bound("google/gemma-4-26B-A4B-it", mix), "mlp.experts.N.down_proj.weight");
        assertThat(down).contains(type(usual)).contains(type(more)).isSubsetOf(type(usual), type(more));
    }

    @ParameterizedTest
    @CsvSource({
        "meta-llama/Llama-3.1-8B, q4_k, q6_k", // untied
        "meta-llama/Llama-3.2-1B, q6_k, ", // the head is the table
        "google/gemma-3-27b-it, q6_k, "
    })
    void theTableTakesTheTypeOfTheHeadThatItIs(String model, String table, String head) {
        Model bound = bound(model, "Q4_K_M");
        assertThat(formats(bound, "embed_tokens.weight")).containsOnly(type(table));
        assertThat(formats(bound, "lm_head.weight")).isEqualTo(head == null ? List.of() : List.of(type(head)));
    }

    @Test
    void everyThirdLayerAndBothEndsGetMoreBits() {
        List<BlockFormat> down = formats(bound("meta-llama/Llama-3.1-8B", "Q4_K_M"), "mlp.down_proj.weight");
        assertThat(places(down, type("q6_k")))
                .containsExactly(0, 1, 2, 3, 6, 9, 12, 15, 18, 21, 24, 27, 28, 29, 30, 31);
        List<BlockFormat> values = formats(bound("meta-llama/Llama-3.1-8B", "Q5_K_M"), "self_attn.v_proj.weight");
        assertThat(places(values, type("q6_k"))).isEqualTo(places(down, type("q6_k")));
        assertThat(values).contains(type("q5_k"));
    }

    @ParameterizedTest
    @CsvSource({
        "Q4_K_S, self_attn.v_proj.weight, q5_k, 4",
        "Q4_K_S, mlp.down_proj.weight, q5_k, 4",
        "Q3_K_M, self_attn.v_proj.weight, q5_k, 2",
        "Q3_K_M, mlp.down_proj.weight, q5_k, 2",
        "Q2_K_S, mlp.down_proj.weight, q4_k, 4",
        "IQ3_M, mlp.down_proj.weight, q4_k, 4",
        "IQ2_M, mlp.down_proj.weight, iq3_s, 4",
        "IQ1_M, mlp.down_proj.weight, q2_k, 4",
        "IQ4_NL, mlp.down_proj.weight, q5_k, 4",
        "Q4_0+imatrix, mlp.down_proj.weight, q4_1, 4",
        "Q5_0+imatrix, mlp.down_proj.weight, q5_1, 4",
        "Q5_0, mlp.down_proj.weight, q5_1, 0",
        "IQ4_NL+imatrix, mlp.down_proj.weight, q5_k, 0"
    })
    void theFirstLayersGetMoreBits(String mix, String tensor, String more, int first) {
        assertThat(places(formats(bound("meta-llama/Llama-3.1-8B", mix), tensor), type(more)))
                .isEqualTo(IntStream.range(0, first).boxed().collect(Collectors.toList()));
    }

    @ParameterizedTest
    @CsvSource({
        "Q4_K_M, q8_0, q8_0, q5_k",
        "Q3_K_L, q8_0, q8_0, q3_k",
        "Q8_0, q8_0, q8_0, q8_0",
        "IQ2_XS, q4_k, q4_k, q5_k",
        "IQ3_XXS, q8_0, q8_0, q5_k",
        "Q6_K, q8_0, q8_0, q6_k"
    })
    void eightExpertsAreWorthABetterAttention(String mix, String value, String key, String output) {
        Model bound = bound("mistralai/Mixtral-8x7B-v0.1", mix);
        assertThat(formats(bound, "self_attn.v_proj.weight")).containsOnly(type(value));
        assertThat(formats(bound, "self_attn.k_proj.weight")).containsOnly(type(key));
        assertThat(formats(bound, "self_attn.o_proj.weight")).containsOnly(type(output));
    }

    @Test
    void eightExpertsGetMoreBitsInTheMixThatOtherwiseSparesThem() {
        List<BlockFormat> down =
                formats(bound("mistralai/Mixtral-8x7B-v0.1", "IQ3_M"), "mlp.experts.N.down_proj.weight");
        assertThat(places(down, type("q4_k")))
                .containsExactly(0, 1, 2, 3, 6, 9, 12, 15, 18, 21, 24, 27, 28, 29, 30, 31);
    }

    @ParameterizedTest
    @CsvSource({
        "F32, fp32, fp32, fp32",
        "BF16, bf16, bf16, bf16",
        "Q4_1, q4_1, q4_1, q6_k",
        "Q5_0, q5_0, q5_0, q6_k",
        "Q5_1, q5_1, q5_1, q6_k",
        "TQ1_0, tq1_0, q4_k, q6_k",
        "TQ2_0, tq2_0, q4_k, q6_k",
        "Q8_0, q8_0, q8_0, q8_0",
        "IQ3_XXS+imatrix, iq3_xxs, iq3_s, q5_k"
    })
    void mixesWithoutExceptionsForTheseStoreLayersTableAndHeadAsTheirTableSays(
            String mix, String base, String table, String head) {
        Model bound = bound("meta-llama/Llama-3.1-8B", mix);
        assertThat(formats(bound, "mlp.down_proj.weight")).hasSize(32).containsOnly(type(base));
        assertThat(formats(bound, "mlp.up_proj.weight")).hasSize(32).containsOnly(type(base));
        assertThat(formats(bound, "embed_tokens.weight")).containsOnly(type(table));
        assertThat(formats(bound, "lm_head.weight")).containsOnly(type(head));
        assertThat(formats(bound, "layernorm.weight")).containsOnly(Formats.FP32);
    }

    @ParameterizedTest
    @CsvSource({
        "meta-llama/Llama-3.1-70B, Q2_K, q5_k",
        "meta-llama/Llama-3.1-70B, Q3_K_S, q5_k",
        "meta-llama/Llama-3.1-70B, Q6_K, q6_k",
        "meta-llama/Llama-3.1-70B, IQ2_S, q4_k",
        "meta-llama/Llama-3.1-8B, Q2_K, q4_k",
        "meta-llama/Llama-3.1-8B, Q3_K_S, q3_k",
        "meta-llama/Llama-2-13b-hf, Q2_K, q3_k",
        "meta-llama/Llama-2-13b-hf, IQ2_S, iq3_s",
        "meta-llama/Llama-2-13b-hf, IQ1_S, q2_k",
        "Qwen/Qwen3-30B-A3B, IQ1_S, q4_k"
    })
    void fewCachedHeadsAreWorthMoreBits(String model, String mix, String value) {
        assertThat(formats(bound(model, mix), "self_attn.v_proj.weight")).containsOnly(type(value));
    }

    @Test
    void inTheMixForExpertsOnlyTheyAndTheLatentAreMxfp4() {
        Model bound = bound("deepseek-ai/DeepSeek-V2-Lite", "MXFP4_MOE");
        assertThat(formats(bound, "mlp.experts.N.up_proj.weight")).containsOnly(type("mxfp4"));
        assertThat(formats(bound, "mlp.shared_experts.up_proj.weight")).containsOnly(type("q8_0"));
        assertThat(formats(bound, "embed_tokens.weight")).containsOnly(type("q8_0"));
        assertThat(formats(bound, "lm_head.weight")).containsOnly(type("q8_0"));
        assertThat(formats(bound, "mlp.gate.weight")).containsOnly(Formats.FP32);
        assertThat(formats(bound, "self_attn.kv_b_proj.weight").get(0).bytes(16 * 256, 512))
                .isEqualTo(16 * 256 * 512 / 32 * 17);
    }

    @Test
    void queryKeyAndValueInOneTensorLeaveTheGateBesideThem() {
        Model bound = bound("Qwen/Qwen3-Next-80B-A3B-Instruct", "Q4_K_M");
        List<BlockFormat> stored = formats(bound, "linear_attn.in_proj_qkvz.weight");
        assertThat(stored.get(0).bytes(12_288, 2_048)).isEqualTo(8_192L * 8 * 210 + 4_096L * 8 * 144);
        assertThat(stored).contains(type("q4_k"));
    }

    @Test
    void whatIsNotInTheFileOfTheLanguageModelIsSaid() {
        Model vision = bound("google/gemma-3-27b-it", "Q4_K_M");
        assertThat(vision.assumptions()).extracting(Assumption::taken).anyMatch(taken -> taken.contains("mmproj"));
        TensorBlock tower = vision.blocks().get(0);
        assertThat(tower.part()).isEqualTo(TensorBlock.Part.VISION);
        assertThat(tower.tensors())
                .allMatch(tensor ->
                        vision.weights().formatOf(tower.name(), tensor).equals(Formats.FP16));
        assertThat(bound("deepseek-ai/DeepSeek-R1", "Q4_K_M").assumptions())
                .extracting(Assumption::taken)
                .anyMatch(taken -> taken.contains("multi-token prediction"));
        assertThat(bound("meta-llama/Llama-3.1-8B", "IQ2_S").assumptions())
                .singleElement()
                .satisfies(only -> assertThat(only.taken()).contains(" with an importance matrix"));
        assertThat(bound("meta-llama/Llama-3.1-8B", "Q4_K_M").assumptions())
                .singleElement()
                .satisfies(only -> assertThat(only.taken()).contains(" without an importance matrix"));
    }

    @Test
    void aBlockOfMultiTokenPredictionIsALayerBehindTheLast() {
        Model bound = bound("deepseek-ai/DeepSeek-R1", "Q4_K_M");
        TensorBlock block = bound.blocks().stream()
                .filter(one -> one.part() == TensorBlock.Part.SPECULATIVE)
                .findFirst()
                .orElseThrow();
        assertThat(block.tensors())
                .filteredOn(tensor -> tensor.name().equals("mlp.experts.N.down_proj.weight"))
                .singleElement()
                .satisfies(down ->
                        assertThat(bound.weights().formatOf(block.name(), down)).isEqualTo(type("q6_k")));
    }

    private static Model bound(String model, String mix) {
        return GgufMix.named(mix).applyTo(CATALOG.model(model));
    }

    private static BlockFormat type(String name) {
        return GgmlFormats.named(name).orElseThrow();
    }

    /** The formats of a tensor, layer by layer, or outside the layers. */
    private static List<BlockFormat> formats(Model model, String tensor) {
        List<BlockFormat> formats = new ArrayList<>();
        WeightScheme scheme = model.weights();
        for (int layer = 0; layer < model.layers().size(); layer++) {
            String block = "layers[" + model.layers().groupOf(layer) + "]";
            model.layers().groups().get(model.layers().groupOf(layer)).tensors(model.hidden()).stream()
                    .filter(one -> one.name().equals(tensor))
                    .forEach(one -> formats.add(scheme.formatOf(block, one)));
        }
        for (TensorBlock block : model.blocks()) {
            if (block.part() == TensorBlock.Part.EMBEDDING || block.part() == TensorBlock.Part.OUTPUT) {
                block.tensors().stream()
                        .filter(one -> one.name().equals(tensor))
                        .forEach(one -> formats.add(scheme.formatOf(block.name(), one)));
            }
        }
        return formats;
    }

    private static List<Integer> places(List<BlockFormat> formats, BlockFormat wanted) {
        return IntStream.range(0, formats.size())
                .filter(i -> formats.get(i).equals(wanted))
                .boxed()
                .collect(Collectors.toList());
    }

    /** Elements of the language model's file. */
    private static long elements(Model model) {
        return model.blocks().stream()
                .filter(block -> block.part() != TensorBlock.Part.VISION
                        && block.part() != TensorBlock.Part.SPECULATIVE
                        && block.part() != TensorBlock.Part.SPECULATIVE_COPIES)
                .mapToLong(TensorBlock::elements)
                .sum();
    }

    /** Bytes of the language model's file. */
    private static long bytes(Model model) {
        long vision = model.blocks().stream()
                .filter(block -> block.part() == TensorBlock.Part.VISION)
                .mapToLong(block -> 2 * block.elements())
                .sum();
        return WeightMemory.bytes(model, model.weights(), false) - vision;
    }
}
