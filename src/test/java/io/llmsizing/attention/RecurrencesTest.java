package io.llmsizing.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.llmsizing.attention.LinearAttentions.Projections;
import io.llmsizing.attention.StateSpaces.Part;
import io.llmsizing.tensor.WeightTensor;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class RecurrencesTest {
    private static final Recurrent NEMOTRON_NANO =
            StateSpaces.mamba2(2_688, 64, 64, 8, 128, 4, Set.of(Part.CONVOLUTION_BIAS, Part.NORMS));

    /** Elements of one layer as the transformers library builds it, or as the named page states them. */
    static Stream<Arguments> elements() {
        return Stream.of(
                arguments(
                        "Jamba-1.5-Mini",
                        StateSpaces.mamba(4_096, 8_192, 16, 4, 256, Set.of(Part.CONVOLUTION_BIAS, Part.NORMS)),
                        105_308_448L),
                arguments(
                        "Falcon-Mamba-7B",
                        StateSpaces.mamba(4_096, 8_192, 16, 4, 256, Set.of(Part.CONVOLUTION_BIAS)),
                        105_308_160L),
                arguments("Nemotron-3-Nano", NEMOTRON_NANO, 38_742_208L),
                arguments("RecurrentGemma-2B", StateSpaces.gatedLinearRecurrence(2_560, 2_560, 10, 4), 20_999_680L),
                arguments("LFM2-1.2B", StateSpaces.shortConvolution(2_048, 3, false), 16_783_360L),
                arguments(
                        "Qwen3-Next",
                        LinearAttentions.gatedDelta(2_048, 16, 32, 128, 128, 4, Projections.TWO),
                        33_718_464L),
                arguments(
                        "Olmo-Hybrid-7B",
                        LinearAttentions.gatedDelta(3_840, 30, 30, 96, 192, 4, Projections.SIX),
                        88_750_332L),
                arguments("Kimi-Linear", LinearAttentions.kimiDelta(2_304, 32, 128, 4, 128, 128), 39_514_272L),
                arguments("Kimi-K3", LinearAttentions.kimiDelta(7_168, 96, 128, 4, 128, 0), 443_740_384L),
                arguments("MiniMax-Text-01", LinearAttentions.lightning(6_144, 64, 128, 4), 251_666_432L),
                arguments("Ling-2.6", LinearAttentions.lightning(8_192, 64, 128, true, false, false), 335_552_768L),
                arguments("xLSTM-7B", LinearAttentions.matrixMemory(4_096, 8, 2_048, 4_096, false), 67_178_512L),
                arguments("RWKV-4-169M", TimeMixings.fourth(768, 768), 2_363_136L),
                arguments("RWKV-5-3B", TimeMixings.fifth(2_560, 2_560, 64), 32_788_480L));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("elements")
    void aLayerHasTheElementsOfTheBuiltOne(String model, Recurrent mixer, long elements) {
        assertThat(mixer.tensors(1).stream().mapToLong(WeightTensor::elements).sum())
                .isEqualTo(elements);
    }

    /** Bytes of one sequence's state in one layer: whole kernels, recurrences in FP32. */
    static Stream<Arguments> states() {
        return Stream.of(
                arguments("Nemotron-3-Nano", NEMOTRON_NANO, List.of(32_768L, 16_384L, 2_097_152L)),
                arguments(
                        "Jamba-1.5-Mini",
                        StateSpaces.mamba(4_096, 8_192, 16, 4, 256, Set.of()),
                        List.of(65_536L, 524_288L)),
                arguments(
                        "Qwen3.5-35B",
                        LinearAttentions.gatedDelta(2_048, 16, 32, 128, 128, 4, Projections.FOUR),
                        List.of(65_536L, 2_097_152L)),
                arguments(
                        "Kimi-K3",
                        LinearAttentions.kimiDelta(7_168, 96, 128, 4, 128, 0),
                        List.of(294_912L, 6_291_456L)),
                arguments("LFM2-1.2B", StateSpaces.shortConvolution(2_048, 3, false), List.of(12_288L)),
                arguments("MiniMax-Text-01", LinearAttentions.lightning(6_144, 64, 128, 4), List.of(4_194_304L)),
                arguments("MiniMax-Text-01-hf", LinearAttentions.lightning(6_144, 64, 128, 2), List.of(2_097_152L)),
                arguments(
                        "xLSTM-7B",
                        LinearAttentions.matrixMemory(4_096, 8, 2_048, 4_096, false),
                        List.of(4_194_304L, 8_192L, 32L)),
                arguments(
                        "RecurrentGemma-2B",
                        StateSpaces.gatedLinearRecurrence(2_560, 2_560, 10, 4),
                        List.of(20_480L, 10_240L)),
                arguments("RWKV-4-169M", TimeMixings.fourth(768, 768), List.of(1_536L, 9_216L, 1_536L)),
                arguments(
                        "RWKV-7-1.5B",
                        TimeMixings.seventh(2_048, 64, 96, 96, 256, 64),
                        List.of(4_096L, 524_288L, 4_096L)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("states")
    void aSequenceKeepsTheStatedBytes(String model, Recurrent mixer, List<Long> bytes) {
        assertThat(mixer.states().stream().map(state -> state.channels() * state.columns() * state.elementBytes()))
                .containsExactlyElementsOf(bytes);
        assertThat(mixer.cacheRows(1)).isEmpty();
        assertThat(mixer.keyValueHeads()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Projections.class)
    void projectionsMayStandTogetherOrApart(Projections projections) {
        assertThat(LinearAttentions.gatedDelta(2_048, 16, 32, 128, 128, 4, projections).tensors(1).stream()
                        .mapToLong(WeightTensor::elements)
                        .sum())
                .isEqualTo(33_718_464L);
    }

    @Test
    void mambaTwoCopiesItsGroupsWhereTheyAreFewerThanTheRanks() {
        Recurrent one = StateSpaces.mamba2(2_048, 64, 64, 1, 128, 4, Set.of());
        assertThat(one.states().get(0).channelsOnRank(8)).isEqualTo(512);
        assertThat(one.states().get(1).channelsOnRank(8)).isEqualTo(256);
        assertThat(NEMOTRON_NANO.states().get(1).channels()).isEqualTo(2_048);
        assertThat(NEMOTRON_NANO.states().get(1).channelsOnRank(8)).isEqualTo(256);
        assertThat(NEMOTRON_NANO.states().get(1).channelsOnRank(16)).isEqualTo(256);
    }

    @Test
    void aTokenShiftStandsOnEveryRank() {
        assertThat(RecurrentState.shift(2_560).channelsOnRank(8)).isEqualTo(2_560);
    }

    @Test
    void biasesAreSaidApart() {
        Set<String> plain = names(StateSpaces.mamba2(64, 4, 16, 1, 16, 4, Set.of()));
        assertThat(plain).noneMatch(name -> name.endsWith(".bias"));
        assertThat(names(StateSpaces.mamba2(64, 4, 16, 1, 16, 4, Set.of(Part.OUTPUT_BIAS))))
                .contains("mamba.out_proj.bias")
                .doesNotContain("mamba.in_proj.bias", "mamba.conv1d.bias");
        assertThat(names(StateSpaces.mamba(64, 128, 16, 4, 4, Set.of(Part.INPUT_BIAS))))
                .contains("mamba.in_proj.bias")
                .doesNotContain("mamba.out_proj.bias");
        assertThat(names(LinearAttentions.matrixMemory(64, 2, 32, 64, true)))
                .contains("mlstm_layer.q.bias", "mlstm_layer.multihead_norm.bias", "mlstm_layer.igate_preact.bias");
    }

    private static Set<String> names(Recurrent mixer) {
        return Set.copyOf(mixer.tensors(1).stream().map(WeightTensor::name).toList());
    }

    @Test
    void granulesDivideTheChannels() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RecurrentState.convolution(100, 4).inGranulesOf(64))
                .withMessage("state convolution of 100 channels in granules of 64");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RecurrentState("x", 1, 1, 3, false))
                .withMessageContaining("2 or 4");
    }

    @Test
    void pooledIndexKeysAreFewerAndKeepTheOpenPool() {
        MultiHeadLatent latent = new MultiHeadLatent(64, 1_536, 512, 256, 0, 256);
        IndexedAttention pooled = new IndexedAttention(latent, 128, List.of(), 4, 256);
        assertThat(pooled.cacheRows(8))
                .containsExactly(new CacheRow(1, 512, 0), new CacheRow(1, 128, 0, CacheRow.UNLIMITED, 4));
        assertThat(pooled.states()).containsExactly(new RecurrentState("open pool", 1, 1_024, 2, false));
        assertThat(new IndexedAttention(latent, 128, List.of()).states()).isEmpty();
    }
}
