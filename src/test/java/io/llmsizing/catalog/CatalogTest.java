package io.llmsizing.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.llmsizing.hardware.Accelerator;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogTest {
    private static final Catalog CATALOG = Catalog.bundled();

    @Test
    void everyModelOfTheIndexLoadsUnderItsOwnName() {
        assertThat(CATALOG.modelIds()).hasSizeGreaterThan(100);
        for (String id : CATALOG.modelIds()) {
            assertThat(CATALOG.model(id).name()).isEqualTo(id);
            assertThat(CATALOG.model(id).source()).as(id).isNotBlank();
            assertThat(CATALOG.model(id).assumptions()).as(id).isEmpty();
        }
    }

    @Test
    void everyAliasMeansItsModelInAnyLetterCase() {
        for (String id : CATALOG.modelIds()) {
            for (String alias : CATALOG.aliases(id)) {
                assertThat(CATALOG.model(alias).name()).as(alias).isEqualTo(id);
                assertThat(CATALOG.model(" " + alias.toUpperCase(Locale.ROOT) + " ")
                                .name())
                        .as(alias)
                        .isEqualTo(id);
            }
            assertThat(CATALOG.model(id.toLowerCase(Locale.ROOT)).name()).isEqualTo(id);
        }
    }

    @Test
    void aModelIsReadOnce() {
        assertThat(CATALOG.model("deepseek-r1")).isSameAs(CATALOG.model("deepseek-ai/DeepSeek-R1"));
    }

    @Test
    void anUnknownIdHasNoAliases() {
        assertThat(CATALOG.aliases("nobody/Nothing")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "lama-3.1-8b, meta-llama/Llama-3.1-8B",
        "deepsek-r1, deepseek-ai/DeepSeek-R1",
        "mixtral-8x7, mistralai/Mixtral-8x7B-v0.1",
        "qwen3-23b, Qwen/Qwen3-32B",
        "DeepSeek-V3-0342, deepseek-ai/DeepSeek-V3-0324"
    })
    void anUnknownModelIsRefusedWithTheNearestNames(String typed, String meant) {
        UnknownNameException refused = unknownModel(typed);
        assertThat(refused.kind()).isEqualTo("model");
        assertThat(refused.candidates()).contains(meant).hasSizeLessThanOrEqualTo(4);
        assertThat(refused).hasMessageContaining("'" + typed + "'").hasMessageContaining(meant);
    }

    @ParameterizedTest
    @CsvSource({"lama-3.1-8b, meta-llama/Llama-3.1-8B", "deepsek-r1, deepseek-ai/DeepSeek-R1"})
    void theNearestNameStandsFirst(String typed, String meant) {
        assertThat(unknownModel(typed).candidates().get(0)).isEqualTo(meant);
    }

    @ParameterizedTest
    @CsvSource({
        "H20O, nvidia-h200-sxm5-141gb",
        "rtx 309, nvidia-rtx-3090",
        "MI30X, amd-mi300x",
        "B20, nvidia-b200-sxm-180gb",
        "A6001, nvidia-rtx-a6000"
    })
    void anUnknownAcceleratorIsRefusedWithTheNearestNames(String typed, String meant) {
        UnknownNameException refused = unknownAccelerator(typed);
        assertThat(refused.kind()).isEqualTo("accelerator");
        assertThat(refused.candidates()).contains(meant);
        assertThat(refused).hasMessageContaining("'" + typed + "'").hasMessageContaining(meant);
    }

    @Test
    void anAmbiguousNameListsAllThatItMayMean() {
        UnknownNameException refused = unknownAccelerator("A100");
        assertThat(refused.candidates())
                .containsExactlyInAnyOrder(
                        "nvidia-a100-sxm4-40gb",
                        "nvidia-a100-sxm4-80gb",
                        "nvidia-a100-pcie-40gb",
                        "nvidia-a100-pcie-80gb");
        assertThat(refused.candidates()).allSatisfy(id -> assertThat(refused).hasMessageContaining(id));
        assertThat(unknownAccelerator("a100-pcie").candidates())
                .containsExactlyInAnyOrder("nvidia-a100-pcie-40gb", "nvidia-a100-pcie-80gb");
        assertThat(unknownAccelerator("phone").candidates()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"H200", "h200", "nvidia h200", "NVIDIA H200 SXM5 141GB", "h200_sxm5", "H200 - SXM", "hgx h200"})
    void spellingsOfAnAcceleratorAreOneName(String written) {
        assertThat(CATALOG.accelerator(written).id()).isEqualTo("nvidia-h200-sxm5-141gb");
    }

    @Test
    void everyAcceleratorAnswersToItsIdAndItsName() {
        for (Accelerator accelerator : CATALOG.accelerators()) {
            assertThat(CATALOG.accelerator(accelerator.id())).isSameAs(accelerator);
            assertThat(CATALOG.accelerator(accelerator.name())).isSameAs(accelerator);
        }
    }

    @Test
    void everyAliasOfAnAcceleratorMeansItOrListsIt() {
        for (Accelerator accelerator : CATALOG.accelerators()) {
            for (String alias : accelerator.aliases()) {
                try {
                    assertThat(CATALOG.accelerator(alias)).isSameAs(accelerator);
                } catch (UnknownNameException ambiguous) {
                    assertThat(ambiguous.candidates()).as(alias).contains(accelerator.id());
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"H200", "H800", "H100", "A100-80GB", "RTX 3090", "phone 8 GB", "phone 16 GB"})
    void acceleratorsThatArticlesAboutDeepSeekNameAnswer(String named) {
        assertThat(CATALOG.accelerator(named).memory().usable().bytes()).isPositive();
    }

    private static UnknownNameException unknownModel(String name) {
        return catchThrowableOfType(UnknownNameException.class, () -> CATALOG.model(name));
    }

    private static UnknownNameException unknownAccelerator(String name) {
        return catchThrowableOfType(UnknownNameException.class, () -> CATALOG.accelerator(name));
    }
}
