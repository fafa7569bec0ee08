package io.llmsizing.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.parallel.Rank;
import io.llmsizing.quantization.CacheFormats;
import io.llmsizing.quantization.WeightSchemes;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A note is made where it can matter. */
class EngineNotesTest {
    private static final Catalog CATALOG = Catalog.bundled();

    private static String notes(EngineProfile engine, String model, ParallelLayout layout) {
        Rank rank = Rank.of(CATALOG.model(model), layout, 0, false, 64);
        return engine.assumptions()
                + " "
                + engine.assumptions(new Serving(rank, WeightSchemes.BF16, CacheFormats.BF16, 1_024, 256, false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tensorrt-llm", "transformers", "llama.cpp"})
    void ofWindowsWhereThereAreSome(String engine) {
        EngineProfile profile = Engines.named(engine, "");
        assertThat(notes(profile, "google/gemma-3-27b-it", ParallelLayout.SINGLE))
                .contains("window");
        assertThat(notes(profile, "meta-llama/Llama-3.1-8B", ParallelLayout.SINGLE))
                .doesNotContain("window");
    }

    @ParameterizedTest
    @CsvSource({"1, false", "2, true"})
    void ofAttentionOverDataWhereThereIsDataParallelism(int data, boolean said) {
        ParallelLayout layout = ParallelLayout.tensor(2).data(data);
        assertThat(notes(Engines.sglang(), "deepseek-ai/DeepSeek-R1", layout).contains("--enable-dp-attention"))
                .isEqualTo(said);
    }
}
