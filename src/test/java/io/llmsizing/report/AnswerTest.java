package io.llmsizing.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.Deployment;
import io.llmsizing.Sizing;
import io.llmsizing.Verdict;
import io.llmsizing.catalog.Catalog;
import io.llmsizing.engine.Engines;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.model.Model;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.quantization.CacheFormats;
import io.llmsizing.units.Ratio;
import io.llmsizing.workload.Workload;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnswerTest {
    private static final Catalog CATALOG = Catalog.bundled();
    private static final Model R1 = CATALOG.model("deepseek-r1");

    @Test
    void theLatentOfDeepSeekStandsOnEveryTensorRankWhole() {
        Map<?, ?> cache = section(verdict(8, "none"), "kv_cache");
        assertThat(cache.get("bytes_per_token")).isEqualTo(70_272L);
        assertThat(cache.get("bytes_per_token_per_rank")).isEqualTo(70_272L);
        assertThat(cache.get("fixed_bytes_per_sequence")).isEqualTo(0L);
        assertThat(cache.get("bytes_for_question")).isEqualTo(3L * 1_000 * 70_272);
    }

    @Test
    void pagesAreRoundedByTheEnginesRule() {
        Map<?, ?> cache = section(verdict(8, "vllm"), "kv_cache");
        assertThat(cache.get("bytes_for_question")).isEqualTo(3L * 1_024 * 70_272);
        long tokens = (Long) cache.get("pool_tokens");
        assertThat(tokens % 64).isZero();
        assertThat(tokens * 70_272).isLessThanOrEqualTo((Long) cache.get("pool_bytes_per_rank"));
        assertThat((tokens + 64) * 70_272).isGreaterThan((Long) cache.get("pool_bytes_per_rank"));
    }

    @Test
    void concurrencyIsThePoolOverOneSequenceCutToHundredths() {
        Map<?, ?> cache = section(verdict(8, "vllm"), "kv_cache");
        long pool = (Long) cache.get("pool_bytes_per_rank");
        long hundredths = Ratio.of(100, 1_024L * 70_272).floorOf(pool);
        assertThat(cache.get("max_concurrency"))
                .isEqualTo(hundredths / 100 + "." + String.format(Locale.ROOT, "%02d", hundredths % 100));
    }

    @Test
    void linesStandThereOnlyWhenAskedFor() {
        assertThat(Answer.of(verdict(8, "none"), false).get("lines")).isEqualTo(List.of());
        assertThat((List<?>) Answer.of(verdict(8, "none"), true).get("lines")).hasSize(1);
    }

    @Test
    void withoutDevicesTheWeightsOfTheFullestStageAreTold() {
        Map<String, Object> answer = Answer.of(
                R1,
                R1.weights(),
                CacheFormats.BF16,
                Engines.NONE,
                new ParallelLayout(8, 2, 1, false),
                Workload.of(3, 1_000));
        Map<?, ?> weights = (Map<?, ?>) answer.get("weights");
        assertThat(weights.get("bytes")).isEqualTo(673_150_611_808L);
        assertThat((Long) weights.get("tightest_rank_bytes")).isBetween(673_150_611_808L / 16, 673_150_611_808L / 12);
        assertThat(weights.get("tightest_rank_loaded_bytes")).isEqualTo(weights.get("tightest_rank_bytes"));
        assertThat(((Map<?, ?>) answer.get("kv_cache")).get("bytes_for_question"))
                .isEqualTo(3L * 1_000 * 70_272);
    }

    @Test
    void whatWasTakenForGrantedIsListed() {
        assertThat(assumptions(CATALOG.accelerator("phone 8 GB")))
                .anySatisfy(assumption -> assertThat((String) assumption).contains("llama.cpp cache"));
    }

    @Test
    void anAcceleratorWhoseEngineHasNoProfileIsSizedWithoutOneAndThatIsListed() {
        Accelerator phone = CATALOG.accelerator("phone 8 GB");
        Accelerator other = new Accelerator(
                phone.id(),
                phone.name(),
                phone.aliases(),
                phone.driverNames(),
                phone.vendor(),
                phone.architecture(),
                phone.category(),
                phone.memory(),
                phone.compute(),
                phone.link(),
                phone.host(),
                phone.product(),
                "lmdeploy",
                phone.source(),
                phone.retrieved());
        assertThat(assumptions(other))
                .anySatisfy(assumption -> assertThat((String) assumption).contains("no profile of lmdeploy"));
    }

    private static List<?> assumptions(Accelerator accelerator) {
        Verdict verdict = Sizing.size(Deployment.builder(CATALOG.model("qwen3-0.6b"), Cluster.of(accelerator, 1))
                .build());
        return (List<?>) Answer.of(verdict, false).get("assumptions");
    }

    private static Verdict verdict(int tensor, String engine) {
        return Sizing.size(Deployment.builder(R1, Cluster.of(CATALOG.accelerator("H200"), 8))
                .layout(ParallelLayout.tensor(tensor))
                .engine(Engines.named(engine, ""))
                .workload(Workload.of(3, 1_000))
                .build());
    }

    private static Map<?, ?> section(Verdict verdict, String key) {
        return (Map<?, ?>) Answer.of(verdict, false).get(key);
    }
}
