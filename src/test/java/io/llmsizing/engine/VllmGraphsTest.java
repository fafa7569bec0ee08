package io.llmsizing.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.ledger.ItemizedLedger;
import io.llmsizing.ledger.LineItem;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.parallel.Rank;
import io.llmsizing.quantization.CacheFormats;
import io.llmsizing.quantization.WeightSchemes;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What graphs take goes by the number of captures, which goes by the sequences and by the version. */
class VllmGraphsTest {
    private static final Catalog CATALOG = Catalog.bundled();
    private static final long LLAMA_EACH = 2_631_720 + 32 * 210_537L;
    /** Half of the last printed digit. */
    private static final double PRINTED = 0.005;

    private static final double GIBI = 1L << 30;

    /** Captures as start logs count them: "35/35", "67/67", "PIECEWISE=35 (largest=256), FULL=19 (largest=128)". */
    @ParameterizedTest
    @CsvSource({
        "0.6, 256, 2048, 35",
        "0.8, 16, 2048, 67",
        "0.10, 16, 2048, 7",
        "0.10, 1024, 8192, 67",
        "0.11, 1024, 8192, 134",
        "0.11, 256, 2048, 102",
        "0.11, 128, 2048, 54",
        "0.13, 256, 2048, 86",
        "0.19, 1024, 8192, 102",
        "0.19, 8, 8192, 9",
        "0.26, 128, 2048, 54",
        "0.26, 16, 8192, 12",
        "0.26, 8, 8, 8",
        "0.26, 1, 1, 2"
    })
    void capturesAreThoseOfTheLogs(String version, long sequences, long batchedTokens, long captures) {
        assertThat(graphs(version, "llama-3.1-8b", ParallelLayout.SINGLE, batchedTokens, sequences)
                        .bytes())
                .isEqualTo(captures * LLAMA_EACH);
    }

    /** Start logs on NVIDIA's cards, GiB of "Graph capturing finished". */
    @ParameterizedTest
    @CsvSource({
        "0.19, codellama/CodeLlama-7b-hf, 1, 1, 8192, 1024, 0.89",
        "0.19, google/gemma-3-27b-it, 1, 1, 8192, 1024, 1.14",
        "0.19, llama-3.1-8b, 1, 1, 8192, 1024, 0.91",
        "0.19, llama-3.1-8b, 2, 1, 8192, 1024, 0.76",
        "0.19, llama-3.1-8b, 1, 2, 8192, 1024, 0.65",
        "0.19, Qwen/Qwen3-8B, 1, 1, 8192, 1024, 0.96",
        "0.18, Qwen/Qwen3-14B, 1, 1, 8192, 1024, 0.90",
        "0.13, Qwen/Qwen2.5-14B-Instruct, 1, 1, 2048, 256, 1.18",
        "0.11, llama-3.1-8b, 1, 1, 2048, 128, 0.38",
        "0.10, Qwen/Qwen3-32B, 8, 1, 8192, 1024, 1.17",
        "0.9, Qwen/Qwen2.5-1.5B-Instruct, 1, 1, 8192, 256, 0.47",
        "0.22, Qwen/Qwen2.5-VL-7B-Instruct, 1, 1, 8192, 2, 0.03",
        "0.26, Qwen/Qwen3-30B-A3B, 1, 1, 2048, 16, 0.11",
        "0.22, Qwen/Qwen3-30B-A3B, 1, 1, 8192, 64, 0.22",
        "0.19, Qwen/Qwen3-30B-A3B, 1, 1, 8192, 1024, 1.41",
        "0.19, Qwen/Qwen1.5-MoE-A2.7B, 1, 1, 8192, 1024, 1.10",
        "0.19, mistralai/Mixtral-8x7B-Instruct-v0.1, 2, 1, 8192, 1024, 0.93",
        "0.19, moonshotai/Kimi-VL-A3B-Instruct, 2, 1, 8192, 1024, 1.26",
        "0.19, openai/gpt-oss-20b, 2, 1, 8192, 1024, 1.55"
    })
    void logsLieInsideTheBand(
            String version, String model, int tensor, int pipeline, long batchedTokens, long sequences, double log) {
        LineItem graphs =
                graphs(version, model, ParallelLayout.tensor(tensor).pipeline(pipeline), batchedTokens, sequences);
        assertThat(log).isBetween(graphs.low() / GIBI - PRINTED, graphs.high() / GIBI + PRINTED);
    }

    @Test
    void aDraftedTokenDoublesTheSizesOfASequence() {
        assertThat(graphs(serving("llama-3.1-8b", ParallelLayout.SINGLE, 8_192, 64, 1), "0.26")
                        .bytes())
                .isEqualTo(graphs("0.26", "llama-3.1-8b", ParallelLayout.SINGLE, 8_192, 128)
                        .bytes());
    }

    /** Far beyond the largest size nothing grows, and nothing overflows. */
    @Test
    void moreSequencesThanTheLargestSizeCaptureNoMore() {
        assertThat(graphs("0.26", "llama-3.1-8b", ParallelLayout.SINGLE, 1L << 40, 1L << 40)
                        .bytes())
                .isEqualTo(102 * LLAMA_EACH);
    }

    private static LineItem graphs(
            String version, String model, ParallelLayout layout, long batchedTokens, long sequences) {
        return graphs(serving(model, layout, batchedTokens, sequences, 0), version);
    }

    private static LineItem graphs(Serving serving, String version) {
        ItemizedLedger within = new ItemizedLedger("rank");
        Engines.vllm(version).accountFixed(within, serving);
        ItemizedLedger beside = new ItemizedLedger("outside");
        Engines.vllm(version).accountOutside(beside, serving);
        return within.root()
                .find("graphs")
                .or(() -> beside.root().find("graphs"))
                .orElseThrow();
    }

    private static Serving serving(
            String model, ParallelLayout layout, long batchedTokens, long sequences, long drafted) {
        Rank rank = Rank.of(CATALOG.model(model), layout, 0, false, 64);
        return new Serving(
                rank,
                rank,
                WeightSchemes.BF16,
                CacheFormats.BF16,
                batchedTokens,
                sequences,
                false,
                Serving.Side.DEVICE,
                Optional.empty(),
                drafted);
    }
}
