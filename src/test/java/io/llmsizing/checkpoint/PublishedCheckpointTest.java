package io.llmsizing.checkpoint;

import static io.llmsizing.checkpoint.SafetensorsWriter.tensor;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.checkpoint.SafetensorsWriter.Tensor;
import io.llmsizing.model.Model;
import io.llmsizing.quantization.Formats;
import io.llmsizing.quantization.PackedFormats;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.quantization.WeightSchemes;
import io.llmsizing.weights.WeightMemory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Checkpoints as they are published, at their true sizes: headers, and holes where the bytes would be. Names and shapes are
 * those of the repositories, the totals those that they state.
 */
class PublishedCheckpointTest {
    private static final Catalog CATALOG = Catalog.bundled();

    @TempDir
    private Path folder;

    /** Reads what was written into the folder, as the checkpoint of a model of the catalogue. */
    private CheckpointReading joined(Model model, List<StoredTensor> read) {
        return CheckpointJoin.join(model, read);
    }

    private List<StoredTensor> read() throws IOException {
        return Checkpoint.read(folder).tensors();
    }

    private static void norm(List<Tensor> tensors, String name, long width) {
        tensors.add(tensor(name + ".weight", "BF16", width));
    }

    private static void fp8(List<Tensor> tensors, String module, long rows, long columns) {
        tensors.add(tensor(module + ".weight", "F8_E4M3", rows, columns));
        tensors.add(tensor(module + ".weight_scale_inv", "F32", (rows + 127) / 128, (columns + 127) / 128));
    }

    private static void mlp(List<Tensor> tensors, String module, long hidden, long inner) {
        fp8(tensors, module + ".gate_proj", inner, hidden);
        fp8(tensors, module + ".up_proj", inner, hidden);
        fp8(tensors, module + ".down_proj", hidden, inner);
    }

    /** deepseek-ai/DeepSeek-V3: 61 layers, and a 62nd for multi-token prediction with its copies. */
    private static List<Tensor> deepSeekV3() {
        List<Tensor> tensors = new ArrayList<>();
        tensors.add(tensor("model.embed_tokens.weight", "BF16", 129_280, 7_168));
        for (int layer = 0; layer <= 61; layer++) {
            String block = "model.layers." + layer;
            norm(tensors, block + ".input_layernorm", 7_168);
            norm(tensors, block + ".post_attention_layernorm", 7_168);
            fp8(tensors, block + ".self_attn.q_a_proj", 1_536, 7_168);
            norm(tensors, block + ".self_attn.q_a_layernorm", 1_536);
            fp8(tensors, block + ".self_attn.q_b_proj", 24_576, 1_536);
            fp8(tensors, block + ".self_attn.kv_a_proj_with_mqa", 576, 7_168);
            norm(tensors, block + ".self_attn.kv_a_layernorm", 512);
            fp8(tensors, block + ".self_attn.kv_b_proj", 32_768, 512);
            fp8(tensors, block + ".self_attn.o_proj", 7_168, 16_384);
            if (layer < 3) {
                mlp(tensors, block + ".mlp", 7_168, 18_432);
            } else {
                tensors.add(tensor(block + ".mlp.gate.weight", "BF16", 256, 7_168));
                tensors.add(tensor(block + ".mlp.gate.e_score_correction_bias", "F32", 256));
                mlp(tensors, block + ".mlp.shared_experts", 7_168, 2_048);
                for (int expert = 0; expert < 256; expert++) {
                    mlp(tensors, block + ".mlp.experts." + expert, 7_168, 2_048);
                }
            }
        }
        norm(tensors, "model.layers.61.enorm", 7_168);
        norm(tensors, "model.layers.61.hnorm", 7_168);
        tensors.add(tensor("model.layers.61.eh_proj.weight", "BF16", 7_168, 14_336));
        norm(tensors, "model.layers.61.shared_head.norm", 7_168);
        tensors.add(tensor("model.layers.61.shared_head.head.weight", "BF16", 129_280, 7_168));
        tensors.add(tensor("model.layers.61.embed_tokens.weight", "BF16", 129_280, 7_168));
        norm(tensors, "model.norm", 7_168);
        tensors.add(tensor("lm_head.weight", "BF16", 129_280, 7_168));
        return tensors;
    }

    @Test
    void deepSeekV3In163ShardsIsItsStatedTotal() throws IOException {
        List<Tensor> published = deepSeekV3();
        SafetensorsWriter.shards(folder, published, published.size() / 163 + 1);
        Checkpoint checkpoint = Checkpoint.read(folder);
        assertThat(checkpoint.files()).hasSize(163);
        assertThat(checkpoint.bytes()).isEqualTo(688_574_839_360L);
        assertThat(checkpoint.elements()).isEqualTo(684_531_386_000L);

        Model model = CATALOG.model("deepseek-ai/DeepSeek-V3");
        CheckpointReading reading = joined(model, checkpoint.tensors());
        assertThat(reading.unexpected()).isEmpty();
        assertThat(reading.missing()).isEmpty();
        assertThat(reading.notLoaded()).isEmpty();
        assertThat(reading.formulaBytes()).isEqualTo(688_574_839_360L);
        assertThat(reading.model().weights()).isEqualTo(model.weights());
        assertThat(reading.model().layers()).isEqualTo(model.layers());
    }

    @Test
    void gptOssPacksItsExpertsInBlocksAndScales() throws IOException {
        List<Tensor> tensors = new ArrayList<>();
        tensors.add(tensor("model.embed_tokens.weight", "BF16", 201_088, 2_880));
        for (int layer = 0; layer < 24; layer++) {
            String block = "model.layers." + layer;
            norm(tensors, block + ".input_layernorm", 2_880);
            norm(tensors, block + ".post_attention_layernorm", 2_880);
            for (String projection : List.of("q_proj", "k_proj", "v_proj")) {
                long rows = projection.equals("q_proj") ? 4_096 : 512;
                tensors.add(tensor(block + ".self_attn." + projection + ".weight", "BF16", rows, 2_880));
                tensors.add(tensor(block + ".self_attn." + projection + ".bias", "BF16", rows));
            }
            tensors.add(tensor(block + ".self_attn.o_proj.weight", "BF16", 2_880, 4_096));
            tensors.add(tensor(block + ".self_attn.o_proj.bias", "BF16", 2_880));
            tensors.add(tensor(block + ".self_attn.sinks", "BF16", 64));
            tensors.add(tensor(block + ".mlp.router.weight", "BF16", 32, 2_880));
            tensors.add(tensor(block + ".mlp.router.bias", "BF16", 32));
            tensors.add(tensor(block + ".mlp.experts.gate_up_proj_blocks", "U8", 32, 5_760, 90, 16));
            tensors.add(tensor(block + ".mlp.experts.gate_up_proj_scales", "U8", 32, 5_760, 90));
            tensors.add(tensor(block + ".mlp.experts.gate_up_proj_bias", "BF16", 32, 5_760));
            tensors.add(tensor(block + ".mlp.experts.down_proj_blocks", "U8", 32, 2_880, 90, 16));
            tensors.add(tensor(block + ".mlp.experts.down_proj_scales", "U8", 32, 2_880, 90));
            tensors.add(tensor(block + ".mlp.experts.down_proj_bias", "BF16", 32, 2_880));
        }
        norm(tensors, "model.norm", 2_880);
        tensors.add(tensor("lm_head.weight", "BF16", 201_088, 2_880));
        SafetensorsWriter.shards(folder, tensors, 200);

        Model model = CATALOG.model("openai/gpt-oss-20b");
        CheckpointReading reading = joined(model, read());
        assertThat(reading.bytes()).isEqualTo(13_761_264_768L);
        assertThat(reading.unexpected()).isEmpty();
        assertThat(reading.missing()).isEmpty();
        assertThat(reading.formulaBytes()).isEqualTo(13_761_264_768L);
        assertThat(reading.model().weights()).isEqualTo(model.weights());
    }

    private static List<Tensor> llama8b(String plain, Linear linear) {
        List<Tensor> tensors = new ArrayList<>();
        tensors.add(tensor("model.embed_tokens.weight", plain, 128_256, 4_096));
        for (int layer = 0; layer < 32; layer++) {
            String block = "model.layers." + layer + ".";
            tensors.add(tensor(block + "input_layernorm.weight", plain, 4_096));
            tensors.add(tensor(block + "post_attention_layernorm.weight", plain, 4_096));
            linear.write(tensors, block + "self_attn.q_proj", 4_096, 4_096);
            linear.write(tensors, block + "self_attn.k_proj", 1_024, 4_096);
            linear.write(tensors, block + "self_attn.v_proj", 1_024, 4_096);
            linear.write(tensors, block + "self_attn.o_proj", 4_096, 4_096);
            linear.write(tensors, block + "mlp.gate_proj", 14_336, 4_096);
            linear.write(tensors, block + "mlp.up_proj", 14_336, 4_096);
            linear.write(tensors, block + "mlp.down_proj", 4_096, 14_336);
        }
        tensors.add(tensor("model.norm.weight", plain, 4_096));
        tensors.add(tensor("lm_head.weight", plain, 128_256, 4_096));
        return tensors;
    }

    private interface Linear {
        void write(List<Tensor> tensors, String module, long rows, long columns);
    }

    private CheckpointReading llama(String plain, Linear linear) throws IOException {
        SafetensorsWriter.file(folder.resolve("model.safetensors"), llama8b(plain, linear));
        CheckpointReading reading = joined(CATALOG.model("meta-llama/Llama-3.1-8B"), read());
        assertThat(reading.unexpected()).isEmpty();
        assertThat(reading.missing()).isEmpty();
        return reading;
    }

    @Test
    void aSchemeThatTheConfigDoesNotStateIsRecognisedByItsParts() throws IOException {
        CheckpointReading awq = llama("F16", (tensors, module, rows, columns) -> {
            tensors.add(tensor(module + ".qweight", "I32", columns, rows / 8));
            tensors.add(tensor(module + ".qzeros", "I32", columns / 128, rows / 8));
            tensors.add(tensor(module + ".scales", "F16", columns / 128, rows));
        });
        assertThat(awq.bytes()).isEqualTo(5_727_854_592L);
        assertThat(awq.model().weights()).isEqualTo(WeightScheme.linearLayers(PackedFormats.awq(4, 128), Formats.FP16));
        assertThat(awq.formulaBytes()).isEqualTo(16_060_522_496L);
    }

    @Test
    void theConfigsTypeIsNotBelievedWhereTheFileHasAnother() throws IOException {
        CheckpointReading half = llama(
                "F16",
                (tensors, module, rows, columns) -> tensors.add(tensor(module + ".weight", "F16", rows, columns)));
        assertThat(half.model().weights()).isEqualTo(WeightSchemes.FP16);
        assertThat(half.bytes()).isEqualTo(half.formulaBytes()).isEqualTo(16_060_522_496L);
    }

    @Test
    void aLayerThatIsStoredOtherwiseBecomesAGroupOfItsOwn() throws IOException {
        List<Tensor> tensors = llama8b(
                "BF16",
                (all, module, rows, columns) -> all.add(
                        tensor(module + ".weight", module.contains(".7.mlp.up") ? "F32" : "BF16", rows, columns)));
        SafetensorsWriter.file(folder.resolve("model.safetensors"), tensors);
        CheckpointReading reading = joined(CATALOG.model("meta-llama/Llama-3.1-8B"), read());
        assertThat(reading.bytes()).isEqualTo(16_060_522_496L + 2L * 14_336 * 4_096);
        assertThat(reading.model().layers().groups()).hasSize(2);
        assertThat(reading.model().weights().exceptions().values().stream()
                        .flatMap(formats -> formats.values().stream()))
                .containsExactly(Formats.FP32);
    }

    @Test
    void partsOfUnknownFormatsKeepTheirBytes() throws IOException {
        CheckpointReading odd = llama("BF16", (tensors, module, rows, columns) -> {
            tensors.add(tensor(module + ".weight", "U8", rows, columns * 3 / 4));
            tensors.add(tensor(module + ".scales", "F16", rows, columns / 64));
        });
        long linear = 6_979_321_856L;
        assertThat(odd.bytes())
                .isEqualTo(16_060_522_496L - 2 * linear + linear * 3 / 4 + 2 * linear / 64)
                .isNotEqualTo(odd.formulaBytes());
    }

    @Test
    void whatIsNotExpectedIsListedAndChargedAndWhatIsMissingIsNot() throws IOException {
        List<Tensor> tensors = llama8b(
                "BF16", (all, module, rows, columns) -> all.add(tensor(module + ".weight", "BF16", rows, columns)));
        tensors.removeIf(tensor -> tensor.name().equals("model.layers.4.mlp.up_proj.weight"));
        tensors.add(tensor("model.layers.4.adapter.weight", "F32", 3, 5));
        tensors.add(tensor("score.weight", "BF16", 7));
        tensors.add(tensor("model.layers.4.self_attn.rotary_emb.inv_freq", "F32", 64));
        SafetensorsWriter.file(folder.resolve("model.safetensors"), tensors);
        CheckpointReading reading = joined(CATALOG.model("meta-llama/Llama-3.1-8B"), read());
        assertThat(names(reading.unexpected()))
                .containsExactlyInAnyOrder("model.layers.4.adapter.weight", "score.weight");
        assertThat(reading.missing())
                .extracting(absent -> absent.place() + " " + absent.tensor().name())
                .containsExactly("layer 4 mlp.up_proj.weight");
        assertThat(names(reading.notLoaded())).containsExactly("model.layers.4.self_attn.rotary_emb.inv_freq");
        assertThat(WeightMemory.bytes(reading.model(), reading.model().weights(), false))
                .isEqualTo(16_060_522_496L - 2L * 14_336 * 4_096 + 60 + 14);
        assertThat(reading.model().parameters())
                .isEqualTo(CATALOG.model("meta-llama/Llama-3.1-8B").parameters());
        assertThat(reading.model().assumptions())
                .extracting(Object::toString)
                .containsSequence(
                        "unexpected tensors: 2 of 74 B, such as score.weight, model.layers.4.adapter.weight; every rank of"
                                + " their stage is charged with all of them",
                        "tensors not loaded: 1 of 256 B, such as model.layers.4.self_attn.rotary_emb.inv_freq; not counted",
                        "missing tensors: 1, such as mlp.up_proj.weight of layer 4; not counted");
    }

    @Test
    void aHeadThatIsTiedIsNotLoadedTwice() {
        Model tied = CATALOG.model("Qwen/Qwen3-0.6B");
        List<StoredTensor> stored = new ArrayList<>(StoredModels.of(tied));
        stored.add(new StoredTensor(
                "lm_head.weight",
                Formats.BF16,
                List.of(151_936L, 1_024L),
                2L * 151_936 * 1_024,
                "model.safetensors",
                0));
        CheckpointReading reading = joined(tied, stored);
        assertThat(names(reading.notLoaded())).containsExactly("lm_head.weight");
        assertThat(reading.bytes() - reading.formulaBytes()).isEqualTo(2L * 151_936 * 1_024);
    }

    private static List<String> names(List<StoredTensor> tensors) {
        return tensors.stream().map(StoredTensor::name).collect(Collectors.toList());
    }
}
