package io.llmsizing.quantization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CacheFormatTest {
    @ParameterizedTest
    @CsvSource({
        // format, elements of a vector, its bytes, source
        "bf16, 128, 256, two bytes an element",
        "fp16, 128, 256, two bytes an element",
        "fp32, 128, 512, four bytes an element",
        "fp8, 128, 128, one byte an element",
        "int8, 128, 128, one byte an element",
        "bf16, 576, 1152, DeepSeek-V3 latent and rotary key",
        "fp8_per_token_head, 128, 132, vLLM: one FP32 scale for each vector",
        "int8_per_token_head, 128, 132, vLLM: one FP32 scale for each vector",
        "nvfp4, 128, 72, vLLM: half a byte and an FP8 scale for each 16",
        "q8_0, 128, 136, ggml block_q8_0: 34 B for 32",
        "q5_1, 128, 96, ggml block_q5_1: 24 B for 32",
        "q5_0, 128, 88, ggml block_q5_0: 22 B for 32",
        "q4_1, 128, 80, ggml block_q4_1: 20 B for 32",
        "q4_0, 128, 72, ggml block_q4_0: 18 B for 32",
        "q8_0, 32, 34, one whole block",
        "q8_0, 33, 68, a begun block is stored whole",
        "q4_0, 1, 18, a begun block is stored whole",
        "nvfp4, 17, 18, a begun block is stored whole",
        "fp8_per_token_head, 1, 5, element and scale"
    })
    void aVectorTakesWholeBlocksAndWhatIsStoredOnce(String name, long width, long bytes, String source) {
        assertThat(CacheFormats.named(name).bytes(width)).as(source).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bf16", "fp8_per_token_head", "nvfp4", "q4_0"})
    void aVectorThatIsNotStoredTakesNothingNotEvenAScale(String name) {
        assertThat(CacheFormats.named(name).bytes(0)).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "fp8_e4m3, fp8",
        "bfloat16, bf16",
        "float16, fp16",
        "f16, fp16",
        "f32, fp32",
        "BF16, bf16",
        "' Q8_0 ', q8_0",
        "FP8, fp8",
        "nvfp4, nvfp4"
    })
    void aNameMeansItsFormatInAnyCase(String written, String name) {
        assertThat(CacheFormats.named(written).name()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "fp7", "q3_0", "auto"})
    void anUnknownNameIsRefusedWithAllThatAreKnown(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CacheFormats.named(name))
                .withMessageContaining("'" + name + "'")
                .withMessageContainingAll("bf16", "fp8", "int8", "nvfp4", "q8_0", "q5_1", "q5_0", "q4_1", "q4_0");
    }

    @ParameterizedTest
    @CsvSource({"0, 1, 0", "1, 0, 0", "1, 1, -1", "-1, 1, 0", "1, -1, 0"})
    void blocksHoldAndTakeSomething(long elements, long bytes, long once) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CacheFormat("odd", elements, bytes, once))
                .withMessageContaining("odd: " + elements + " elements, " + bytes + " + " + once + " B");
    }

    @Test
    void bytesBeyondALongAreAnOverflow() {
        CacheFormat wide = new CacheFormat("wide", 1, 1L << 40, 0);
        assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> wide.bytes(1L << 30));
        CacheFormat tall = new CacheFormat("tall", 1, Long.MAX_VALUE, 1);
        assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> tall.bytes(1));
    }

    @Test
    void theSmallestBlockIsOneElementInOneByte() {
        assertThat(new CacheFormat("small", 1, 1, 0).bytes(7)).isEqualTo(7);
    }
}
