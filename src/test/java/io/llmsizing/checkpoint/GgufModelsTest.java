package io.llmsizing.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.quantization.BlockFormat;
import io.llmsizing.quantization.Formats;
import io.llmsizing.quantization.GgmlFormats;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whole files at the true shapes of published models. */
class GgufModelsTest {
    private static BlockFormat type(String name) {
        return GgmlFormats.named(name).orElseThrow();
    }

    /** Q6_K for attn_v and ffn_down of the first and last eighth, and of every third layer between (llama-quant.cpp). */
    private static BlockFormat mixed(int layer) {
        boolean more = layer < 4 || layer >= 28 || (layer - 4) % 3 == 2;
        return type(more ? "q6_k" : "q4_k");
    }

    static GgufWriter llama() {
        GgufWriter file = GgufWriter.ofArchitecture("llama")
                .whole("llama.context_length", 131_072)
                .whole("llama.embedding_length", 4_096)
                .whole("llama.block_count", 32)
                .whole("llama.feed_forward_length", 14_336)
                .whole("llama.attention.head_count", 32)
                .whole("llama.attention.head_count_kv", 8)
                .whole("llama.vocab_size", 128_256)
                .whole("llama.rope.dimension_count", 128)
                .tokens(128_256)
                .tensor("output.weight", type("q6_k"), 128_256, 4_096)
                .tensor("token_embd.weight", type("q4_k"), 128_256, 4_096)
                .tensor("output_norm.weight", Formats.FP32, 4_096);
        for (int layer = 0; layer < 32; layer++) {
            String block = "blk." + layer + ".";
            file.tensor(block + "attn_norm.weight", Formats.FP32, 4_096)
                    .tensor(block + "attn_q.weight", type("q4_k"), 4_096, 4_096)
                    .tensor(block + "attn_k.weight", type("q4_k"), 1_024, 4_096)
                    .tensor(block + "attn_v.weight", mixed(layer), 1_024, 4_096)
                    .tensor(block + "attn_output.weight", type("q4_k"), 4_096, 4_096)
                    .tensor(block + "ffn_norm.weight", Formats.FP32, 4_096)
                    .tensor(block + "ffn_gate.weight", type("q4_k"), 14_336, 4_096)
                    .tensor(block + "ffn_up.weight", type("q4_k"), 14_336, 4_096)
                    .tensor(block + "ffn_down.weight", mixed(layer), 4_096, 14_336);
        }
        return file;
    }

    /** 4,912,898,048 B and 4.8944 bits per weight: the figures of llama.cpp's README for this model. */
    @Test
    void llamaInFourBitsTakesItsPublishedBytes() throws IOException {
        GgufFile file = GgufReader.read(llama().file());
        assertThat(file.elements()).isEqualTo(8_030_261_248L);
        assertThat(file.tensorBytes()).isEqualTo(4_912_898_048L);
        assertThat(file.bitsPerWeight().toDisplay(4)).isEqualTo("4.8944");
        assertThat(GgufConfig.of(file).read("some/model").model().parameters().total())
                .isEqualTo(file.elements());
    }

    @Test
    void theFrequenciesBesideThemAreNoParameters() throws IOException {
        GgufFile file = GgufReader.read(
                llama().tensor("rope_freqs.weight", Formats.FP32, 64).file());
        assertThat(file.tensorBytes()).isEqualTo(4_912_898_304L);
        long made = file.tensors().stream()
                .filter(tensor -> GgufNames.isMadeForTheFile(tensor.name()))
                .mapToLong(StoredTensor::elements)
                .sum();
        assertThat(file.elements() - made)
                .isEqualTo(GgufConfig.of(file)
                        .read("some/model")
                        .model()
                        .parameters()
                        .total());
    }

    /** Keys and values of latent attention are held in two parts; together they are what was published as one. */
    @Test
    void deepSeekHoldsAllItsParameters() throws IOException {
        PublishedMetadata line = PublishedMetadata.of("deepseek-ai/DeepSeek-V3-0324");
        GgufWriter file = new PublishedMetadata(line.model(), line.architecture(), line.keys(), List.of())
                .writer()
                .tensor("token_embd.weight", type("q4_k"), 129_280, 7_168)
                .tensor("output_norm.weight", Formats.FP32, 7_168)
                .tensor("output.weight", type("q6_k"), 129_280, 7_168);
        for (int layer = 0; layer < 61; layer++) {
            String block = "blk." + layer + ".";
            file.tensor(block + "attn_norm.weight", Formats.FP32, 7_168)
                    .tensor(block + "attn_q_a.weight", type("q4_k"), 1_536, 7_168)
                    .tensor(block + "attn_q_a_norm.weight", Formats.FP32, 1_536)
                    .tensor(block + "attn_q_b.weight", type("q4_k"), 24_576, 1_536)
                    .tensor(block + "attn_kv_a_mqa.weight", type("q4_k"), 576, 7_168)
                    .tensor(block + "attn_kv_a_norm.weight", Formats.FP32, 512)
                    .tensor(block + "attn_k_b.weight", type("q8_0"), 128, 512, 128)
                    .tensor(block + "attn_v_b.weight", type("q8_0"), 128, 128, 512)
                    .tensor(block + "attn_output.weight", type("q4_k"), 7_168, 16_384)
                    .tensor(block + "ffn_norm.weight", Formats.FP32, 7_168);
            if (layer < 3) {
                file.tensor(block + "ffn_gate.weight", type("q4_k"), 18_432, 7_168)
                        .tensor(block + "ffn_up.weight", type("q4_k"), 18_432, 7_168)
                        .tensor(block + "ffn_down.weight", type("q6_k"), 7_168, 18_432);
                continue;
            }
            file.tensor(block + "ffn_gate_inp.weight", Formats.FP32, 256, 7_168)
                    .tensor(block + "exp_probs_b.bias", Formats.FP32, 256)
                    .tensor(block + "ffn_gate_exps.weight", type("q4_k"), 256, 2_048, 7_168)
                    .tensor(block + "ffn_up_exps.weight", type("q4_k"), 256, 2_048, 7_168)
                    .tensor(block + "ffn_down_exps.weight", type("q6_k"), 256, 7_168, 2_048)
                    .tensor(block + "ffn_gate_shexp.weight", type("q4_k"), 2_048, 7_168)
                    .tensor(block + "ffn_up_shexp.weight", type("q4_k"), 2_048, 7_168)
                    .tensor(block + "ffn_down_shexp.weight", type("q6_k"), 7_168, 2_048);
        }
        GgufFile read = GgufReader.read(file.file());
        assertThat(read.elements()).isEqualTo(671_026_419_200L);
        assertThat(GgufConfig.of(read).modelType()).isEqualTo("deepseek_v3");
        assertThat(GgufConfig.of(read).read("some/model").model().parameters().total())
                .isEqualTo(read.elements());
        assertThat(read.tensors())
                .allSatisfy(tensor -> assertThat(GgufNames.published("deepseek2", tensor.name()))
                        .isPresent());
    }
}
