package io.llmsizing.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmsizing.document.MalformedFileException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModuleTableTest {
    private final MatchBudget budget =
            new MatchBudget(() -> new MalformedFileException("config.json", "quantization_config", "too many steps"));

    private boolean means(String written, String module) {
        ModuleTable<Boolean> table = new ModuleTable<>();
        table.add(written, true);
        return find(table, module).isPresent();
    }

    private <T> Optional<T> find(ModuleTable<T> table, String module) {
        int layer = ModuleNames.layerOf(module);
        return table.find(layer, ModuleName.of(layer < 0 ? module : ModuleNames.withinLayer(module)), budget);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                // written; whether what is said holds in every layer alike
                "self_attn; true",
                "*.attn.*; true",
                "*lm_head; true",
                "mtp*; true",
                "re:.*self_attn.*; true",
                "re:.*mlp\\.(gate|up)_proj.*; true",
                "model.layers.3.mlp; false",
                "model.layers.1*; false",
                "layers.?.mlp; false",
                "*self_attn.[qkv]_proj; false",
                "re:.*layers.[0-3].*; false",
                "re:.*mlp.down_proj; false",
                "re:.*layers\\.\\d+\\.mlp.*; false",
                "re:.*proj|.*layers\\.7.*; false"
            })
    void layersAreAlikeWhereNothingSaidCanMatchADigit(String written, boolean alike) {
        ModuleTable<Boolean> table = new ModuleTable<>();
        table.add(written, true);
        assertThat(table.treatsLayersAlike()).isEqualTo(alike);
        if (alike) {
            for (String module : List.of("self_attn.q_proj", "mlp.gate_proj", "mlp.router", "mlp.experts.0.up_proj")) {
                assertThat(IntStream.of(0, 3, 7, 10, 31, 110)
                                .mapToObj(layer -> means(written, "layers." + layer + "." + module))
                                .distinct())
                        .as(module)
                        .hasSize(1);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        // written, module in our words, whether it is meant
        "model.layers.3.self_attn.o_proj, layers.3.self_attn.o_proj, true",
        "model.layers.3.self_attn.o_proj, layers.13.self_attn.o_proj, false",
        "model.layers.3.self_attn.o_proj, layers.30.self_attn.o_proj, false",
        "model.layers.3.self_attn, layers.3.self_attn.o_proj, true",
        "model.layers.3, layers.3.mlp.up_proj, true",
        "model.layers.3, layers.31.mlp.up_proj, false",
        "model.layers, layers.31.mlp.up_proj, true",
        "model.layers, lm_head, false",
        "model.language_model.layers.3.mlp, layers.3.mlp.up_proj, true",
        "language_model.model.layers.3.mlp, layers.3.mlp.up_proj, true",
        "backbone.layers.3.mlp, layers.3.mlp.up_proj, true",
        "transformer.h.3.mlp, layers.3.mlp.up_proj, true",
        "layers.3.ffn.experts, layers.3.mlp.experts.0.gate_proj, true",
        "layers.3.ffn.experts, layers.3.mlp.shared_experts.gate_proj, false",
        "layers.3.block_sparse_moe.experts.0.w1, layers.3.mlp.experts.0.gate_proj, true",
        "layers.3.block_sparse_moe.experts.0.w2, layers.3.mlp.experts.0.down_proj, true",
        "layers.3.block_sparse_moe.experts.0.w2, layers.3.mlp.experts.0.up_proj, false",
        "layers.3.mlp.shared_expert, layers.3.mlp.shared_experts.up_proj, true",
        "lm_head, lm_head, true",
        "language_model.lm_head, lm_head, true",
        "head, lm_head, true",
        "self_attn, layers.7.self_attn.q_proj, true",
        "attn, layers.7.self_attn.q_proj, true",
        "attn, layers.7.linear_attn.in_proj, false",
        "gate, layers.7.mlp.router, true",
        "gate, layers.7.mlp.gate_proj, false",
        "router, layers.7.mlp.router, true",
        "mlp.gate, layers.7.mlp.router, true",
        "o_proj, layers.7.self_attn.o_proj, true",
        "o_proj, layers.7.self_attn.qo_proj, false"
    })
    void aNameMeansTheModuleAndEverythingBelowInAnySpelling(String written, String module, boolean meant) {
        assertThat(means(written, module)).isEqualTo(meant);
    }

    @ParameterizedTest
    @CsvSource({
        "model.layers.*.self_attn, layers.12.self_attn.q_proj, true",
        "model.layers.*.self_attn, layers.12.mlp.up_proj, false",
        "model.layers.*.mlp.router, layers.12.mlp.router, true",
        "model.layers.0*, layers.0.mlp.up_proj, true",
        "model.layers.0*, layers.10.mlp.up_proj, false",
        "model.layers.1*, layers.10.mlp.up_proj, true",
        "model.layers.1.*, layers.10.mlp.up_proj, false",
        "model.layers.1.*, layers.1.mlp.up_proj, true",
        "model.layers.10.mlp.shared_experts*, layers.10.mlp.shared_experts.up_proj, true",
        "model.layers.10.mlp.shared_expert*, layers.10.mlp.shared_experts.up_proj, true",
        "*.mlp.shared_expert.*, layers.10.mlp.shared_experts.up_proj, true",
        "*.attn.*, layers.4.self_attn.q_proj, true",
        "*.ffn.shared_experts.*, layers.4.mlp.shared_experts.up_proj, true",
        "*.ffn.shared_experts.*, layers.4.mlp.experts.0.up_proj, false",
        "*mlp.gate, layers.4.mlp.router, true",
        "*mlp.gate, layers.4.mlp.gate_proj, false",
        "*lm_head, lm_head, true",
        "*self_attn.[qkv]_proj, layers.4.self_attn.k_proj, true",
        "*self_attn.[!qkv]_proj, layers.4.self_attn.k_proj, false",
        "*self_attn.[!qkv]_proj, layers.4.self_attn.o_proj, true",
        "layers.[0-3].mlp, layers.2.mlp.up_proj, true",
        "layers.[0-3].mlp, layers.4.mlp.up_proj, false",
        "layers.?.mlp, layers.4.mlp.up_proj, true",
        "layers.?.mlp, layers.14.mlp.up_proj, false",
        "mtp*, mtp.layers.0.mlp.up_proj, true",
        "mtp.*, layers.3.mlp.up_proj, false",
        "model.language_model.layers.5.linear_attn*, layers.5.linear_attn.in_proj_qkv, true",
        "*.layers.5.*, layers.5.mlp.up_proj, true"
    })
    void aGlobMeansWhatItMatchesAndEverythingBelow(String written, String module, boolean meant) {
        assertThat(means(written, module)).isEqualTo(meant);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "re:.*self_attn.*; layers.3.self_attn.q_proj; true",
                "re:.*mlp\\.(gate|up|gate_up|down)_proj.*; layers.0.mlp.gate_proj; true",
                "re:.*mlp\\.(gate|up|gate_up|down)_proj.*; layers.3.mlp.experts.0.gate_proj; false",
                "re:.*shared_experts.*; layers.3.mlp.shared_experts.up_proj; true",
                "re:.*shared_expert\\..*; layers.3.mlp.shared_experts.up_proj; true",
                "re:model\\.layers\\.\\d+\\.mlp\\.down_proj; layers.31.mlp.down_proj; true",
                "re:language_model.model.layers.[0-3].mlp; layers.2.mlp.down_proj; true",
                "re:model\\.layers\\.(1|2)\\..*; layers.12.mlp.down_proj; false",
                "re:.*block_sparse_moe.*; layers.3.mlp.experts.0.gate_proj; true",
                "re:.*\\.attn\\..*; layers.3.self_attn.q_proj; true",
                "re:.*attn.*; layers.3.linear_attn.in_proj; true",
                "re:.*mlp.gate$; layers.3.mlp.router; true",
                "re:.*mlp.gate$; layers.3.mlp.gate_proj; false",
                "re:.*lm_head; lm_head; true",
                "re:mlp; layers.3.mlp.gate_proj; false",
                "re:.*\\bmlp\\b.*; layers.3.mlp.gate_proj; true"
            })
    void anExpressionMeansTheNamesThatBeginWithIt(String written, String module, boolean meant) {
        assertThat(means(written, module)).isEqualTo(meant);
    }

    @Test
    void namesGoBeforePatternsAndLongerNamesBeforeShorterOnes() {
        ModuleTable<String> table = new ModuleTable<>();
        table.add("*", "glob");
        table.add("re:.*", "expression");
        table.add("layers.3", "layer");
        table.add("layers.3.mlp", "block");
        assertThat(find(table, "layers.3.mlp.up_proj")).hasValue("block");
        assertThat(find(table, "layers.3.self_attn.q_proj")).hasValue("layer");
        assertThat(find(table, "layers.4.self_attn.q_proj")).hasValue("glob");
    }

    @Test
    void manyNamesWithoutALayerAreFoundAsFewAre() {
        ModuleTable<Integer> table = new ModuleTable<>();
        for (int i = 0; i < 1_000; i++) {
            table.add("part" + i + ".proj", i);
        }
        assertThat(find(table, "layers.3.part77.proj.inner")).hasValue(77);
        assertThat(find(table, "layers.3.part77.projection")).isEmpty();
    }

    @Test
    void aTableKnowsWhetherItNamesAllExpertsOfALayer() {
        ModuleTable<Boolean> table = new ModuleTable<>();
        ModuleName first = ModuleName.of("mlp.experts.0.gate_proj");
        table.add("layers.3.ffn.experts", true);
        assertThat(table.saysOfSome(3, first, 2)).isFalse();
        table.add("layers.4.ffn.experts.1.w1", true);
        assertThat(table.saysOfSome(4, first, 2)).isTrue();
        table.add("layers.4.ffn.experts.0.w1", true);
        assertThat(table.saysOfSome(4, first, 2)).isFalse();
        assertThat(table.distinguishesExperts()).isFalse();
        table.add("*.experts.17.*", true);
        assertThat(table.distinguishesExperts()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"re:(", "re:[", "re:*", "re:(?P<name>x)", "re:a{2,1}"})
    void whatIsNoExpressionIsRefused(String written) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ModuleTable<Boolean>().add(written, true))
                .withMessageContaining("no regular expression");
    }

    @Test
    void aPatternWithoutEndIsRefused() {
        String longest = "re:" + "x".repeat(ModulePattern.LONGEST);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ModuleTable<Boolean>().add(longest, true))
                .withMessageContaining("characters long");
        String nested = "re:" + "(".repeat(250) + "x" + ")".repeat(250);
        assertThat(means(nested, "layers.3.mlp")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"re:(([a-z0-9_.]+)+)+$!", "re:(.*)*(.*)*(.*)*(.*)*x!", "re:((.|.)+(.|a)+)+(.+)+!"})
    void anExpressionThatTakesTooManyStepsIsRefusedInTime(String hostile) {
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(5),
                () -> assertThatThrownBy(() -> means(hostile, "layers.3.self_attn.some_very_long_projection"))
                        .isInstanceOf(MalformedFileException.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"re:(a|a|.)*(.|a)*(.|b)*(.|c)*(.|d)*z!", "re:(.+)+(.+)+(.+)+!", "re:(a?){30}(b?){30}x!"})
    void anExpressionThatMayTakeLongEndsInAnyCase(String hostile) {
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
            try {
                assertThat(means(hostile, "layers.3.self_attn.some_very_long_projection"))
                        .isFalse();
            } catch (MalformedFileException refused) {
                assertThat(refused).hasMessageContaining("too many steps");
            }
        });
    }

    @Test
    void globsOfManyStarsAreNoDanger() {
        assertThat(means("*a*a*a*a*a*a*a*a*a*b!", "layers.3." + "a".repeat(100)))
                .isFalse();
    }
}
