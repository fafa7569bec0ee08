package io.llmsizing.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmsizing.document.MalformedFileException;
import io.llmsizing.ledger.ItemizedLedger;
import io.llmsizing.ledger.LineItem;
import io.llmsizing.ledger.TotalLedger;
import io.llmsizing.model.Model;
import io.llmsizing.model.TensorBlock;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.parallel.Rank;
import io.llmsizing.quantization.BlockFormat;
import io.llmsizing.quantization.Formats;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.quantization.WeightSchemes;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import io.llmsizing.weights.WeightMemory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

class StoredWeightsTest {
    private static final String NVFP4 = "\"quant_method\": \"modelopt\", \"quant_algo\": \"NVFP4\", ";

    /** DeepSeek-V3 with an indexer of 64 heads in each layer. */
    private static final String DEEPSEEK_V3_2 = Configs.plus(
            Configs.DEEPSEEK_V3.replace("deepseek_v3", "deepseek_v32"),
            "\"index_head_dim\": 128, \"index_n_heads\": 64, \"index_topk\": 2048");

    private static final String DEEPSEEK_V4_FLASH = """
            {
              "model_type": "deepseek_v4",
              "hidden_size": 4096,
              "moe_intermediate_size": 2048,
              "num_hidden_layers": 43,
              "num_hash_layers": 3,
              "num_nextn_predict_layers": 1,
              "num_attention_heads": 64,
              "num_key_value_heads": 1,
              "head_dim": 512,
              "n_routed_experts": 256,
              "n_shared_experts": 1,
              "num_experts_per_tok": 6,
              "expert_dtype": "fp4",
              "topk_method": "noaux_tc",
              "q_lora_rank": 1024,
              "qk_rope_head_dim": 64,
              "o_groups": 8,
              "o_lora_rank": 1024,
              "index_head_dim": 128,
              "index_n_heads": 64,
              "index_topk": 512,
              "hc_mult": 4,
              "sliding_window": 128,
              "compress_ratios": [0, 0, %s 4, 0],
              "vocab_size": 129280,
              "tie_word_embeddings": false,
              "max_position_embeddings": 1048576,
              "torch_dtype": "bfloat16"
            }
            """.formatted("4, 128, ".repeat(20));

    private static Model read(String config, String quantisation) {
        String text = config.contains("quantization_config")
                ? Configs.with(config, "quantization_config", "\"quantization_config\": {" + quantisation + "}")
                : Configs.plus(config, "\"quantization_config\": {" + quantisation + "}");
        return HuggingFaceReader.read(text, "m").model();
    }

    /** Elements as safetensors headers count them: two FP4 in a byte are one, and every scale is one. */
    private static long stored(Model model) {
        long stored = 0;
        for (TensorBlock block : model.blocks()) {
            for (WeightTensor tensor : block.tensors()) {
                for (BlockFormat.Part part : format(model, block, tensor).parts()) {
                    stored += block.count()
                            * tensor.count()
                            * part.rowTiles(tensor.rows())
                            * part.columnTiles(tensor.rows(), tensor.columns());
                }
            }
        }
        return stored;
    }

    private static BlockFormat format(Model model, TensorBlock block, WeightTensor tensor) {
        return model.weights().formatOf(block.name(), tensor);
    }

    /** The formats of one tensor, a letter for each layer of its stack. */
    private static List<String> perLayer(Model model, String tensor) {
        List<String> formats = new ArrayList<>();
        for (int layer = 0; layer < model.layers().size(); layer++) {
            int[] counts = model.layers().countsWithin(layer, layer + 1);
            for (TensorBlock block : model.blocks()) {
                if (block.part() == TensorBlock.Part.LAYERS && counts[block.group()] == 1) {
                    block.tensors().stream()
                            .filter(candidate -> candidate.name().equals(tensor))
                            .forEach(found ->
                                    formats.add(format(model, block, found).name()));
                }
            }
        }
        return formats;
    }

    @ParameterizedTest
    @CsvFileSource(
            resources = "/io/llmsizing/reader/stored-elements.csv",
            numLinesToSkip = 1,
            delimiter = '|',
            quoteCharacter = '\0')
    void theElementsOfPublishedCheckpointsAreCounted(
            String model, String shape, String quantisation, long elements, String source) {
        String config = switch (shape) {
            case "llama-3.1-8b" -> Configs.LLAMA_3_1_8B;
            case "llama-3.1-405b" ->
                Configs.LLAMA_3_1_8B
                        .replace("\"hidden_size\": 4096", "\"hidden_size\": 16384")
                        .replace("\"intermediate_size\": 14336", "\"intermediate_size\": 53248")
                        .replace("\"num_hidden_layers\": 32", "\"num_hidden_layers\": 126")
                        .replace("\"num_attention_heads\": 32", "\"num_attention_heads\": 128");
            case "qwen3-8b" -> Configs.QWEN3_8B;
            case "qwen3-30b-a3b" -> Configs.QWEN3_30B_A3B;
            case "deepseek-v3" -> Configs.DEEPSEEK_V3;
            case "deepseek-v3.2" -> DEEPSEEK_V3_2;
            case "deepseek-v4-flash" -> DEEPSEEK_V4_FLASH;
            default -> throw new IllegalArgumentException(shape);
        };
        assertThat(stored(read(config, quantisation)))
                .as("%s, %s", model, source)
                .isEqualTo(elements);
    }

    @Test
    void aPatternForSomeLayersMakesAGroupOfThem() {
        Model model = read(
                Configs.QWEN3_8B,
                NVFP4 + "\"ignore\": [\"lm_head\", \"model.layers.0.*\", \"model.layers.35.self_attn.o_proj\"]");
        assertThat(model.layers().groups()).extracting("count").containsExactly(1, 34, 1);
        assertThat(model.layers().groups()).extracting("variant").containsExactly("storage 1", "", "storage 2");
        assertThat(model.layers().runs()).extracting("count").containsExactly(1, 34, 1);
        assertThat(model.weights().name()).isEqualTo("nvfp4");
        assertThat(model.weights().exceptions()).containsOnlyKeys("layers[0]", "layers[2]");
        assertThat(perLayer(model, "self_attn.o_proj.weight").subList(0, 2)).containsExactly("bf16", "nvfp4");
        assertThat(perLayer(model, "self_attn.o_proj.weight").get(35)).isEqualTo("bf16");
        assertThat(perLayer(model, "self_attn.q_proj.weight").get(35)).isEqualTo("nvfp4");
        assertThat(perLayer(model, "mlp.down_proj.weight").get(0)).isEqualTo("bf16");
    }

    @Test
    void layersThatAlternateShareAGroup() {
        Model model = read(
                Configs.QWEN3_8B,
                "\"quant_method\": \"fp8\", \"weight_block_size\": [128, 128], \"modules_to_not_convert\":"
                        + " [\"model.layers.1.mlp\", \"model.layers.3.mlp\", \"model.layers.5.mlp\"]");
        assertThat(model.layers().groups()).extracting("count").containsExactly(33, 3);
        assertThat(model.layers().runs()).hasSize(7);
        assertThat(model.layers().size()).isEqualTo(36);
        assertThat(perLayer(model, "mlp.up_proj.weight").subList(0, 7))
                .containsExactly(
                        "fp8-block-128", "bf16", "fp8-block-128", "bf16", "fp8-block-128", "bf16", "fp8-block-128");
    }

    @Test
    void anExceptionThatHoldsForAllTensorsOfARoleIsNoException() {
        Model model = read(Configs.QWEN3_30B_A3B, NVFP4 + "\"ignore\": [\"lm_head\", \"model.layers.*.self_attn*\"]");
        assertThat(model.weights().name()).isEqualTo("nvfp4+attention=bf16");
        assertThat(model.weights().exceptions()).isEmpty();
        assertThat(model.layers().groups()).hasSize(1);
    }

    @Test
    void theSchemeIsNamedAfterTheLinearLayersThatAreMost() {
        Model model = read(
                Configs.DEEPSEEK_V3,
                NVFP4
                        + "\"ignore\": [\"re:.*self_attn.*\", \"re:.*shared_experts.*\", \"*.layers.0*\", \"layers.1.mlp\","
                        + " \"layers.2.*\", \"model.layers.61*\"]");
        assertThat(model.weights().name()).isEqualTo("nvfp4+attention=bf16+dense_feed_forward=bf16+shared_expert=bf16");
        assertThat(model.weights().exceptions()).containsOnlyKeys("speculative");
        assertThat(model.weights().exceptions().get("speculative"))
                .containsOnlyKeys(
                        "mlp.experts.N.gate_proj.weight",
                        "mlp.experts.N.up_proj.weight",
                        "mlp.experts.N.down_proj.weight");
    }

    @ParameterizedTest
    @CsvSource({
        "model.layers.61.mlp.experts, bf16",
        "mtp*, bf16",
        "mtp.layers.0.mlp, bf16",
        "model.layers.6*, bf16",
        "model.layers.60*, nvfp4"
    })
    void thePredictionBlockStandsBehindTheLayersOrUnderItsOwnName(String ignored, String format) {
        Model model = read(Configs.DEEPSEEK_V3, NVFP4 + "\"ignore\": [\"" + ignored + "\"]");
        TensorBlock block = model.blocks().stream()
                .filter(candidate -> candidate.part() == TensorBlock.Part.SPECULATIVE)
                .findFirst()
                .orElseThrow();
        assertThat(block.tensors())
                .filteredOn(tensor -> tensor.role() == TensorRole.EXPERT)
                .allSatisfy(tensor ->
                        assertThat(format(model, block, tensor).name()).isEqualTo(format));
    }

    @Test
    void aHeadThatIsNamedIsQuantised() {
        Model model = read(
                Configs.QWEN3_8B,
                "\"quant_method\": \"modelopt\", \"quant_algo\": \"MIXED_PRECISION\", \"quantized_layers\":"
                        + " {\"lm_head\": {\"quant_algo\": \"FP8\"}, \"model.layers.0.mlp.up_proj\":"
                        + " {\"quant_algo\": \"NVFP4\", \"group_size\": 16}}");
        assertThat(model.weights().formatOf(TensorRole.OUTPUT_HEAD).name()).isEqualTo("fp8-tensor-static");
        assertThat(model.weights().formatOf(TensorRole.DENSE_FEED_FORWARD)).isEqualTo(Formats.BF16);
        assertThat(perLayer(model, "mlp.up_proj.weight").subList(0, 2)).containsExactly("nvfp4", "bf16");
    }

    @Test
    void expertsOfALayerThatAreNotStoredAlikeAreRefused() {
        assertThatThrownBy(() -> read(
                        Configs.QWEN3_30B_A3B, NVFP4 + "\"ignore\": [\"model.layers.7.mlp.experts.17.down_proj\"]"))
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining("quantization_config.quant_method: experts of layer 7 are not stored alike");
    }

    @Test
    void expertsOfALayerThatAPatternTellsApartAreRefused() {
        assertThatThrownBy(() -> read(Configs.QWEN3_30B_A3B, NVFP4 + "\"ignore\": [\"*.experts.3.*\"]"))
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining("experts of layer 0 are not stored alike");
    }

    @Test
    void expertsThatAreListedInTwoFormatsAreRefused() {
        String listed = "\"model.layers.7.mlp.experts.%d.down_proj\": {\"quant_algo\": \"%s\"}";
        StringBuilder layers = new StringBuilder();
        for (int expert = 0; expert < 128; expert++) {
            layers.append(expert == 0 ? "" : ", ").append(listed.formatted(expert, expert == 99 ? "FP8" : "NVFP4"));
        }
        String mixed = "\"quant_method\": \"modelopt\", \"quant_algo\": \"MIXED_PRECISION\", \"quantized_layers\": {";
        assertThatThrownBy(() -> read(Configs.QWEN3_30B_A3B, mixed + layers + "}"))
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining("experts of layer 7 are not stored alike");
    }

    @Test
    void expertsThatAreListedOneByOneMayBeAlike() {
        StringBuilder listed = new StringBuilder();
        for (int expert = 0; expert < 128; expert++) {
            listed.append(expert == 0 ? "" : ", ").append("\"model.layers.7.mlp.experts." + expert + ".down_proj\"");
        }
        Model model = read(Configs.QWEN3_30B_A3B, NVFP4 + "\"ignore\": [" + listed + "]");
        assertThat(perLayer(model, "mlp.experts.N.down_proj.weight").subList(6, 9))
                .containsExactly("nvfp4", "bf16", "nvfp4");
    }

    @Test
    void bothLedgersAndTheSumByHandAgreeWhereTensorsAreExceptions() {
        Model model = read(
                Configs.QWEN3_30B_A3B,
                NVFP4 + "\"ignore\": [\"lm_head\", \"model.layers.0.*\", \"model.layers.9.self_attn.k_proj\"]");
        long byHand = 0;
        for (TensorBlock block : model.blocks()) {
            for (WeightTensor tensor : block.tensors()) {
                byHand += block.count()
                        * tensor.count()
                        * format(model, block, tensor).bytes(tensor.rows(), tensor.columns());
            }
        }
        Rank rank = Rank.of(model, ParallelLayout.SINGLE, 0, false, 1);
        TotalLedger total = new TotalLedger();
        WeightMemory.account(total, rank, model.weights());
        ItemizedLedger items = new ItemizedLedger("all");
        WeightMemory.account(items, rank, model.weights());
        LineItem root = items.root();
        assertThat(total.bytes()).isEqualTo(byHand);
        assertThat(root.bytes()).isEqualTo(byHand);
    }

    @Test
    void anotherSchemeThatAUserNamesHasNoExceptions() {
        Model model = read(Configs.QWEN3_8B, NVFP4 + "\"ignore\": [\"model.layers.0.*\"]");
        WeightScheme int4 = WeightSchemes.named("int4");
        Model plain = HuggingFaceReader.read(Configs.QWEN3_8B, "m").model();
        assertThat(WeightMemory.bytes(model, int4, false)).isEqualTo(WeightMemory.bytes(plain, int4, false));
    }
}
