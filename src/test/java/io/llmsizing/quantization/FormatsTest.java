package io.llmsizing.quantization;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.tensor.TensorRole;
import io.llmsizing.units.Ratio;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormatsTest {
    private static BlockFormat format(String name) {
        return WeightSchemes.named(name).formatOf(TensorRole.ATTENTION);
    }

    @ParameterizedTest
    @CsvSource({
        // format, out, in, bits per weight, source
        "fp32, 4096, 4096, 32.00000, IEEE 754",
        "fp16, 4096, 4096, 16.00000, IEEE 754",
        "bf16, 4096, 4096, 16.00000, two bytes an element",
        "fp8-block-128, 7168, 7168, 8.00195, DeepSeek-V3 weight_scale_inv in FP32",
        "fp8-channel, 1024, 4096, 8.00781, compressed-tensors FP8-dynamic: 8 + 32/in",
        "int8-channel, 1024, 4096, 8.00781, compressed-tensors W8A8: 8 + 32/in",
        "fp8-channel, 4096, 1024, 8.03125, compressed-tensors FP8-dynamic: 8 + 32/in",
        "int8-channel, 4096, 1024, 8.03125, compressed-tensors W8A8: 8 + 32/in",
        "int4-g128, 4096, 4096, 4.12500, compressed-tensors pack-quantized: 4 + 16/g",
        "int4-g64, 4096, 4096, 4.25000, compressed-tensors pack-quantized: 4 + 16/g",
        "int4-g32, 4096, 4096, 4.50000, compressed-tensors pack-quantized: 4 + 16/g",
        "awq-g128, 4096, 4096, 4.15625, vLLM auto_awq: 4 + 20/g",
        "awq-g64, 4096, 4096, 4.31250, vLLM auto_awq: 4 + 20/g",
        "awq-g32, 4096, 4096, 4.62500, vLLM auto_awq: 4 + 20/g",
        "gptq-g128, 4096, 4096, 4.16406, vLLM auto_gptq: 4 + 20/g + 32/out",
        "gptq-g128, 1024, 4096, 4.18750, vLLM auto_gptq: 4 + 20/g + 32/out",
        "gptq-g64, 4096, 4096, 4.32031, vLLM auto_gptq: 4 + 20/g + 32/out",
        "gptq-g32, 4096, 4096, 4.63281, vLLM auto_gptq: 4 + 20/g + 32/out"
    })
    void bitsPerWeightAreThosePublished(String name, long out, long in, String bits, String source) {
        assertThat(format(name).bitsPerWeight(out, in).toDisplay(5)).as(source).isEqualTo(bits);
    }

    @ParameterizedTest
    @ValueSource(longs = {32, 64, 128})
    void groupedFormatsCostExactlyTheirScalesAndZeros(long group) {
        assertThat(Formats.int4(group).bitsPerWeight(1024, 4096)).isEqualTo(Ratio.of(4 * group + 16, group));
        assertThat(Formats.awq(group).bitsPerWeight(1024, 4096)).isEqualTo(Ratio.of(4 * group + 20, group));
        assertThat(Formats.gptq(group).bitsPerWeight(1024, 4096))
                .isEqualTo(Ratio.of((4 * group + 20) * 32 + group, group * 32));
    }

    @Test
    void theFp8BlockOfDeepSeekIsAnElementAByteAndAScaleForEvery128Squared() {
        // The down-projection of one DeepSeek-V3 expert.
        assertThat(Formats.FP8_BLOCK_128.bytes(7168, 2048)).isEqualTo(14_680_064 + 3_584);
    }

    @Test
    void aBlockThatHangsOverTheEdgeIsStoredWhole() {
        // DeepSeek-V3's kv_a_proj_with_mqa: 512 + 64 rows make 5 rows of blocks, 7,168 columns make 56.
        assertThat(Formats.FP8_BLOCK_128.bytes(576, 7168)).isEqualTo(576 * 7168 + 5 * 56 * 4);
        assertThat(Formats.FP8_BLOCK_128.bytes(512, 7168)).isEqualTo(512 * 7168 + 4 * 56 * 4);
        assertThat(Formats.FP8_BLOCK_128.bytes(1, 1)).isEqualTo(1 + 4);
    }

    @Test
    void aScaleForTheTensorIsFourBytesHoweverLargeItIs() {
        assertThat(Formats.FP8_TENSOR.bytes(1, 1)).isEqualTo(1 + 4);
        assertThat(Formats.FP8_TENSOR.bytes(4096, 14_336)).isEqualTo(4096L * 14_336 + 4);
    }

    @Test
    void theAwqBytesOfLlamaLinearsAreThosePublished() {
        // Llama-3.1-8B: 6,979,321,856 elements in linear layers take 3,625,975,808 B.
        long layer = 2 * Formats.awq(128).bytes(4096, 4096)
                + 2 * Formats.awq(128).bytes(1024, 4096)
                + 2 * Formats.awq(128).bytes(14_336, 4096)
                + Formats.awq(128).bytes(4096, 14_336);
        assertThat(32 * layer).isEqualTo(3_625_975_808L);
    }

    @Test
    void theGroupNumbersOfGptqAreStoredOnceForAllOutputs() {
        long one = Formats.gptq(128).bytes(8, 4096) - Formats.awq(128).bytes(8, 4096);
        long many = Formats.gptq(128).bytes(4096, 4096) - Formats.awq(128).bytes(4096, 4096);
        assertThat(one).isEqualTo(4 * 4096);
        assertThat(many).isEqualTo(4 * 4096);
    }

    @Test
    void theFormatsAreNamedAsUsersWriteThem() {
        assertThat(Formats.int4(64).name()).isEqualTo("int4-g64");
        assertThat(Formats.awq(32).name()).isEqualTo("awq-g32");
        assertThat(Formats.gptq(128).name()).isEqualTo("gptq-g128");
    }
}
