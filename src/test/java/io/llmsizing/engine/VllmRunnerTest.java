package io.llmsizing.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.kvcache.CachePaging;
import io.llmsizing.ledger.ItemizedLedger;
import io.llmsizing.ledger.LineItem;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.parallel.Rank;
import io.llmsizing.quantization.CacheFormats;
import io.llmsizing.quantization.WeightSchemes;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which model runner vLLM takes by version and shape, and what that means for graphs and steps in flight. */
class VllmRunnerTest {
    private static final Catalog CATALOG = Catalog.bundled();
    private static final Rank LLAMA = rank("llama-3.1-8b", 1);
    private static final long GRAPHS = 102 * (2_631_720 + 32 * 210_537L);

    /** Up to 0.24 a dense model's class decides over its runner, and with that whether there is an estimate. */
    @ParameterizedTest
    @ValueSource(strings = {"0.21", "0.24"})
    void from021OnGraphsAreInsideTheBudgetUnlessTheEngineRunsWithoutThem(String version) {
        LineItem with = fixed(Engines.vllm(version), LLAMA, false);
        assertThat(with.bytes() - fixed(Engines.vllm(version), LLAMA, true).bytes())
                .isEqualTo(GRAPHS);
        assertThat(with.find("graphs").orElseThrow().low()).isZero();
        assertThat(outside(Engines.vllm(version), LLAMA).find("graphs")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.25", "0.26"})
    void from025OnTheSecondRunnerServesDenseModelsAndTheirGraphsStandBesideTheBudget(String version) {
        EngineProfile engine = Engines.vllm(version);
        assertThat(fixed(engine, LLAMA, false).bytes())
                .isEqualTo(fixed(engine, LLAMA, true).bytes());
        assertThat(outside(engine, LLAMA).find("graphs").orElseThrow().bytes()).isEqualTo(GRAPHS);
        assertThat(engine.assumptions(serving(LLAMA, false)).toString()).contains("the second, since");
    }

    /** Windows make no hybrid of a model: Gemma 3 has the second runner. States do, and experts have either. */
    @ParameterizedTest
    @CsvSource({
        "google/gemma-3-27b-it, 'the second, since', false",
        "Qwen/Qwen3.5-27B, 'the first, since layers keep states', true",
        "openai/gpt-oss-20b, 'the first or the second', true",
        "deepseek-ai/DeepSeek-V4-Flash, 'the first or the second', true"
    })
    void theShapeTellsTheRunner(String model, String said, boolean within) {
        Rank rank = rank(model, 1);
        EngineProfile engine = Engines.vllm("0.26");
        assertThat(engine.assumptions(serving(rank, false)).toString()).contains(said);
        assertThat(fixed(engine, rank, false).find("graphs").isPresent()).isEqualTo(within);
        assertThat(Engines.vllm("0.20").assumptions(serving(rank, false)).toString())
                .doesNotContain("model runner");
    }

    /** A pipeline has a step more in flight than it has stages, unless the first runner is sure to serve. */
    @ParameterizedTest
    @CsvSource({
        "google/gemma-3-27b-it, 1, 2",
        "google/gemma-3-27b-it, 2, 3",
        "Qwen/Qwen3.5-27B, 1, 2",
        "Qwen/Qwen3.5-27B, 2, 2",
        "openai/gpt-oss-20b, 2, 3"
    })
    void theRunnerTellsTheStepsInFlight(String model, int stages, long steps) {
        CachePaging paging = Engines.vllm("0.26").paging(serving(rank(model, stages), false));
        assertThat(paging.windowSlackTokens()).isEqualTo(steps * 8_192);
        assertThat(Engines.vllm("0.25")
                        .paging(serving(rank(model, stages), false))
                        .windowSlackTokens())
                .isEqualTo(stages * 8_192L);
    }

    private static Serving serving(Rank rank, boolean eager) {
        return new Serving(rank, WeightSchemes.BF16, CacheFormats.BF16, 8_192, 1_024, eager);
    }

    private static Rank rank(String model, int stages) {
        return Rank.of(CATALOG.model(model), ParallelLayout.SINGLE.pipeline(stages), 0, false, 64);
    }

    private static LineItem fixed(EngineProfile engine, Rank rank, boolean eager) {
        ItemizedLedger ledger = new ItemizedLedger("rank");
        engine.accountFixed(ledger, serving(rank, eager));
        return ledger.root();
    }

    private static LineItem outside(EngineProfile engine, Rank rank) {
        ItemizedLedger ledger = new ItemizedLedger("outside");
        engine.accountOutside(ledger, serving(rank, false));
        return ledger.root();
    }
}
