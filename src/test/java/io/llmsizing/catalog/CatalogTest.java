package io.llmsizing.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.llmsizing.hardware.Accelerator;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogTest {
    private static final Catalog CATALOG = Catalog.bundled();

    @Test
    void everyModelOfTheIndexLoadsUnderItsOwnName() {
        assertThat(CATALOG.modelIds()).hasSizeGreaterThan(450);
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
    void noNameHasTwoMeanings() {
        Set<String> names = new HashSet<>();
        for (String id : CATALOG.modelIds()) {
            assertThat(names.add(id.toLowerCase(Locale.ROOT))).as(id).isTrue();
            for (String alias : CATALOG.aliases(id)) {
                assertThat(names.add(alias.toLowerCase(Locale.ROOT))).as(alias).isTrue();
            }
        }
    }

    /** As people write them: on the Hub without the organisation, after ollama, and after what they say. */
    @ParameterizedTest
    @CsvSource({
        "deepseek-r1, deepseek-ai/DeepSeek-R1",
        "deepseek-r1:32b, deepseek-ai/DeepSeek-R1-Distill-Qwen-32B",
        "R1-Distill-Qwen-32B, deepseek-ai/DeepSeek-R1-Distill-Qwen-32B",
        "llama-3.1-70b, meta-llama/Llama-3.1-70B",
        "llama3.1:70b, meta-llama/Llama-3.1-70B-Instruct",
        "qwen3:30b, Qwen/Qwen3-30B-A3B",
        "qwen2.5-coder:32b, Qwen/Qwen2.5-Coder-32B-Instruct",
        "gemma3:27b, google/gemma-3-27b-it",
        "gemma3n:e4b, google/gemma-3n-E4B-it",
        "gpt-oss:20b, openai/gpt-oss-20b",
        "gpt-oss-120b, openai/gpt-oss-120b",
        "mistral-nemo, mistralai/Mistral-Nemo-Instruct-2407",
        "mixtral:8x7b, mistralai/Mixtral-8x7B-Instruct-v0.1",
        "command-r, CohereLabs/c4ai-command-r-08-2024",
        "phi3:mini, microsoft/Phi-3-mini-128k-instruct",
        "kimi-k2, moonshotai/Kimi-K2-Instruct",
        "glm-4.5, zai-org/GLM-4.5",
        "granite3.3:8b, ibm-granite/granite-3.3-8b-instruct",
        "qwq, Qwen/QwQ-32B",
        "llama4:maverick, meta-llama/Llama-4-Maverick-17B-128E-Instruct",
        "qwen3-next:80b, Qwen/Qwen3-Next-80B-A3B-Instruct",
        "nomic-embed-text, nomic-ai/nomic-embed-text-v1.5",
        "Jamba-1.5-Mini, ai21labs/AI21-Jamba-1.5-Mini"
    })
    void namesThatPeopleTypeAreKnown(String typed, String id) {
        assertThat(CATALOG.model(typed).name()).isEqualTo(id);
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
