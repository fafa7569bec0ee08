package io.llmsizing.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.catalog.Catalog;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelFamilyTest {
    private static final Catalog CATALOG = Catalog.bundled();

    @ParameterizedTest
    @CsvSource({
        "meta-llama/Llama-3.1-8B-Instruct, dense",
        "mistralai/Mixtral-8x7B-Instruct-v0.1, experts",
        "google/gemma-3-27b-it, windowed dense",
        "openai/gpt-oss-20b, windowed experts",
        "deepseek-ai/DeepSeek-R1, latent experts",
        "deepseek-ai/DeepSeek-V4-Flash, compressed experts",
        "Qwen/Qwen3.5-27B, recurrent dense",
        "moonshotai/Kimi-Linear-48B-A3B-Instruct, recurrent experts",
        "state-spaces/mamba2-1.3b, recurrent dense"
    })
    void itIsReadOffTheShape(String model, String family) {
        assertThat(ModelFamily.of(CATALOG.model(model)).label()).isEqualTo(family);
    }
}
