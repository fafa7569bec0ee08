package io.llmsizing.quantization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.llmsizing.tensor.TensorRole;
import io.llmsizing.units.Ratio;
import java.util.Locale;
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
        "gptq-g32, 4096, 4096, 4.63281, vLLM auto_gptq: 4 + 20/g + 32/out",
        "gptq-8bit-g128, 4096, 4096, 8.19531, vLLM auto_gptq: 8 + 24/g + 32/out",
        "gptq-3bit-g128, 4096, 4096, 3.15625, vLLM auto_gptq: 3 + 19/g + 32/out",
        "gptq-2bit-g64, 4096, 4096, 2.28906, 2 + 18/g + 32/out",
        "gptq-channel, 4096, 4096, 4.01270, 4 + 20/in + 32/out: one group a column",
        "awq-8bit-g128, 4096, 4096, 8.18750, 8 + 24/g",
        "awq-3bit-g128, 4096, 4096, 3.14844, 3 + 19/g",
        "awq-channel, 4096, 4096, 4.00488, 4 + 20/in",
        "int4-g128-asym, 4096, 4096, 4.15625, compressed-tensors pack-quantized: 4 + 20/g with zero points",
        "int4-g128-ordered, 4096, 4096, 4.13281, the group number of every input: 32/out more",
        "int4-channel, 4096, 4096, 4.00391, 4 + 16/in",
        "int8-g128, 4096, 4096, 8.12500, 8 + 16/g",
        "int8-packed-channel, 4096, 4096, 8.00391, 8 + 16/in",
        "int8-tensor, 4096, 4096, 8.00000, 8 and 4 B a tensor",
        "fp8-tensor-static, 4096, 4096, 8.00000, 8 and 8 B a tensor",
        "fp8-block-32, 4096, 4096, 8.03125, 8 + 32/(32 x 32)",
        "fp8-block-128-e8m0, 4096, 4096, 8.00049, DeepSeek-V4: a byte for 128 x 128",
        "fp8-block-32-e8m0, 4096, 4096, 8.00781, DeepSeek-V4.1: a byte for 32 x 32",
        "mxfp8, 4096, 4096, 8.25000, OCP microscaling: 33 bytes per 32",
        "mxfp4, 4096, 4096, 4.25000, OCP microscaling: 17 bytes per 32",
        "nvfp4, 4096, 4096, 4.50000, 9 bytes per 16 and 8 B a tensor",
        "nvfp4-a16, 4096, 4096, 4.50000, 9 bytes per 16 and 4 B a tensor",
        "nf4, 4096, 4096, 4.50000, bitsandbytes: an FP32 maximum for 64",
        "fp4, 4096, 4096, 4.50000, bitsandbytes: an FP32 maximum for 64",
        "nf4-double, 4096, 4096, 4.12695, bitsandbytes: 4 + 8/64 + 32/(64 x 256)",
        "fp4-double, 4096, 4096, 4.12695, bitsandbytes: 4 + 8/64 + 32/(64 x 256)",
        "bnb-int8, 4096, 4096, 8.00781, bitsandbytes: 8 + 32/in"
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

    @ParameterizedTest
    @CsvSource({
        // layers, experts, parameters, bytes of the published file
        "36, 128, 116829156672, 65248815744",
        "24, 32, 20914757184, 13761264768"
    })
    void theFilesOfGptOssAreExpertsInMxfp4AndTheRestIn16Bit(int layers, int experts, long parameters, long bytes) {
        long each = Formats.MXFP4.bytes(2 * 2_880, 2_880) + Formats.MXFP4.bytes(2_880, 2_880);
        long elements = 3L * 2_880 * 2_880;
        long all = (long) layers * experts;
        assertThat(all * each + 2 * (parameters - all * elements)).isEqualTo(bytes);
    }

    @Test
    void theNvfp4FileOfLlamaHoldsTwoScalesForEachMatrix() {
        // RedHatAI/Llama-3.1-8B-Instruct-NVFP4: 4,976,808,384 stored elements, where two FP4 count as one byte.
        long[][] matrices = {
            {4_096, 4_096},
            {4_096, 4_096},
            {1_024, 4_096},
            {1_024, 4_096},
            {14_336, 4_096},
            {14_336, 4_096},
            {4_096, 14_336}
        };
        long stored = 2L * 128_256 * 4_096 + 65L * 4_096;
        for (long[] matrix : matrices) {
            for (BlockFormat.Part part : Formats.NVFP4.parts()) {
                stored += 32 * part.rowTiles(matrix[0]) * part.columnTiles(matrix[0], matrix[1]);
            }
        }
        assertThat(stored).isEqualTo(4_976_808_384L);
    }

    @Test
    void maximaOfBitsandbytesRunOnOverTheRows() {
        // 100 x 100 elements: 5,000 bytes, 157 maxima, one maximum of maxima.
        assertThat(Formats.NF4.bytes(100, 100)).isEqualTo(5_000 + 157 * 4);
        assertThat(Formats.NF4_DOUBLE.bytes(100, 100)).isEqualTo(5_000 + 157 + 4);
        assertThat(Formats.NF4_DOUBLE.bytes(4_096, 4_096)).isEqualTo(8_388_608 + 262_144 + 1_024 * 4);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 7, 100, 1 << 17})
    void groupsThatNobodyPacksAreRefused(long group) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Formats.int4(group))
                .withMessageContaining("groups of " + group);
        assertThatIllegalArgumentException().isThrownBy(() -> Formats.awq(group));
        assertThatIllegalArgumentException().isThrownBy(() -> Formats.gptq(group));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 5, 16})
    void integersThatNobodyPacksAreRefused(long bits) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PackedFormats.gptq(bits, 128))
                .withMessageContaining("integers of " + bits + " bits");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fp8-block-64x128",
                "fp8-block-1x128-e8m0",
                "fp8-channel-static",
                "int3-g32",
                "int8-packed-channel-asym-ordered",
                "awq-3bit-g96",
                "gptq-8bit-channel",
                "mxfp4-static"
            })
    void aNameThatHoldsASizeIsRead(String name) {
        assertThat(WeightSchemes.format(" " + name.toUpperCase(Locale.ROOT)))
                .hasValueSatisfying(format -> assertThat(format.name()).isEqualTo(name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"fp8-block-0", "fp8-block-128x128", "awq-4bit-g128", "int5-g32", "gptq-g7", "int4", "-static", ""
            })
    void noOtherNameIsRead(String name) {
        assertThat(WeightSchemes.format(name)).isEmpty();
    }
}
