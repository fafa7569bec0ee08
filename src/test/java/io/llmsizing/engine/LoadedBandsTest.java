package io.llmsizing.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.document.Bundled;
import io.llmsizing.document.CsvTable.Row;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.ledger.ItemizedLedger;
import io.llmsizing.ledger.LineItem;
import io.llmsizing.ledger.TotalLedger;
import io.llmsizing.model.Model;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.parallel.Rank;
import io.llmsizing.quantization.CacheFormats;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.units.Exact;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoadedBandsTest {
    private static final Catalog CATALOG = Catalog.bundled();

    @ParameterizedTest
    @CsvSource({
        "meta-llama/Llama-3.1-8B, bf16, PLAIN",
        "meta-llama/Llama-3.1-8B, fp8, PLAIN",
        "meta-llama/Llama-3.1-8B, awq, PACKED",
        "meta-llama/Llama-3.1-8B, gptq, PACKED",
        "deepseek-ai/DeepSeek-R1, '', PLAIN",
        "Qwen/Qwen3-30B-A3B, awq, PACKED",
        "openai/gpt-oss-20b, '', PADDED_MXFP4_EXPERTS",
        "deepseek-ai/DeepSeek-V4-Pro, '', MXFP4_EXPERTS",
        "openai/gpt-oss-20b, bf16, PLAIN",
    })
    void howWeightsAreStoredDecides(String id, String weights, LoadedKind expected) {
        Model model = CATALOG.model(id);
        WeightScheme scheme = weights.isEmpty() ? model.weights() : model.weightsNamed(weights);
        assertThat(LoadedKind.of(model, scheme)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "H100-SXM, PLAIN",
        "RTX 4090, PLAIN",
        "GB10, UNIFIED_MEMORY",
        "Jetson Thor, UNIFIED_MEMORY",
        "MI300X, OTHER_VENDOR",
        "MI300A, OTHER_VENDOR",
        "910C, OTHER_VENDOR",
    })
    void theDeviceDecidesToo(String name, LoadedKind expected) {
        assertThat(LoadedKind.of(CATALOG.accelerator(name))).isEqualTo(expected);
    }

    @Test
    void sharesAreOfWhatIsStoredAndBytesOfTheDevice() {
        assertThat(LoadedKind.values())
                .filteredOn(LoadedKind::isShare)
                .hasSize(4)
                .doesNotContain(LoadedKind.OTHER_VENDOR);
    }

    private static LineItem explained(EngineProfile engine, String model, Optional<Accelerator> device) {
        Model served = CATALOG.model(model);
        Rank rank = Rank.of(served, ParallelLayout.SINGLE, 0, false, 64);
        ItemizedLedger ledger = new ItemizedLedger("rank");
        engine.accountFixed(
                ledger,
                new Serving(
                        rank,
                        rank,
                        served.weights(),
                        CacheFormats.BF16,
                        8_192,
                        256,
                        true,
                        Serving.Side.DEVICE,
                        device));
        return ledger.root();
    }

    private static Row row(String engine, String since, String kind) {
        return Bundled.rows(LoadedBands.class, LoadedBands.FILE, LoadedBands.COLUMNS).stream()
                .filter(row -> row.text("engine").equals(engine)
                        && row.text("since").equals(since)
                        && row.text("kind").equals(kind))
                .findFirst()
                .orElseThrow();
    }

    private static long end(Row row, String column) {
        return row.whole(column, -(1L << 50), 1L << 50);
    }

    /** Llama-3.1-8B loads 16,094,076,928 B; the ends are that share of it, rounded outward. */
    @ParameterizedTest
    @CsvSource({"0.7, 0.6", "0.8, 0.8", "0.26, 0.8"})
    void theDoubtIsTheShareOfItsVersion(String version, String since) {
        long loaded = 16_094_076_928L;
        Row row = row("vllm", since, "plain");
        LineItem root = explained(Engines.vllm(version), "meta-llama/Llama-3.1-8B", Optional.empty());
        LineItem doubt = root.find("loading.doubt").orElseThrow();
        assertThat(doubt.bytes()).isZero();
        assertThat(doubt.low()).isEqualTo(Math.floorDiv(loaded * end(row, "low"), 1_000_000) - loaded);
        assertThat(doubt.high()).isEqualTo(Exact.ceilDiv(loaded * (end(row, "high") - 1_000_000), 1_000_000));
        assertThat(doubt.source())
                .isEqualTo("loaded weights of " + row.text("rows") + " observed setups, vllm since " + since);
        assertThat(root.find("weights").orElseThrow().bytes()
                        + root.find("loading").orElseThrow().bytes())
                .isEqualTo(loaded);
    }

    @ParameterizedTest
    @CsvSource({"vllm, 0.8, GB10, unified_memory", "sglang, 0.4, MI300X, other_vendor"})
    void aDeviceAddsBytes(String engine, String since, String device, String kind) {
        Row row = row(engine, since, kind);
        List<LineItem> doubts = explained(
                        Engines.named(engine, ""), "meta-llama/Llama-3.1-8B", Optional.of(CATALOG.accelerator(device)))
                .find("loading")
                .orElseThrow()
                .children()
                .stream()
                .filter(line -> line.id().equals("loading.doubt"))
                .toList();
        assertThat(doubts).hasSize(2);
        assertThat(doubts.get(0).title()).isEqualTo("what loading may differ by, plain");
        assertThat(doubts.get(1).title()).isEqualTo("what loading may differ by, " + kind.replace('_', ' '));
        assertThat(doubts.get(1).low()).isEqualTo(end(row, "low"));
        assertThat(doubts.get(1).high()).isEqualTo(end(row, "high"));
    }

    @Test
    void everyEngineThatHasRowsDoubtsAndOthersDoNot() {
        for (String engine : List.of("vllm", "sglang", "tensorrt-llm", "transformers")) {
            assertThat(explained(Engines.named(engine, ""), "meta-llama/Llama-3.1-8B", Optional.empty())
                            .find("loading.doubt"))
                    .as(engine)
                    .isPresent();
        }
        assertThat(explained(Engines.NONE, "meta-llama/Llama-3.1-8B", Optional.empty())
                        .find("loading.doubt"))
                .isEmpty();
    }

    /** What stands in a ledger before is not doubted. */
    @Test
    void aLedgerThatHoldsMoreDoubtsNoMore() {
        Model served = CATALOG.model("meta-llama/Llama-3.1-8B");
        Serving serving = new Serving(
                Rank.of(served, ParallelLayout.SINGLE, 0, false, 64),
                served.weights(),
                CacheFormats.BF16,
                8_192,
                256,
                true);
        for (EngineProfile engine :
                List.of(Engines.vllm(), Engines.sglang(), Engines.tensorRtLlm(), Engines.transformers())) {
            TotalLedger once = new TotalLedger();
            engine.accountFixed(once, serving);
            TotalLedger twice = new TotalLedger();
            engine.accountFixed(twice, serving);
            engine.accountFixed(twice, serving);
            assertThat(twice.low()).isEqualTo(2 * once.low());
            assertThat(twice.high()).isEqualTo(2 * once.high());
        }
    }
}
