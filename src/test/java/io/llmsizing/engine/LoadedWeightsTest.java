package io.llmsizing.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.ledger.ItemizedLedger;
import io.llmsizing.ledger.LineItem;
import io.llmsizing.model.Model;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.parallel.Rank;
import io.llmsizing.quantization.CacheFormats;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.quantization.WeightSchemes;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class LoadedWeightsTest {
    private static final BigDecimal GIB = BigDecimal.valueOf(1L << 30);
    private static final Catalog CATALOG = Catalog.bundled();

    @ParameterizedTest
    @CsvFileSource(resources = "/io/llmsizing/engine/loaded_weights.csv", numLinesToSkip = 1, maxCharsPerColumn = 500)
    void tensorsWithTheirChargeAreWhatServersSayTheyLoaded(
            String model, int tensor, String weights, BigDecimal gibibytes, String source) {
        LineItem fixed = fixed(model, tensor, weights);
        BigDecimal loaded = BigDecimal.valueOf(bytes(fixed, "weights") + bytes(fixed, "loading"))
                .divide(GIB, gibibytes.scale(), RoundingMode.HALF_EVEN);
        assertThat(loaded).as(source).isEqualByComparingTo(gibibytes);
    }

    @Test
    void theChargeComesOnTopOfTheTensorsAndTheRotaryTable() {
        LineItem fixed = fixed("Qwen/Qwen2.5-7B", 1, "bf16");
        LineItem loading = fixed.find("loading").orElseThrow();
        long table = 131_072L * 128 * 2;
        // two MiB for each of 28 layers, and half a MiB for embedding and head each
        assertThat(loading.bytes()).isEqualTo(table + 57L * (1 << 20));
        assertThat(bytes(fixed, "weights")).isEqualTo(7_615_616_512L * 2);
    }

    private static LineItem fixed(String model, int tensor, String weights) {
        EngineProfile engine = Engines.vllm("0.19");
        Model served = CATALOG.model(model);
        WeightScheme scheme = weights.equals("own") ? served.weights() : WeightSchemes.named(weights);
        Rank rank = Rank.of(served, ParallelLayout.tensor(tensor), 0, false, engine.vocabularyMultiple());
        ItemizedLedger ledger = new ItemizedLedger("rank");
        engine.accountFixed(ledger, new Serving(rank, scheme, CacheFormats.BF16, 8_192, 256, true));
        return ledger.root();
    }

    private static long bytes(LineItem item, String section) {
        return item.find(section).orElseThrow().bytes();
    }
}
