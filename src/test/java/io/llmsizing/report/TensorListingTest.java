package io.llmsizing.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.ledger.TotalLedger;
import io.llmsizing.model.Model;
import io.llmsizing.model.TensorBlock.Part;
import io.llmsizing.parallel.LayoutRules;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.parallel.Rank;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.quantization.WeightSchemes;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.weights.WeightMemory;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TensorListingTest {
    private static final Catalog CATALOG = Catalog.bundled();

    private static boolean isResident(Part part) {
        return part != Part.SPECULATIVE && part != Part.SPECULATIVE_COPIES;
    }

    private static boolean isLoaded(Part part) {
        return part != Part.SPECULATIVE_COPIES;
    }

    @ParameterizedTest
    @CsvSource({
        "llama-3.1-8b, own, 1, 1, 1, false",
        "llama-3.1-8b, awq, 4, 2, 1, false",
        "qwen3-0.6b, bf16, 2, 4, 1, false",
        "mixtral-8x7b, int4, 2, 3, 2, true",
        "deepseek-r1, own, 8, 1, 1, false",
        "deepseek-r1, own, 4, 4, 2, true",
        "deepseek-r1, int8, 16, 2, 1, true",
        "deepseek-vl2, own, 1, 2, 1, false"
    })
    void itsBytesAreTheLedgers(String name, String scheme, int tensor, int pipeline, int data, boolean expert) {
        Model model = CATALOG.model(name);
        WeightScheme weights = scheme.equals("own") ? model.weights() : WeightSchemes.named(scheme);
        ParallelLayout layout = new ParallelLayout(tensor, pipeline, data, expert);
        assertThat(LayoutRules.violation(model, weights, layout)).isEmpty();
        TensorListing listing = TensorListing.of(model, weights, layout);
        assertThat(listing.bytes(TensorListingTest::isResident)).isEqualTo(WeightMemory.bytes(model, weights, false));
        assertThat(listing.bytes(TensorListingTest::isLoaded)).isEqualTo(WeightMemory.bytes(model, weights, true));
        assertThat(listing.bytes(part -> true)).isEqualTo(WeightMemory.checkpointBytes(model, weights));
        int stage = listing.rank().stage();
        assertThat(listing.rankBytes(TensorListingTest::isResident))
                .isEqualTo(posted(model, weights, layout, stage, false));
        assertThat(listing.rankBytes(part -> true)).isEqualTo(posted(model, weights, layout, stage, true));
        for (int other = 0; other < pipeline; other++) {
            assertThat(posted(model, weights, layout, other, false))
                    .isLessThanOrEqualTo(listing.rankBytes(TensorListingTest::isResident));
        }
    }

    private static long posted(
            Model model, WeightScheme weights, ParallelLayout layout, int stage, boolean speculative) {
        TotalLedger total = new TotalLedger();
        WeightMemory.account(total, Rank.of(model, layout, stage, speculative, 1), weights);
        return total.bytes();
    }

    @Test
    void everyTensorOfEveryModelIsListedAndItsElementsAreTheParameters() {
        for (String id : CATALOG.modelIds()) {
            Model model = CATALOG.model(id);
            TensorListing listing = TensorListing.of(model, model.weights(), ParallelLayout.SINGLE);
            assertThat(elements(listing, Part.VISION))
                    .as(id)
                    .isEqualTo(model.parameters().vision());
            assertThat(elements(listing, Part.SPECULATIVE))
                    .as(id)
                    .isEqualTo(model.parameters().speculative());
            assertThat(elements(listing, Part.values())).as(id).isEqualTo(all(model));
            assertThat(listing.rankBytes(TensorListingTest::isLoaded))
                    .as(id)
                    .isEqualTo(listing.bytes(TensorListingTest::isLoaded));
        }
    }

    private static long elements(TensorListing listing, Part... parts) {
        return listing.rows().stream()
                .filter(row -> row.tensor().role() != TensorRole.ROUTING_TABLE)
                .filter(row -> List.of(parts).contains(row.block().part()))
                .mapToLong(
                        row -> row.count() * row.tensor().rows() * row.tensor().columns())
                .sum();
    }

    private static long all(Model model) {
        return model.parameters().total()
                + model.parameters().vision()
                + model.parameters().speculative()
                + model.parameters().speculativeCopies();
    }

    @Test
    void theMachineReadableFormHasTheSameSums() {
        Model model = CATALOG.model("deepseek-r1");
        Map<String, Object> json =
                TensorReport.json(TensorListing.of(model, model.weights(), ParallelLayout.tensor(8)));
        assertThat(json)
                .containsEntry("bytes", 673_150_611_808L)
                .containsEntry("checkpoint_bytes", 688_574_839_360L)
                .containsEntry("rank_bytes", 85_140_130_848L)
                .containsEntry("stage", 0)
                .containsEntry("weights", "fp8-block-128");
    }
}
