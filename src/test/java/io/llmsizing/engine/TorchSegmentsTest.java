package io.llmsizing.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.ledger.ItemizedLedger;
import io.llmsizing.ledger.LineItem;
import io.llmsizing.ledger.TotalLedger;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.parallel.Rank;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.quantization.WeightSchemes;
import io.llmsizing.weights.WeightMemory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TorchSegmentsTest {
    private static final Catalog CATALOG = Catalog.bundled();
    private static final long MIB = 1L << 20;

    @ParameterizedTest
    @CsvSource({
        "meta-llama/Llama-3.1-8B, 1, bf16",
        "Qwen/Qwen2.5-7B, 1, bf16",
        "Qwen/Qwen2.5-7B, 2, bf16",
        "Qwen/Qwen3-30B-A3B, 1, fp8",
        "google/gemma-3-27b-it, 4, bf16",
        "deepseek-ai/DeepSeek-V2-Lite, 1, int4-g32"
    })
    void segmentsAreWholeAndHoldAtLeastWhatIsCharged(String model, int ranks, String scheme) {
        Rank rank = Rank.of(CATALOG.model(model), ParallelLayout.tensor(ranks), 0, false, 64);
        WeightScheme weights = WeightSchemes.named(scheme);
        TotalLedger tensors = new TotalLedger();
        WeightMemory.account(tensors, rank, weights);
        TotalLedger charged = new TotalLedger();
        TorchAllocator.account(charged, rank, weights);
        TotalLedger segments = new TotalLedger();
        TorchSegments.account(segments, rank, weights);
        assertThat(segments.bytes()).isGreaterThanOrEqualTo(charged.bytes());
        assertThat((tensors.bytes() + segments.bytes()) % (2 * MIB)).isZero();
    }

    /** 65 norms of 8 KiB share one segment of 2 MiB; every matrix is whole segments. */
    @Test
    void allThatLlamaLeavesUnusedIsInTheSegmentOfItsNorms() {
        ItemizedLedger ledger = new ItemizedLedger("rank");
        TorchSegments.account(
                ledger,
                Rank.of(CATALOG.model("meta-llama/Llama-3.1-8B"), ParallelLayout.SINGLE, 0, false, 64),
                WeightSchemes.BF16);
        LineItem unused = ledger.root();
        assertThat(unused.bytes()).isEqualTo(2 * MIB - 65 * 8_192);
        assertThat(unused.children())
                .singleElement()
                .satisfies(line -> assertThat(line.id()).isEqualTo("loading.shared_segments"));
    }
}
