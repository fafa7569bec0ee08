package io.llmsizing.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.ledger.ItemizedLedger;
import io.llmsizing.ledger.LineItem;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.parallel.Rank;
import io.llmsizing.quantization.CacheFormat;
import io.llmsizing.quantization.CacheFormats;
import io.llmsizing.quantization.WeightSchemes;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** What start logs of llama.cpp and of a fork that shares its caches and its graph allocator print. */
class LlamaCppLogTest {
    private static final BigDecimal MEBI = BigDecimal.valueOf(1 << 20);
    private static final Catalog CATALOG = Catalog.bundled();
    private static final EngineProfile ENGINE = Engines.llamaCpp();

    @ParameterizedTest
    @CsvFileSource(resources = "/io/llmsizing/engine/llama_cpp_caches.csv", numLinesToSkip = 1)
    void theCacheIsTheOneThatIsPrinted(
            String model, String cache, long cells, long sequences, BigDecimal mebibytes, String source) {
        ItemizedLedger ledger = new ItemizedLedger("rank");
        ENGINE.accountCache(ledger, serving(model, 1, 0, 512, 1, CacheFormats.named(cache)), sequences, cells);
        BigDecimal printed = BigDecimal.valueOf(section(ledger.root(), "kv_cache"))
                .divide(MEBI, mebibytes.scale(), RoundingMode.HALF_EVEN);
        assertThat(printed).as(source).isEqualByComparingTo(mebibytes);
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/io/llmsizing/engine/llama_cpp_compute.csv", numLinesToSkip = 1)
    void theComputeBufferIsWithinTheBand(
            String model,
            int stages,
            int stage,
            long batched,
            long outputs,
            String cache,
            long cells,
            BigDecimal mebibytes,
            String source) {
        Serving serving = serving(model, stages, stage, batched, outputs, CacheFormats.named(cache));
        ItemizedLedger ledger = new ItemizedLedger("rank");
        ENGINE.accountFixed(ledger, serving);
        ENGINE.accountCache(ledger, serving, 1, cells);
        LineItem step = ledger.root().find("activation").orElseThrow();
        long context = section(ledger.root(), "scratch");
        BigDecimal measured = mebibytes.multiply(MEBI);
        assertThat(measured)
                .as(source)
                .isBetween(BigDecimal.valueOf(step.low() + context), BigDecimal.valueOf(step.high() + context));
    }

    private static Serving serving(String model, int stages, int stage, long batched, long outputs, CacheFormat cache) {
        ParallelLayout layout = ParallelLayout.SINGLE.pipeline(stages);
        int layers = CATALOG.model(model).layers().size();
        Rank rank = Rank.of(CATALOG.model(model), layout, stage, false, 1, ENGINE.stageBoundaries(layers, stages));
        return new Serving(rank, WeightSchemes.BF16, cache, batched, outputs, false);
    }

    private static long section(LineItem item, String section) {
        return item.find(section).orElseThrow().bytes();
    }
}
