package io.llmsizing.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.units.ByteSize;
import io.llmsizing.units.Ratio;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnginesTest {
    @Test
    void copiesOfExpertsNeedAnEngineThatKnowsThem() {
        ParallelLayout copied = ParallelLayout.tensor(8).expert(true).redundantExperts(8);
        for (EngineProfile engine : List.of(
                Engines.NONE, Engines.vllm(), Engines.vllm("0.10"), Engines.sglang(), Engines.sglang("0.4.9"))) {
            assertThat(EngineLayouts.violation(engine, copied)).isEmpty();
        }
        for (EngineProfile engine :
                List.of(Engines.vllm("0.9"), Engines.sglang("0.4"), Engines.tensorRtLlm(), Engines.transformers())) {
            assertThat(EngineLayouts.violation(engine, copied))
                    .contains(
                            "redundant experts 8: " + engine
                                    + " is not known to copy experts; take vllm 0.10 or sglang 0.4.9 or later, or leave them out");
        }
    }

    @Test
    void everyNameIsKnownInAnyLetterCase() {
        assertThat(Engines.names())
                .containsExactly("none", "vllm", "llama.cpp", "sglang", "tensorrt-llm", "transformers");
        for (String name : Engines.names()) {
            assertThat(Engines.named(name.toUpperCase(Locale.ROOT), "").name()).isEqualTo(name);
        }
        assertThat(Engines.named(" none ", "")).isSameAs(Engines.NONE);
    }

    @ParameterizedTest
    @CsvSource({
        "trtllm, tensorrt-llm",
        "trt-llm, tensorrt-llm",
        "TensorRT_LLM, tensorrt-llm",
        "TensorRT LLM, tensorrt-llm",
        "llamacpp, llama.cpp",
        "llama-cpp, llama.cpp",
        "hf, transformers",
        "HF, transformers"
    })
    void dotsAndHyphensAndShortNamesDoNotMatter(String written, String meant) {
        assertThat(Engines.isNamed(written)).isTrue();
        assertThat(Engines.named(written, "").name()).isEqualTo(meant);
    }

    @ParameterizedTest
    @CsvSource({"vllm:0.19, '', vllm 0.19", "VLLM: 0.19 , 0.19, vllm 0.19", "llamacpp:b10573, '', llama.cpp b10573"})
    void aVersionMayStandBehindTheName(String written, String version, String meant) {
        assertThat(Engines.isNamed(written)).isTrue();
        assertThat(Engines.named(written, version)).hasToString(meant);
    }

    @ParameterizedTest
    @CsvSource({
        "vllm:, '', no version behind its colon",
        "vllm:0.19, 0.20, leave one of them out",
        "none:1, '', no versions",
        "vllm:0.19:0.20, '', write NAME or NAME:VERSION"
    })
    void aVersionBehindTheNameIsOneAndTheOnlyOne(String written, String version, String said) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Engines.named(written, version))
                .withMessageContaining(said);
    }

    @Test
    void aServerThatRunsAKnownEngineIsAnsweredWithThatAndNotTakenForIt() {
        assertThat(Engines.isNamed("ollama")).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Engines.named("Ollama", ""))
                .withMessageContaining("'Ollama' is not an engine that is known here")
                .withMessageEndingWith("Ollama runs on llama.cpp, whose facts may do");
    }

    @Test
    void anUnknownEngineListsTheKnownOnes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Engines.named("vlm", ""))
                .withMessageContaining("'vlm'")
                .withMessageContaining("known: none, vllm, llama.cpp, sglang, tensorrt-llm, transformers");
    }

    @Test
    void noEngineHasNoVersions() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Engines.named("none", "0.19"))
                .withMessageContaining("0.19");
        assertThat(Engines.NONE.version()).isEmpty();
        assertThat(Engines.NONE).hasToString("none");
    }

    @Test
    void withoutAVersionTheNewestKnownOneServes() {
        EngineProfile newest = Engines.named("vllm", "");
        assertThat(newest.version()).isEqualTo(Engines.vllm().version()).isEqualTo("0.26");
        assertThat(newest.assumptions()).isEmpty();
        assertThat(newest).hasToString("vllm 0.26");
    }

    @ParameterizedTest
    @CsvSource({
        "0.19, 0.19",
        "0.19.0, 0.19",
        "v0.19.1rc1, 0.19",
        "0.9.2.dev364+gb432b7a28, 0.9",
        "' 0.10.1 ', 0.10",
        "0.21rc2, 0.21",
        "1.0, 1.0"
    })
    void aVersionIsItsFirstTwoNumbers(String written, String read) {
        assertThat(Engines.vllm(written).version()).isEqualTo(read);
    }

    @Test
    void versionsAreOrderedAsNumbersAndNotAsText() {
        assertThat(EngineVersion.parse("0.9")).isLessThan(EngineVersion.parse("0.10"));
        assertThat(EngineVersion.parse("1.0")).isGreaterThan(EngineVersion.parse("0.26"));
        assertThat(EngineVersion.parse("0.19.4")).isEqualByComparingTo(EngineVersion.parse("0.19"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "newest", "0,19", "0.", ".19", "-0.19", "0.19999999999999", "vv0.19"})
    void whatIsNotAVersionIsRefusedWithTheTextAndAnExample(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Engines.vllm(text))
                .withMessageContaining("'" + text + "'")
                .withMessageContaining("0.19");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.5", "0.5.3", "0.0"})
    void aVersionOlderThanAllFactsIsRefusedNamingTheFirstAndTheLast(String old) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Engines.vllm(old))
                .withMessageContaining("0.6")
                .withMessageContaining("0.26");
    }

    @ParameterizedTest
    @CsvSource({
        "0.13, 0.12, 0.14",
        "0.16, 0.15, 0.17",
        "0.19, 0.18, 0.21",
        "0.20, 0.18, 0.21",
        "0.22, 0.21, 0.25",
        "0.24, 0.21, 0.25"
    })
    void betweenTwoVersionsWithFactsNothingIsKnownToChange(String asked, String taken, String next) {
        assertThat(Engines.vllm(asked).assumptions())
                .singleElement()
                .hasToString("engine version: vLLM " + asked + " is sized as " + taken
                        + ": nothing that is known here changed between that and " + next);
    }

    @Test
    void aVersionNewerThanAllFactsTakesTheNewestAndSaysSo() {
        assertThat(Engines.vllm("0.99").assumptions())
                .singleElement()
                .hasToString("engine version: vLLM 0.99 is newer than all facts here; those of 0.26 are used");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.8", "0.8.5", "0.9", "0.10", "0.17", "0.18", "0.21", "0.25", "0.26"})
    void aVersionWithFactsOfItsOwnAssumesNothing(String version) {
        assertThat(Engines.vllm(version).assumptions()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "sglang, of July, 'known of sglang: 0.4, 0.4.9, 0.5.4, 0.5.11'",
        "llama.cpp, b8762, b8763",
        "sglang, 0.3, 0.4",
        "tensorrt-llm, multimodal example, 1.0",
        "tensorrt-llm, 0.20, 1.0",
        "transformers, 4.30, 4.36"
    })
    void whatIsNoVersionOrTooOldNamesTheKnownOnes(String engine, String version, String known) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Engines.named(engine, version))
                .withMessageContaining(version)
                .withMessageContaining(known);
    }

    @ParameterizedTest
    @CsvSource({
        "0.4, 0.4, 0.4",
        "v0.4.1, 0.4.1, 0.4",
        "0.4.9.post2, 0.4.9, 0.4.9",
        "0.5, 0.5, 0.4.9",
        "0.5.4, 0.5.4, 0.5.4",
        "0.5.10, 0.5.10, 0.5.4",
        "0.5.11.dev20260512, 0.5.11, 0.5.11",
        "0.5.13, 0.5.13, 0.5.11"
    })
    void ofSglangThreeNumbersCountAndTheOlderFactsHold(String written, String read, String taken) {
        EngineProfile engine = Engines.sglang(written);
        assertThat(engine.version()).isEqualTo(read);
        String assumed = engine.assumptions().toString();
        if (read.equals(taken)) {
            assertThat(assumed).doesNotContain("engine version");
        } else {
            assertThat(assumed)
                    .contains("SGLang " + read)
                    .containsPattern("sized as " + taken + ":|those of " + taken + " are");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.1.dev1+gda1daf40b", "v0.1.dev1+g6804e1b81", "0.0.0.dev12+abc"})
    void aBuildThatDoesNotTellItsReleaseTakesTheNewestFactsAndSaysSo(String version) {
        EngineProfile engine = Engines.vllm(version);
        assertThat(engine.version()).isEqualTo(Engines.vllm().version());
        assertThat(engine.assumptions())
                .singleElement()
                .satisfies(assumption -> assertThat(assumption.toString()).contains(version));
    }

    @ParameterizedTest
    @CsvSource({
        "sglang, 2024-12, 0.4, 2024-12-03",
        "sglang, 2025-01, 0.4, 2024-12-03",
        "sglang, 2025-07-08, 0.4, 2024-12-03",
        "sglang, 2025-07-09, 0.4.9, 2025-07-09",
        "sglang, 2025-07, 0.4.9, 2025-07-09",
        "sglang, 2026-02, 0.5.4, 2025-10-31",
        "sglang, 2030-01, 0.5.11, 2026-05-05",
        "vllm, 2025-01, 0.7.0, 2025-01-29",
        "vllm, 2025-02, 0.7, 2025-02-03",
        "vllm, 2026-05-15, 0.18, 2026-03-30",
        "llama.cpp, 2026-06, b9464, 2026-06-02"
    })
    void aDateIsTheNewestKnownVersionThatWasOutByThen(String name, String date, String version, String released) {
        EngineProfile engine = Engines.named(name, date);
        assertThat(engine.version()).isEqualTo(version);
        assertThat(engine.assumptions().toString())
                .contains("of " + date + " is taken as " + version, "out by " + released);
    }

    @ParameterizedTest
    @CsvSource({
        "sglang, 2024-11, 'the first is 0.4 of 2024-12-03'",
        "vllm, 2024-07, 'the first is 0.6 of 2024-09-04'",
        "sglang, 2025-13, '2025-13'",
        "vllm, 2025-02-30, '2025-02-30'",
        "transformers, 2025-07, 'no release dates'"
    })
    void aDateBeforeAllThatIsKnownOrOutsideTheCalendarIsRefused(String name, String date, String said) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Engines.named(name, date))
                .withMessageContaining(said);
    }

    @ParameterizedTest
    @CsvSource({"0.7.0, 0.7.0", "0.7, 0.7", "0.7.1, 0.7", "0.7.3, 0.7", "0.7.x, 0.7", "0.8.0, 0.8", "0.19.0, 0.19"})
    void aThirdNumberTellsWhereFactsChangedWithinTheFirstTwo(String written, String read) {
        assertThat(Engines.vllm(written).version()).isEqualTo(read);
        assertThat(Engines.vllm(written)).hasToString("vllm " + read);
    }

    @Test
    void theLatentIsCachedSince071() {
        EngineFacts facts = EngineFacts.bundled("vllm");
        assertThat(facts.constant("latent_cached", facts.version("0.7.0")).whole())
                .isZero();
        assertThat(facts.constant("latent_cached", facts.version("0.7.1")).whole())
                .isEqualTo(1);
        assertThat(facts.constant("latent_cached", facts.version("0.7")).whole())
                .isEqualTo(1);
        assertThat(facts.constant("runtime_tp1", facts.version("0.7.0")).whole())
                .isEqualTo(facts.constant("runtime_tp1", facts.version("0.7.3")).whole());
    }

    @Test
    void whereOneSetOfFactsServesAllVersionsThatIsSaid() {
        assertThat(Engines.tensorRtLlm("1.2").assumptions().toString())
                .contains("one set of facts serves all versions of TensorRT-LLM from 1.0 on");
        assertThat(Engines.tensorRtLlm().assumptions().toString()).contains("one set of facts");
        assertThat(Engines.llamaCpp("b9500").assumptions().toString()).contains("llama.cpp b9500 is sized as b9464");
    }

    @Test
    void buildsBeforeTheServersOutputsWereLimitedReserveLogitsForEveryToken() {
        assertThat(Engines.llamaCpp("b9000").settings()).doesNotContain(EngineSetting.MAX_SEQUENCES);
        assertThat(Engines.llamaCpp("b9464").settings()).contains(EngineSetting.MAX_SEQUENCES);
        assertThat(Engines.llamaCpp("b9000").assumptions().toString())
                .contains("logits of one row for each batched token");
    }

    @Test
    void noEngineTakesTheWholeDeviceAndPadsNothing() {
        assertThat(Engines.NONE.budget(ByteSize.ofGibibytes(80), Engines.NONE.defaultMemoryFraction(), 0))
                .isEqualTo(ByteSize.ofGibibytes(80));
        assertThat(Engines.NONE.vocabularyMultiple()).isEqualTo(1);
        assertThat(Engines.NONE.defaultMemoryFraction()).isEqualTo(Ratio.ONE);
    }
}
