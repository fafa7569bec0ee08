package io.llmsizing;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.attention.MultiHeadLatent;
import io.llmsizing.catalog.Catalog;
import io.llmsizing.engine.EngineProfile;
import io.llmsizing.engine.Engines;
import io.llmsizing.feedforward.MixtureOfExperts;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.model.Model;
import io.llmsizing.model.ParameterCount;
import io.llmsizing.model.TensorBlock;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.quantization.BlockFormat;
import io.llmsizing.quantization.CacheFormat;
import io.llmsizing.quantization.CacheFormats;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.quantization.WeightSchemes;
import io.llmsizing.tensor.WeightTensor;
import io.llmsizing.units.ByteSize;
import io.llmsizing.units.Ratio;
import io.llmsizing.units.SizeUnits;
import io.llmsizing.weights.WeightMemory;
import io.llmsizing.workload.Workload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Popular articles about DeepSeek V2, V3 and R1 give hardware advice. Each claim gets the library's verdict, and the
 * README shows the same table: the numbers there are those that come out here.
 */
class PublishedClaimsTest {
    /** The last version that has graphs within its share: beside it, cards of 24 GB may not have enough. */
    private static final EngineProfile ON_CARDS = Engines.vllm("0.24");

    private static final Catalog CATALOG = Catalog.bundled();
    private static final Model R1 = CATALOG.model("deepseek-ai/DeepSeek-R1");
    private static final WeightScheme BF16 = WeightSchemes.BF16;
    private static final WeightScheme INT8 = WeightSchemes.named("int8");
    private static final WeightScheme INT4 = WeightSchemes.named("int4-g128");
    private static final long FULL_CONTEXT = 131_072;

    private final List<String> rows = new ArrayList<>();

    @Test
    void theReadmeShowsWhatComesOut() throws Exception {
        rows.add("| # | what articles say | what comes out |");
        rows.add("|---|---|---|");
        claim1();
        claim2();
        claim3();
        claim4();
        claim5();
        claim6();
        claim7();
        claim8();
        claim9();
        claim10();
        claim11();
        claim12();
        assertThat(Files.readString(Path.of("README.md"))).contains(String.join("\n", rows));
    }

    private void row(int number, String claim, String format, Object... values) {
        rows.add("| " + number + " | " + claim + " | " + String.format(Locale.ROOT, format, values) + " |");
    }

    private void claim1() {
        ParameterCount count = CATALOG.model("deepseek-ai/DeepSeek-V3").parameters();
        assertThat(R1.parameters()).isEqualTo(count);
        assertThat(count.total()).isEqualTo(671_026_419_200L);
        assertThat(count.active()).isEqualTo(37_552_297_472L);
        assertThat(count.activeWithoutInputEmbedding()).isEqualTo(36_625_618_432L);
        assertThat(count.activeWithoutEmbeddings()).isEqualTo(35_698_939_392L);
        long scales = scaleElements(R1);
        long stored = count.total() + count.speculative() + count.speculativeCopies() + scales;
        assertThat(stored).isEqualTo(684_531_386_000L);
        row(
                1,
                "V3 and R1: 671B in total, 37B active; the Hub page says 685B",
                "%,d parameters; active %,d with both embeddings, %,d with one, %,d with none. The Hub's 685B adds the"
                        + " prediction block (%,d), its copies of embedding and head (%,d) and the FP8 scales (%,d):"
                        + " %,d",
                count.total(),
                count.active(),
                count.activeWithoutInputEmbedding(),
                count.activeWithoutEmbeddings(),
                count.speculative(),
                count.speculativeCopies(),
                scales,
                stored);
    }

    private static long scaleElements(Model model) {
        long scales = 0;
        for (TensorBlock block : model.blocks()) {
            for (WeightTensor tensor : block.tensors()) {
                List<BlockFormat.Part> parts =
                        model.weights().formatOf(block.name(), tensor).parts();
                for (BlockFormat.Part part : parts.subList(1, parts.size())) {
                    scales += block.count()
                            * tensor.count()
                            * part.rowTiles(tensor.rows())
                            * part.columnTiles(tensor.rows(), tensor.columns());
                }
            }
        }
        return scales;
    }

    private void claim2() {
        Verdict verdict = size(R1, R1.weights(), "H200", 8, Engines.vllm(), FULL_CONTEXT);
        assertThat(verdict).isInstanceOf(Verdict.Fits.class);
        row(
                2,
                "V3 and R1 run on eight H200",
                "yes under vLLM, in their own FP8 with 128K of context and %s to spare on each rank: %d sequences of 128K, or %d"
                        + " of 8K",
                display(verdict.headroom()),
                verdict.finding().maxSequences(),
                size(R1, R1.weights(), "H200", 8, Engines.vllm(), 8_192)
                        .finding()
                        .maxSequences());
    }

    private void claim3() {
        Verdict fp8 = size(R1, R1.weights(), "A100-80GB", 8, Engines.NONE, 8_192);
        Verdict bf16 = size(R1, BF16, "A100-80GB", 8, Engines.NONE, 8_192);
        Verdict int4 = size(R1, INT4, "A100-80GB", 8, Engines.vllm(), 8_192);
        assertThat(fp8).isInstanceOf(Verdict.DoesNotFit.class);
        assertThat(bf16).isInstanceOf(Verdict.DoesNotFit.class);
        assertThat(int4).isInstanceOf(Verdict.Fits.class);
        assertThat(fp8.finding().deployment().assumptions().toString()).contains("no fp8 arithmetic");
        row(
                3,
                "R1 in full runs on eight A100 of 80 GB",
                "not as published: by itself FP8 is %s short on each rank (and an A100 has no FP8 arithmetic), BF16 %s; in INT4"
                        + " it fits under vLLM with %s to spare",
                display(fp8.shortfall()),
                display(bf16.shortfall()),
                display(int4.headroom()));
    }

    private void claim4() {
        Verdict int4 = size(R1, INT4, "H100", 2, Engines.NONE, 8_192);
        assertThat(int4).isInstanceOf(Verdict.DoesNotFit.class);
        long cache = int4.finding().deployment().footprint().cacheBytes(0, 8_192, 1);
        long weights = 2 * (int4.finding().budget().bytes() - cache);
        Ratio bits = Ratio.of(8 * weights, R1.parameters().total());
        Ratio community = Ratio.of(8 * 131_000_000_000L, R1.parameters().total());
        assertThat(community.floorOf(1_000_000)).isBetween(1_500_000L, bits.floorOf(1_000_000));
        row(
                4,
                "R1 in full runs on two H100 of 80 GB",
                "not even in INT4 by itself: %s short on each rank. At most %s bits a weight fit with 8K of context; the 131 GB"
                        + " community files have %s",
                display(int4.shortfall()),
                bits.toDisplay(2),
                community.toDisplay(2));
    }

    private void claim5() {
        long int4 = WeightMemory.bytes(R1, INT4, false);
        long fp8 = WeightMemory.bytes(R1, R1.weights(), false);
        long bf16 = WeightMemory.bytes(R1, BF16, false);
        assertThat(fp8).isEqualTo(673_150_611_808L);
        assertThat(bf16).isGreaterThan(1_300_000_000_000L);
        row(
                5,
                "full R1 needs 350 GB quantised, 1 TB in native FP16",
                "INT4 %s, FP8 (the native format) %s, BF16 %s: the upper end is too low by a quarter",
                gigabytes(int4),
                gigabytes(fp8),
                gigabytes(bf16));
    }

    private void claim6() {
        String onCard = Stream.of("R1-Distill-Qwen-1.5B", "R1-Distill-Qwen-7B", "R1-Distill-Llama-8B")
                .map(name -> {
                    Verdict verdict = size(CATALOG.model(name), BF16, "RTX 3090", 1, ON_CARDS, 2_048);
                    assertThat(verdict).as(name).isInstanceOf(Verdict.Fits.class);
                    return String.format(
                            Locale.ROOT,
                            "%s with %,d tokens",
                            name.substring(name.lastIndexOf('-') + 1),
                            verdict.finding().maxContext());
                })
                .collect(Collectors.joining(", "));
        Model model14 = CATALOG.model("R1-Distill-Qwen-14B");
        Model model32 = CATALOG.model("R1-Distill-Qwen-32B");
        assertThat(size(model14, BF16, "RTX 3090", 1, Engines.NONE, 2_048)).isInstanceOf(Verdict.DoesNotFit.class);
        assertThat(size(model14, INT8, "RTX 3090", 1, ON_CARDS, 2_048)).isInstanceOf(Verdict.Fits.class);
        assertThat(size(model32, INT8, "RTX 3090", 1, Engines.NONE, 2_048)).isInstanceOf(Verdict.DoesNotFit.class);
        assertThat(size(model32, INT4, "RTX 3090", 1, Engines.NONE, 2_048)).isInstanceOf(Verdict.Fits.class);
        assertThat(onPhone("phone-8gb")).contains("1.5B in BF16");
        row(
                6,
                "the 1.5B to 7B distills run on a consumer card such as an RTX 3090, or on a phone",
                "BF16 under vLLM 0.24 on 24 GB (later ones leave little for graphs beside their share): %s; 14B needs INT8 (%,d tokens under vLLM), 32B INT4 (%,d). By itself, with 2K of"
                        + " context, on %s; on %s",
                onCard,
                size(model14, INT8, "RTX 3090", 1, ON_CARDS, 2_048).finding().maxContext(),
                size(model32, INT4, "RTX 3090", 1, ON_CARDS, 2_048).finding().maxContext(),
                onPhone("phone-8gb"),
                onPhone("phone-16gb"));
    }

    private static String onPhone(String id) {
        Accelerator phone = CATALOG.accelerator(id);
        return "a phone of " + phone.memory().marketing() + " ("
                + display(phone.memory().usable()) + " usable): "
                + Stream.of("R1-Distill-Qwen-1.5B", "R1-Distill-Qwen-7B", "R1-Distill-Llama-8B")
                        .map(name -> name.substring(name.lastIndexOf('-') + 1) + " "
                                + Stream.of(BF16, INT8, INT4)
                                        .filter(scheme -> size(CATALOG.model(name), scheme, id, 1, Engines.NONE, 2_048)
                                                instanceof Verdict.Fits)
                                        .findFirst()
                                        .map(scheme -> "in "
                                                + scheme.name().substring(0, 4).toUpperCase(Locale.ROOT))
                                        .orElse("not at all"))
                        .collect(Collectors.joining(", "));
    }

    private void claim7() {
        Model model = CATALOG.model("R1-Distill-Llama-70B");
        Verdict alone = size(model, BF16, "H200", 1, Engines.NONE, 8_192);
        Verdict served = size(model, BF16, "H200", 1, Engines.vllm(), 8_192);
        Verdict pair = size(model, BF16, "H100", 2, Engines.NONE, 8_192);
        Verdict cards = size(model, INT4, "RTX 3090", 2, Engines.NONE, 8_192);
        assertThat(alone).isInstanceOf(Verdict.Fits.class);
        assertThat(served).isInstanceOf(Verdict.DoesNotFit.class);
        assertThat(alone.finding().maxContext()).isGreaterThan(12_032);
        assertThat(pair).isInstanceOf(Verdict.Fits.class);
        assertThat(pair.finding().maxContext()).isGreaterThan(alone.finding().maxContext());
        assertThat(cards).isInstanceOf(Verdict.Fits.class);
        long pairServed =
                size(model, BF16, "H100", 2, Engines.vllm(), 8_192).finding().maxContext();
        long cardsServed =
                size(model, INT4, "RTX 3090", 2, ON_CARDS, 2_048).finding().maxContext();
        assertThat(pairServed).isBetween(8_192L, pair.finding().maxContext());
        row(
                7,
                "the 70B distill needs a multi-card server",
                "in BF16 by itself it leaves one H200 room for %,d tokens (measured with the transformers library, which"
                        + " needs memory of its own: 12,032), under vLLM it is %s short; two cards of 80 GB hold %,d tokens"
                        + " by themselves, %,d under vLLM; two RTX 3090 hold it in INT4 with %,d tokens, %,d under vLLM",
                alone.finding().maxContext(),
                display(served.shortfall()),
                pair.finding().maxContext(),
                pairServed,
                cards.finding().maxContext(),
                cardsServed);
    }

    private void claim8() {
        Model model = CATALOG.model("R1-Distill-Qwen-32B");
        Verdict bf16 = size(model, BF16, "RTX 3090", 1, Engines.NONE, 2_048);
        Verdict int4 = size(model, INT4, "RTX 3090", 1, Engines.NONE, 2_048);
        Verdict large = size(model, BF16, "H100", 1, Engines.vllm(), 8_192);
        assertThat(bf16).isInstanceOf(Verdict.DoesNotFit.class);
        assertThat(int4).isInstanceOf(Verdict.Fits.class);
        assertThat(large).isInstanceOf(Verdict.Fits.class);
        row(
                8,
                "the 32B distill runs on a single card",
                "in BF16 not on 24 GB (%s short even by itself), in INT4 yes with %,d tokens by itself and %,d under vLLM; in"
                        + " BF16 on 80 GB yes with %,d tokens under vLLM",
                display(bf16.shortfall()),
                int4.finding().maxContext(),
                size(model, INT4, "RTX 3090", 1, ON_CARDS, 2_048).finding().maxContext(),
                large.finding().maxContext());
    }

    private void claim9() {
        ParameterCount count = R1.parameters();
        long cut = rankWeights(ParallelLayout.tensor(8));
        long dealt = rankWeights(ParallelLayout.tensor(8).expert(8));
        long whole = WeightMemory.bytes(R1, R1.weights(), false);
        assertThat(cut).isGreaterThan(whole / 8);
        assertThat(dealt).isGreaterThan(whole / 8);
        row(
                9,
                "a mixture of experts lowers the memory that one device needs",
                "no: all %,d parameters stay resident, %s on each of 8 ranks with experts cut and %s with experts dealt"
                        + " out; the %,d active ones only lower compute and traffic",
                count.total(),
                display(ByteSize.ofBytes(cut)),
                display(ByteSize.ofBytes(dealt)),
                count.active());
    }

    private static long rankWeights(ParallelLayout layout) {
        Deployment deployment = Deployment.builder(R1, Cluster.of(CATALOG.accelerator("H200"), 8))
                .engine(Engines.NONE)
                .layout(layout)
                .build();
        return Sizing.explain(deployment).find("weights").orElseThrow().bytes();
    }

    private void claim10() {
        Model full = CATALOG.model("deepseek-ai/DeepSeek-V2");
        Model lite = CATALOG.model("deepseek-ai/DeepSeek-V2-Lite");
        assertThat(full.layers().groups().get(1).feedForward()).isInstanceOf(MixtureOfExperts.class);
        assertThat(full.layers().groups().get(1).attention()).isInstanceOf(MultiHeadLatent.class);
        assertThat(full.parameters().total()).isEqualTo(235_741_434_880L);
        assertThat(lite.parameters().total()).isEqualTo(15_706_484_224L);
        row(
                10,
                "V2 is a dense model for one card or the edge",
                "no: %,d parameters in a mixture of experts under latent attention, %,d active; V2-Lite has %,d",
                full.parameters().total(),
                full.parameters().activeWithoutInputEmbedding(),
                lite.parameters().total());
    }

    private void claim11() {
        MultiHeadLatent latent = (MultiHeadLatent) R1.layers().groups().get(0).attention();
        long layers = R1.layers().size();
        long cached = layers * latent.cacheRow(1).headBytes(CacheFormats.BF16);
        long ordinary = layers
                * latent.decompressed().cacheRow(1).heads()
                * latent.decompressed().cacheRow(1).headBytes(CacheFormats.BF16);
        assertThat(cached).isEqualTo(70_272);
        assertThat(latent.cacheRow(8)).isEqualTo(latent.cacheRow(1));
        assertThat(ordinary).isEqualTo(4_997_120);
        row(
                11,
                "latent attention shrinks the cache",
                "%,d B a token in BF16 against %,d B for ordinary attention with the same 128 heads, %s times less; but"
                        + " the latent does not divide: each tensor rank keeps all of it",
                cached,
                ordinary,
                Ratio.of(ordinary, cached).toDisplay(1));
    }

    private void claim12() {
        long bf16 = cacheBytes(CacheFormats.BF16);
        long fp8 = cacheBytes(CacheFormats.FP8_E4M3);
        assertThat(bf16).isEqualTo(FULL_CONTEXT * 70_272);
        assertThat(fp8 * 2).isEqualTo(bf16);
        row(
                12,
                "context 128K for V3 and R1",
                "one full sequence takes %,d B on every rank in BF16, %,d B in FP8",
                bf16,
                fp8);
    }

    private static long cacheBytes(CacheFormat format) {
        return Deployment.builder(R1, Cluster.of(CATALOG.accelerator("H200"), 8))
                .layout(ParallelLayout.tensor(8))
                .kvCache(format)
                .build()
                .footprint()
                .cacheBytes(0, FULL_CONTEXT, 1);
    }

    private static Verdict size(
            Model model, WeightScheme weights, String card, int count, EngineProfile engine, long tokens) {
        return Sizing.size(Deployment.builder(model, Cluster.of(CATALOG.accelerator(card), count))
                .weights(weights)
                .engine(engine)
                .workload(Workload.of(1, tokens))
                .build());
    }

    private static String display(ByteSize size) {
        return size.toDisplay(SizeUnits.GIB);
    }

    private static String gigabytes(long bytes) {
        return ByteSize.ofBytes(bytes).toDisplay(SizeUnits.GB);
    }
}
