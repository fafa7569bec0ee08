package io.llmsizing.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.model.Model;
import io.llmsizing.model.ParameterCount;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

class ParameterCountTest {
    private static final Catalog CATALOG = Catalog.bundled();

    /**
     * A count that was made elsewhere is ours, or differs by the elements stated for the reason stated. Where a reason names
     * parts of the model, those parts have as many elements; {@code rounded} is within 10 %, as names are.
     */
    @ParameterizedTest
    @CsvFileSource(resources = "/io/llmsizing/catalog/parameters.csv", numLinesToSkip = 1, emptyValue = "")
    void everyModelCountsItsPublishedParametersExactly(
            String id, long parameters, String reason, long elements, String source) {
        Model model = CATALOG.model(id);
        ParameterCount count = model.parameters();
        assertThat(count.total() + count.vision() + elements).as(source).isEqualTo(parameters);
        OptionalLong known =
                reason == null ? OptionalLong.of(0) : DifferingCount.of(reason).elements(model);
        if (known.isPresent()) {
            assertThat(elements).as(reason).isEqualTo(known.getAsLong());
        } else if (reason.equals("rounded")) {
            assertThat(Math.abs(elements)).isLessThanOrEqualTo(parameters / 10);
        }
    }

    @Test
    void everyModelHasAPublishedTotal() throws IOException {
        try (var table = ParameterCountTest.class.getResourceAsStream("parameters.csv")) {
            String text = new String(table.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(CATALOG.modelIds()).allSatisfy(id -> assertThat(text).contains("\n" + id + ","));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "deepseek-vl2-small, 16148349504, 441865280",
        "deepseek-vl2-tiny, 3370501440, 435767360",
        "deepseek-vl2, 27480134248, 446585920",
        "deepseek-vl-1.3b, 1975235584, 322579456",
        "deepseek-vl-7b, 7343990017, 433624321"
    })
    void aVisionTowerIsCountedBesideTheTextModel(String model, long together, long vision) {
        ParameterCount count = CATALOG.model(model).parameters();
        assertThat(count.vision()).isEqualTo(vision);
        assertThat(count.total() + count.vision()).isEqualTo(together);
    }

    @ParameterizedTest
    @CsvSource({
        "mixtral-8x7b, 12879925248",
        "mixtral-8x22b, 39152031744",
        "qwen3-30b-a3b, 3353032704",
        "qwen3-235b-a22b, 22190763520",
        "qwen3-coder-480b, 35474765312",
        "deepseek-v3, 37552297472",
        "deepseek-moe-145b, 22187331584"
    })
    void activeParametersAreThePublishedOnes(String model, long active) {
        assertThat(CATALOG.model(model).parameters().active()).isEqualTo(active);
    }

    @Test
    void deepSeekV3HasThreeKindsOfActiveAndASpeculativeBlock() {
        ParameterCount count = CATALOG.model("deepseek-v3").parameters();
        assertThat(count.activeWithoutInputEmbedding()).isEqualTo(36_625_618_432L);
        assertThat(count.activeWithoutEmbeddings()).isEqualTo(35_698_939_392L);
        assertThat(count.speculative()).isEqualTo(11_610_068_224L);
        assertThat(count.speculative() + count.speculativeCopies()).isEqualTo(13_463_426_304L);
    }

    @Test
    void everyModelIsAtLeastAsLargeAsWhatOneTokenUses() {
        for (String id : CATALOG.modelIds()) {
            ParameterCount count = CATALOG.model(id).parameters();
            assertThat(count.active()).as(id).isBetween(1L, count.total());
            assertThat(count.activeWithoutEmbeddings()).as(id).isBetween(1L, count.activeWithoutInputEmbedding());
        }
    }

    /** The systems that articles about DeepSeek name, as they write them, and the entry that answers. */
    @ParameterizedTest
    @CsvSource({
        "DeepSeek-LLM-7B, deepseek-llm-7b-base",
        "DeepSeek-LLM-67B, deepseek-llm-67b-base",
        "DeepSeek-Coder-1.3B, deepseek-coder-1.3b-base",
        "DeepSeek-Coder-6.7B, deepseek-coder-6.7b-base",
        "DeepSeek-Coder-33B, deepseek-coder-33b-base",
        "DeepSeekMoE-16B, deepseek-moe-16b-base",
        "DeepSeekMoE-145B, deepseek-moe-145b",
        "DeepSeek-Math-7B, deepseek-math-7b-base",
        "DeepSeek-VL-1.3B, deepseek-vl-1.3b-chat",
        "DeepSeek-VL-7B, deepseek-vl-7b-chat",
        "DeepSeek-V2, DeepSeek-V2",
        "DeepSeek-V2-236B, DeepSeek-V2",
        "DeepSeek-V2-Lite, DeepSeek-V2-Lite",
        "DeepSeek-Coder-V2, DeepSeek-Coder-V2-Base",
        "DeepSeek-V2.5, DeepSeek-V2.5",
        "DeepSeek-V2.5-1210, DeepSeek-V2.5-1210",
        "DeepSeek-VL2-Tiny, deepseek-vl2-tiny",
        "DeepSeek-VL2-Small, deepseek-vl2-small",
        "DeepSeek-VL2, deepseek-vl2",
        "DeepSeek-VL2-27B, deepseek-vl2",
        "DeepSeek-V3, DeepSeek-V3",
        "DeepSeek-V3-Base, DeepSeek-V3-Base",
        "DeepSeek-V3-0324, DeepSeek-V3-0324",
        "DeepSeek-R1, DeepSeek-R1",
        "DeepSeek-R1-Zero, DeepSeek-R1-Zero",
        "DeepSeek-R1-0528, DeepSeek-R1-0528",
        "DeepSeek-R1-Distill-Qwen-1.5B, DeepSeek-R1-Distill-Qwen-1.5B",
        "DeepSeek-R1-Distill-Qwen-7B, DeepSeek-R1-Distill-Qwen-7B",
        "DeepSeek-R1-Distill-Qwen-14B, DeepSeek-R1-Distill-Qwen-14B",
        "DeepSeek-R1-Distill-Qwen-32B, DeepSeek-R1-Distill-Qwen-32B",
        "DeepSeek-R1-Distill-Llama-8B, DeepSeek-R1-Distill-Llama-8B",
        "DeepSeek-R1-Distill-Llama-70B, DeepSeek-R1-Distill-Llama-70B"
    })
    void systemsThatArticlesAboutDeepSeekNameAnswer(String named, String entry) {
        assertThat(CATALOG.model(named).name()).isEqualTo("deepseek-ai/" + entry);
    }
}
