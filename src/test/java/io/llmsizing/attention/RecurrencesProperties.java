package io.llmsizing.attention;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.attention.LinearAttentions.Projections;
import io.llmsizing.attention.StateSpaces.Part;
import io.llmsizing.feedforward.NoFeedForward;
import io.llmsizing.kvcache.CachePaging;
import io.llmsizing.kvcache.KvCacheMemory;
import io.llmsizing.ledger.TotalLedger;
import io.llmsizing.model.Embedding;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.LayerStack;
import io.llmsizing.model.Model;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.parallel.Rank;
import io.llmsizing.quantization.CacheFormats;
import io.llmsizing.tensor.ShardRule;
import io.llmsizing.tensor.WeightTensor;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCases;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

class RecurrencesProperties {
    /** Every maker, with sizes that eight ranks divide. */
    @Provide
    Arbitrary<Recurrent> mixers() {
        Arbitrary<Long> heads = Arbitraries.longs().between(1, 8).map(n -> 8 * n);
        Arbitrary<Long> widths = Arbitraries.longs().between(1, 16).map(n -> 8 * n);
        Arbitrary<Long> taps = Arbitraries.longs().between(2, 5);
        Arbitrary<Set<Part>> parts = Arbitraries.of(Part.class).set();
        return Combinators.combine(Arbitraries.integers().between(0, 9), heads, widths, taps, parts)
                .as((kind, n, width, kernel, with) -> mixer(kind, n, width, kernel, with))
                .edgeCases(EdgeCases.Config::none);
    }

    private static Recurrent mixer(int kind, long heads, long width, long taps, Set<Part> parts) {
        long hidden = 64;
        return switch (kind) {
            case 0 -> StateSpaces.mamba(hidden, heads * width, 16, taps, 8, parts);
            case 1 -> StateSpaces.mamba2(hidden, heads, width, 8, 16, taps, parts);
            case 2 -> StateSpaces.gatedLinearRecurrence(hidden, heads * width, heads, taps);
            case 3 -> StateSpaces.shortConvolution(hidden, taps, parts.contains(Part.INPUT_BIAS));
            case 4 -> LinearAttentions.gatedDelta(hidden, 8, heads, width, width, taps, Projections.FOUR);
            case 5 -> LinearAttentions.kimiDelta(hidden, heads, width, taps, width, 0);
            case 6 -> LinearAttentions.lightning(hidden, heads, width, 4);
            case 7 ->
                LinearAttentions.matrixMemory(
                        hidden, heads, heads * width, heads * width, parts.contains(Part.INPUT_BIAS));
            case 8 -> TimeMixings.fourth(hidden, heads * width);
            default -> TimeMixings.sixth(hidden, heads * width, width, 4, 8);
        };
    }

    private static long cacheBytes(Recurrent mixer, long tokens) {
        Model model = Model.builder(
                        "m",
                        64,
                        new Embedding(64, true),
                        LayerStack.of(new LayerGroup(3, mixer, new NoFeedForward(), 1)),
                        1L << 40)
                .build();
        TotalLedger total = new TotalLedger();
        Rank rank = Rank.of(model, ParallelLayout.SINGLE, 0, false, 1);
        KvCacheMemory.account(total, rank, CacheFormats.BF16, CachePaging.NONE, 1, tokens);
        return total.bytes();
    }

    @Property
    void statesNeverDependOnTheTokens(
            @ForAll("mixers") Recurrent mixer, @ForAll @LongRange(min = 0, max = 1L << 40) long tokens) {
        long state = mixer.states().stream()
                .mapToLong(kept -> kept.channels() * kept.columns() * kept.elementBytes())
                .sum();
        assertThat(cacheBytes(mixer, tokens)).isEqualTo(3 * state).isPositive();
    }

    @Property
    void whatIsCutAddsUpOverTheRanks(
            @ForAll("mixers") Recurrent mixer, @ForAll @LongRange(min = 0, max = 3) long doublings) {
        long ranks = 1L << doublings;
        for (WeightTensor tensor : mixer.tensors(64)) {
            long onRank = tensor.shardRule().rowsOnRank(tensor.rows(), ranks)
                    * tensor.shardRule().columnsOnRank(tensor.columns(), ranks);
            boolean whole = tensor.shardRule().equals(ShardRule.REPLICATED);
            assertThat(whole ? onRank : onRank * ranks)
                    .as(tensor.name())
                    .isGreaterThanOrEqualTo(tensor.rows() * tensor.columns());
        }
        for (RecurrentState state : mixer.states()) {
            boolean whole = state.granule() == state.channels();
            assertThat(whole ? state.channelsOnRank(ranks) : state.channelsOnRank(ranks) * ranks)
                    .as(state.name())
                    .isEqualTo(state.channels());
        }
    }

    @Property
    void anyNumberOfRanksHoldsEveryChannel(
            @ForAll @LongRange(min = 1, max = 64) long granules,
            @ForAll @LongRange(min = 1, max = 512) long together,
            @ForAll @LongRange(min = 1, max = 256) long ranks) {
        RecurrentState state =
                RecurrentState.convolution(granules * together, 4).inGranulesOf(together);
        long onRank = state.channelsOnRank(ranks);
        assertThat(onRank % together).isZero();
        assertThat(onRank).isBetween(together, state.channels());
        assertThat(onRank * ranks).isGreaterThanOrEqualTo(state.channels());
    }

    @Property
    void everyTokenUsesEveryTensor(@ForAll("mixers") Recurrent mixer) {
        assertThat(mixer.tensors(64)).allMatch(tensor -> tensor.activeElements() == tensor.elements());
    }

    @Property
    void kimiDeltaHasTheElementsOfItsFormula(
            @ForAll @LongRange(min = 1, max = 96) long heads,
            @ForAll @LongRange(min = 1, max = 256) long width,
            @ForAll @LongRange(min = 1, max = 8) long taps,
            @ForAll @LongRange(min = 1, max = 8_192) long hidden) {
        long all = heads * width;
        long expected = 4 * hidden * all + hidden * width + hidden * heads + width * all + all;
        expected += 3 * all * taps + heads + width + all * hidden;
        assertThat(elements(LinearAttentions.kimiDelta(hidden, heads, width, taps, width, 0)))
                .isEqualTo(expected);
    }

    @Property
    void mambaTwoHasTheElementsOfItsFormula(
            @ForAll @LongRange(min = 1, max = 128) long heads,
            @ForAll @LongRange(min = 1, max = 128) long width,
            @ForAll @LongRange(min = 1, max = 8) long groups,
            @ForAll @LongRange(min = 1, max = 256) long state,
            @ForAll @LongRange(min = 1, max = 8_192) long hidden) {
        long inner = heads * width;
        long convolved = inner + 2 * groups * state;
        long expected = hidden * (inner + convolved + heads) + 4 * convolved + convolved + 3 * heads + inner;
        expected += inner * hidden;
        assertThat(elements(StateSpaces.mamba2(
                        hidden, heads, width, groups, state, 4, Set.of(Part.CONVOLUTION_BIAS, Part.NORMS))))
                .isEqualTo(expected);
    }

    private static long elements(Recurrent mixer) {
        List<WeightTensor> tensors = mixer.tensors(1);
        return tensors.stream().mapToLong(WeightTensor::elements).sum();
    }
}
