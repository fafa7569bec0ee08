package io.llmsizing.attention;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.quantization.CacheFormats;
import io.llmsizing.tensor.WeightTensor;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCases;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

class AttentionProperties {
    @Provide
    Arbitrary<GroupedQuery> grouped() {
        Arbitrary<Long> widths = Arbitraries.longs().between(1, 512);
        return Combinators.combine(
                        Arbitraries.longs().between(1, 64),
                        Arbitraries.longs().between(1, 16),
                        widths,
                        widths,
                        Arbitraries.of(true, false),
                        Arbitraries.of(true, false),
                        Arbitraries.of(QueryKeyNorm.class))
                .as((keyValueHeads, group, keyWidth, valueWidth, inputBias, outputBias, norm) -> new GroupedQuery(
                        keyValueHeads * group, keyValueHeads, keyWidth, valueWidth, inputBias, outputBias, norm))
                .edgeCases(EdgeCases.Config::none);
    }

    @Provide
    Arbitrary<MultiHeadLatent> latents() {
        Arbitrary<Long> widths = Arbitraries.longs().between(1, 2048);
        return Combinators.combine(
                        Arbitraries.longs().between(1, 256),
                        Arbitraries.longs().between(0, 2048),
                        widths,
                        widths,
                        widths,
                        widths)
                .as(MultiHeadLatent::new)
                .edgeCases(EdgeCases.Config::none);
    }

    private static long elements(List<WeightTensor> tensors) {
        return tensors.stream().mapToLong(WeightTensor::elements).sum();
    }

    @Property
    void groupedQueryHasTheElementsOfItsFormula(
            @ForAll("grouped") GroupedQuery a, @ForAll @LongRange(min = 1, max = 1 << 16) long hidden) {
        long queries = a.heads() * a.keyWidth();
        long keys = a.keyValueHeads() * a.keyWidth();
        long values = a.keyValueHeads() * a.valueWidth();
        long expected = hidden * (queries + keys + values) + a.heads() * a.valueWidth() * hidden;
        expected += a.inputBias() ? queries + keys + values : 0;
        expected += a.outputBias() ? hidden : 0;
        expected += switch (a.norm()) {
            case NONE -> 0;
            case PER_HEAD -> 2 * a.keyWidth();
            case FULL_WIDTH -> queries + keys;
        };
        assertThat(elements(a.tensors(hidden))).isEqualTo(expected);
    }

    @Property
    void latentAttentionHasTheElementsOfItsFormula(
            @ForAll("latents") MultiHeadLatent a, @ForAll @LongRange(min = 1, max = 1 << 16) long hidden) {
        long queries = a.heads() * (a.plainWidth() + a.rotaryWidth());
        long expected = a.queryRank() == 0
                ? hidden * queries
                : hidden * a.queryRank() + a.queryRank() + a.queryRank() * queries;
        expected += hidden * (a.latentRank() + a.rotaryWidth()) + a.latentRank();
        expected += a.latentRank() * a.heads() * (a.plainWidth() + a.valueWidth());
        expected += a.heads() * a.valueWidth() * hidden;
        assertThat(elements(a.tensors(hidden))).isEqualTo(expected);
    }

    @Property
    void everyTokenUsesEveryTensorOfAnAttention(
            @ForAll("grouped") GroupedQuery grouped,
            @ForAll("latents") MultiHeadLatent latent,
            @ForAll @LongRange(min = 1, max = 1 << 16) long hidden) {
        assertThat(grouped.tensors(hidden)).allMatch(tensor -> tensor.activeElements() == tensor.elements());
        assertThat(latent.tensors(hidden)).allMatch(tensor -> tensor.activeElements() == tensor.elements());
    }

    @Property
    void theRanksTogetherCacheEveryHeadAndEachAtLeastOne(
            @ForAll("grouped") GroupedQuery a, @ForAll @LongRange(min = 1, max = 1024) long ranks) {
        long onRank = a.cacheRow(ranks).heads();
        assertThat(onRank).isBetween(1L, a.keyValueHeads());
        assertThat(onRank * ranks).isGreaterThanOrEqualTo(a.keyValueHeads());
        assertThat((onRank - 1) * ranks).isLessThan(a.keyValueHeads());
    }

    @Property
    void twiceTheRanksHalveTheCachedHeadsUntilOneIsLeft(
            @ForAll("grouped") GroupedQuery a, @ForAll @LongRange(min = 1, max = 512) long ranks) {
        long onRank = a.cacheRow(ranks).heads();
        assertThat(a.cacheRow(2 * ranks).heads()).isEqualTo((onRank + 1) / 2);
    }

    @Property
    void aLatentIsCachedTheSameOnAnyNumberOfRanks(
            @ForAll("latents") MultiHeadLatent a, @ForAll @LongRange(min = 1, max = 1024) long ranks) {
        assertThat(a.cacheRow(ranks)).isEqualTo(a.cacheRow(1));
        assertThat(a.cacheRow(ranks).headBytes(CacheFormats.INT8)).isEqualTo(a.latentRank() + a.rotaryWidth());
    }

    @Property
    void decompressedHeadsAreAsManyAsTheQueries(@ForAll("latents") MultiHeadLatent a) {
        GroupedQuery ordinary = a.decompressed();
        assertThat(ordinary.heads()).isEqualTo(a.heads());
        assertThat(ordinary.keyValueHeads()).isEqualTo(a.heads());
        assertThat(ordinary.cacheRow(1).headBytes(CacheFormats.INT8))
                .isEqualTo(a.plainWidth() + a.rotaryWidth() + a.valueWidth());
    }
}
