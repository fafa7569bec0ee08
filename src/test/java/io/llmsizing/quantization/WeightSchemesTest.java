package io.llmsizing.quantization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.llmsizing.tensor.ShardRule;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WeightSchemesTest {
    private static final Set<String> PLAIN = Set.of("bf16", "fp16", "fp32");

    static Stream<String> names() {
        return WeightSchemes.names().stream();
    }

    static Stream<String> quantisedNames() {
        return names().filter(name -> !PLAIN.contains(name));
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyRoleHasAFormatInEveryScheme(String name) {
        WeightScheme scheme = WeightSchemes.named(name);
        for (TensorRole role : TensorRole.values()) {
            assertThat(scheme.formatOf(role).bytes(128, 128)).as("%s", role).isPositive();
        }
        assertThat(scheme.asMap()).containsOnlyKeys(TensorRole.values());
    }

    @ParameterizedTest
    @MethodSource("quantisedNames")
    void quantisedSchemesTouchOnlyTheLinearLayers(String name) {
        WeightScheme scheme = WeightSchemes.named(name);
        for (TensorRole role : TensorRole.values()) {
            long bits = scheme.formatOf(role).bitsPerWeight(4096, 4096).ceilOf(1);
            switch (role) {
                case ATTENTION, DENSE_FEED_FORWARD, EXPERT, SHARED_EXPERT ->
                    assertThat(bits).as("%s", role).isLessThan(10);
                case ROUTING_TABLE -> assertThat(scheme.formatOf(role)).isEqualTo(Formats.INT32);
                case ROUTER_BIAS -> assertThat(scheme.formatOf(role)).isEqualTo(Formats.FP32);
                default -> assertThat(bits).as("%s", role).isEqualTo(16);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void theRoutingCorrectionIsAlwaysSinglePrecision(String name) {
        assertThat(WeightSchemes.named(name).formatOf(TensorRole.ROUTER_BIAS)).isEqualTo(Formats.FP32);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bf16", "fp16", "fp32"})
    void plainSchemesStoreEverythingElseInOneFormat(String name) {
        WeightScheme scheme = WeightSchemes.named(name);
        assertThat(scheme.name()).isEqualTo(name);
        for (TensorRole role : TensorRole.values()) {
            if (role != TensorRole.ROUTER_BIAS && role != TensorRole.ROUTING_TABLE) {
                assertThat(scheme.formatOf(role).name()).isEqualTo(name);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "fp8, fp8-channel",
        "int8, int8-channel",
        "int4, int4-g128",
        "awq, awq-g128",
        "gptq, gptq-g128",
        "FP8, fp8-channel",
        "' AWQ-G64 ', awq-g64",
        "Bf16, bf16",
        "fp8-tensor, fp8-tensor",
        "fp8-block-128, fp8-block-128",
        "int8-channel, int8-channel",
        "gptq-g32, gptq-g32",
        "NF4, nf4",
        "mxfp4, mxfp4",
        "nvfp4, nvfp4",
        "mxfp8, mxfp8",
        "w4a16, int4-g128",
        "w8a8, int8-channel",
        "awq-g16, awq-g16",
        "awq-g128/bf16, awq-g128/bf16",
        "NVFP4+attention=BF16, nvfp4+attention=bf16",
        "nf4/fp16+expert=mxfp4+router=fp32, nf4/fp16+expert=mxfp4+router=fp32"
    })
    void aNameMeansItsSchemeInAnyCase(String written, String scheme) {
        assertThat(WeightSchemes.named(written)).isEqualTo(WeightSchemes.named(scheme));
        assertThat(WeightSchemes.named(written).name()).isEqualTo(scheme);
        assertThat(WeightSchemes.named(written)).hasToString(scheme);
    }

    @ParameterizedTest
    @CsvSource({"awq-g128, fp16", "gptq-g64, fp16", "int4-g32, bf16", "fp8-block-128, bf16", "int8-channel, bf16"})
    void whatIsNotQuantisedKeepsTheTypeThatTheKindIsPublishedIn(String name, String rest) {
        assertThat(WeightSchemes.named(name).formatOf(TensorRole.EMBEDDING).name())
                .isEqualTo(rest);
        assertThat(WeightSchemes.named(name).formatOf(TensorRole.EXPERT).name()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "int3",
                "q4_k_m",
                "fp8_block_128",
                "awq-g7",
                "nf4+",
                "nf4+mouth=bf16",
                "nf4+expert=x",
                "nf4/x",
                "/bf16"
            })
    void anUnknownNameIsRefusedWithAllThatAreKnown(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WeightSchemes.named(name))
                .withMessageContaining("'" + name + "'")
                .satisfies(thrown -> assertThat(thrown.getMessage())
                        .contains(WeightSchemes.names().toArray(String[]::new)));
    }

    @Test
    void theConstantsAreTheNamedSchemes() {
        assertThat(WeightSchemes.named("bf16")).isSameAs(WeightSchemes.BF16);
        assertThat(WeightSchemes.named("fp16")).isSameAs(WeightSchemes.FP16);
        assertThat(WeightSchemes.named("fp32")).isSameAs(WeightSchemes.FP32);
        assertThat(WeightSchemes.named("fp8-block-128")).isSameAs(WeightSchemes.FP8_BLOCK_128);
    }

    @Test
    void anExceptionChangesOneRoleAndTheName() {
        WeightScheme scheme = WeightSchemes.FP8_BLOCK_128.with(TensorRole.ATTENTION, Formats.BF16);
        assertThat(scheme.name()).isEqualTo("fp8-block-128+attention=bf16");
        assertThat(scheme.formatOf(TensorRole.ATTENTION)).isEqualTo(Formats.BF16);
        assertThat(scheme.formatOf(TensorRole.EXPERT)).isEqualTo(Formats.FP8_BLOCK_128);
        assertThat(WeightSchemes.FP8_BLOCK_128.formatOf(TensorRole.ATTENTION)).isEqualTo(Formats.FP8_BLOCK_128);
    }

    @Test
    void schemesAreEqualByNameAndFormats() {
        WeightScheme same = WeightScheme.linearLayers(Formats.FP8_BLOCK_128, Formats.BF16);
        WeightScheme otherRest = WeightScheme.linearLayers(Formats.FP8_BLOCK_128, Formats.FP16);
        assertThat(same).isEqualTo(WeightSchemes.FP8_BLOCK_128).hasSameHashCodeAs(WeightSchemes.FP8_BLOCK_128);
        assertThat(otherRest).isNotEqualTo(same);
        assertThat(WeightSchemes.BF16).isNotEqualTo(WeightSchemes.FP16).isNotEqualTo("bf16");
        assertThat(WeightSchemes.FP16.hashCode()).isNotEqualTo(WeightSchemes.BF16.hashCode());
    }

    @Test
    void theListOfNamesAndTheMapOfFormatsCannotBeChanged() {
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> WeightSchemes.names().clear());
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> WeightSchemes.BF16.asMap().clear());
    }

    @Test
    void aRoleInItsOwnFormatIsNoException() {
        assertThat(WeightSchemes.BF16.with(TensorRole.ROUTER, Formats.BF16)).isSameAs(WeightSchemes.BF16);
    }

    @Test
    void aNameWithoutEndIsRefused() {
        String name = "nf4" + "+expert=bf16".repeat(10_000);
        assertThatIllegalArgumentException().isThrownBy(() -> WeightSchemes.named(name));
    }

    @Test
    void oneTensorOfOneBlockIsStoredOtherwise() {
        WeightTensor up =
                WeightTensor.matrix("mlp.up_proj.weight", TensorRole.DENSE_FEED_FORWARD, 8, 8, ShardRule.ROWS);
        WeightTensor down =
                WeightTensor.matrix("mlp.down_proj.weight", TensorRole.DENSE_FEED_FORWARD, 8, 8, ShardRule.COLUMNS);
        WeightScheme plain = WeightSchemes.named("nvfp4");
        WeightScheme scheme = plain.withExceptions(
                Map.of("layers[1]", Map.of("mlp.down_proj.weight", Formats.BF16), "layers[2]", Map.of()));
        assertThat(scheme.formatOf("layers[1]", down)).isEqualTo(Formats.BF16);
        assertThat(scheme.formatOf("layers[1]", up)).isEqualTo(Formats.NVFP4);
        assertThat(scheme.formatOf("layers[0]", down)).isEqualTo(Formats.NVFP4);
        assertThat(plain.formatOf("layers[1]", down)).isEqualTo(Formats.NVFP4);
        assertThat(scheme.name()).isEqualTo("nvfp4");
        assertThat(scheme).isNotEqualTo(plain).hasSameHashCodeAs(plain);
        assertThat(scheme.exceptions()).containsOnlyKeys("layers[1]");
        assertThat(plain.withExceptions(Map.of())).isEqualTo(plain);
    }
}
