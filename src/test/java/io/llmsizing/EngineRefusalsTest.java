package io.llmsizing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.engine.EngineProfile;
import io.llmsizing.engine.EngineSetting;
import io.llmsizing.engine.Engines;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.model.Model;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.quantization.CacheFormats;
import io.llmsizing.units.Ratio;
import io.llmsizing.workload.Workload;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EngineRefusalsTest {
    private static final Catalog CATALOG = Catalog.bundled();
    private static final Model DENSE = CATALOG.model("llama-3.1-8b");
    private static final Model DRAFTS = CATALOG.model("deepseek-ai/DeepSeek-R1");

    private static DeploymentBuilder builder(String engine, Model model, String cluster) {
        return Deployment.builder(model, Cluster.parse(cluster, CATALOG)).engine(Engines.named(engine, ""));
    }

    private static DeploymentBuilder asking(EngineSetting setting, String engine) {
        DeploymentBuilder builder = builder(engine, setting == EngineSetting.SPECULATIVE ? DRAFTS : DENSE, "16xH200");
        Workload workload = Workload.of(1, 1_024);
        return switch (setting) {
            case MEMORY_FRACTION -> builder.memoryFraction(Ratio.parse("0.7"));
            case BATCHED_TOKENS -> builder.workload(workload.maxBatchedTokens(512));
            case MAX_SEQUENCES -> builder.workload(workload.maxSequences(8));
            case EAGER -> builder.eager(true);
            case SPECULATIVE -> builder.speculative(true);
        };
    }

    @ParameterizedTest
    @CsvSource({
        "vllm, MEMORY_FRACTION BATCHED_TOKENS MAX_SEQUENCES EAGER SPECULATIVE",
        "sglang, MEMORY_FRACTION BATCHED_TOKENS MAX_SEQUENCES EAGER SPECULATIVE",
        "tensorrt-llm, MEMORY_FRACTION BATCHED_TOKENS MAX_SEQUENCES EAGER SPECULATIVE",
        "llama.cpp, BATCHED_TOKENS MAX_SEQUENCES SPECULATIVE",
        "none, MEMORY_FRACTION SPECULATIVE",
        "transformers, ''"
    })
    void aSettingThatAnEngineHasNotIsRefusedWithTheEngineAndTheWayOut(String engine, String known) {
        for (EngineSetting setting : EngineSetting.values()) {
            if (Arrays.asList(known.split(" ")).contains(setting.name())) {
                assertThatNoException()
                        .as("%s %s", engine, setting)
                        .isThrownBy(() -> asking(setting, engine).build());
            } else {
                assertThatIllegalArgumentException()
                        .as("%s %s", engine, setting)
                        .isThrownBy(() -> asking(setting, engine).build())
                        .withMessageStartingWith(setting.title() + ": ")
                        .withMessageContaining(engine)
                        .withMessageContaining(setting.wayOut());
            }
        }
    }

    @Test
    void theRefusalShowsTheValueAndWhatTheEngineHas() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> asking(EngineSetting.MEMORY_FRACTION, "llama.cpp").build())
                .withMessageContaining("memory fraction: 0.7, but llama.cpp b10573 has no such setting")
                .withMessageContaining("8xH200 (90%)")
                .withMessageContaining("it has: batched tokens, sequences in a step, speculative tokens");
    }

    @ParameterizedTest
    @CsvSource({
        "tensorrt-llm, MI300X, 'llama.cpp, sglang, transformers'",
        "tensorrt-llm, nvidia-v100-sxm2-32gb, 'vllm, llama.cpp, transformers'",
        "tensorrt-llm, M3 Ultra 256GB, 'none, llama.cpp, transformers'",
        "vllm, M3 Ultra 256GB, 'none, llama.cpp, transformers'",
        "sglang, M3 Ultra 256GB, 'none, llama.cpp, transformers'",
        "vllm, P40, 'none, llama.cpp, transformers'",
        "llama.cpp, TPU v5e, 'vllm, sglang, transformers'"
    })
    void aDeviceThatAnEngineDoesNotRunOnIsRefusedNamingEnginesThatDo(String engine, String device, String others) {
        assertThatExceptionOfType(InvalidLayoutException.class)
                .isThrownBy(() -> builder(engine, DENSE, device).build())
                .withMessageContaining(engine)
                .withMessageContaining("does not run on")
                .withMessageContaining(others);
    }

    @Test
    void theUsualEngineOfEveryAcceleratorRunsOnIt() {
        List<Accelerator> accelerators = CATALOG.accelerators();
        assertThat(accelerators)
                .hasSizeGreaterThan(300)
                .allSatisfy(
                        device -> assertThat(Engines.named(device.engine(), "").serves(device))
                                .as("%s on %s", device.engine(), device.name())
                                .isTrue());
    }

    @Test
    void ofUnlikeMachinesThoseServeThatTheEngineRunsOn() {
        Deployment deployment = builder("vllm", DENSE, "1xH100 + 1xP40").build();
        assertThat(deployment.cluster())
                .hasToString(Cluster.parse("1xH100", CATALOG).toString());
    }

    @ParameterizedTest
    @CsvSource({
        "vllm, int8",
        "vllm, q8_0",
        "sglang, nvfp4",
        "tensorrt-llm, fp8_e5m2",
        "llama.cpp, fp8",
        "transformers, fp8"
    })
    void aCacheFormatThatAnEngineHasNotIsRefusedNamingThoseThatItHas(String engine, String format) {
        EngineProfile profile = Engines.named(engine, "");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder(engine, DENSE, "H100")
                        .kvCache(CacheFormats.named(format))
                        .build())
                .withMessageContaining("kv_cache: " + profile + " keeps no cache in " + format)
                .withMessageContaining("bf16, ");
    }

    @ParameterizedTest
    @CsvSource({"vllm, nvfp4", "vllm, int8_per_token_head", "sglang, fp4_e2m1"})
    void aFormatThatSomeVersionsHaveIsSizedWithANote(String engine, String format) {
        assertThat(builder(engine, DENSE, "B200")
                        .kvCache(CacheFormats.named(format))
                        .build()
                        .assumptions()
                        .toString())
                .contains("not every version of " + engine + " keeps its cache in " + format);
    }

    @ParameterizedTest
    @CsvSource({
        "vllm, deepseek-ai/DeepSeek-V3, 'kv_cache: vLLM keeps rows of fp8_ds_mla for latents that are read sparsely, and'",
        "vllm, llama-3.1-8b, write fp8",
        "none, deepseek-ai/DeepSeek-V3.2, without an engine write fp8",
        "sglang, deepseek-ai/DeepSeek-V3.2, keeps no cache in fp8_ds_mla"
    })
    void rowsOfSparseLatentsAreRefusedWhereThereAreNone(String engine, String model, String said) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder(engine, CATALOG.model(model), "16xH200")
                        .kvCache(CacheFormats.FP8_DS_MLA)
                        .build())
                .withMessageContaining(said);
    }

    @ParameterizedTest
    @ValueSource(strings = {"deepseek-ai/DeepSeek-V3.2", "zai-org/GLM-5.2", "deepseek-ai/DeepSeek-V4-Flash"})
    void rowsOfSparseLatentsAreThoseOfFp8WhereThereAreSome(String model) {
        DeploymentBuilder builder = builder("vllm", CATALOG.model(model), "16xH200");
        assertThat(Sizing.size(builder.kvCache(CacheFormats.FP8_DS_MLA).build())
                        .finding()
                        .needed())
                .isEqualTo(Sizing.size(builder.kvCache(CacheFormats.FP8_E4M3).build())
                        .finding()
                        .needed());
    }

    /** vLLM: max_num_batched_tokens must be at least max_num_seqs; others take fewer sequences. */
    @ParameterizedTest
    @CsvSource({
        "H100, 256, 257, '257, but vllm 0.26 takes no more than 256 tokens in a step, and 1 to as many sequences'",
        "H100, 256, 257, 'ask for 257 batched tokens or more, or for fewer sequences in a step'",
        "RTX 4090, , 4096, 'takes no more than 2048 tokens in a step if it is not set otherwise'"
    })
    void moreSequencesInAStepThanTokensAreRefusedByAnEngineThatRefusesThem(
            String device, Long tokens, long most, String said) {
        Workload asked = Workload.of(1, 1_024).maxSequences(most);
        Workload workload = tokens == null ? asked : asked.maxBatchedTokens(tokens);
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> builder("vllm", DENSE, device).workload(workload).build())
                .withMessageStartingWith("sequences in a step: ")
                .withMessageContaining(said);
        assertThatNoException()
                .isThrownBy(() ->
                        builder("sglang", DENSE, device).workload(workload).build());
        assertThatNoException()
                .isThrownBy(() -> builder("vllm", DENSE, device)
                        .workload(workload.maxBatchedTokens(most))
                        .build());
    }

    /** The engine's own limit of sequences follows the tokens. */
    @Test
    void fewTokensInAStepAloneAreNoReasonToRefuse() {
        Deployment few = builder("vllm", DENSE, "H100")
                .workload(Workload.of(1, 1_024).maxBatchedTokens(64))
                .build();
        assertThat(few.stages().get(0).serving().maxSequences()).isEqualTo(64);
    }

    @Test
    void sequencesBeyondAStepThatWasSetAreRefusedAndBeyondTheUsualStepSaid() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder("vllm", DENSE, "H100")
                        .workload(Workload.of(100, 1_024).maxSequences(4))
                        .build())
                .withMessageContaining("100 sequences are to be held at once, but vllm 0.26 takes 4 in a step");
        assertThatNoException()
                .isThrownBy(() -> builder("vllm", DENSE, "2xH100")
                        .layout(ParallelLayout.tensor(1).data(2))
                        .workload(Workload.of(8, 1_024).maxSequences(4))
                        .build());
        assertThat(builder("vllm", DENSE, "A100-80GB")
                        .workload(Workload.of(1_000, 128))
                        .build()
                        .assumptions()
                        .toString())
                .contains("takes 256 of the 1000 sequences in a step");
        assertThat(builder("llama.cpp", DENSE, "H100")
                        .workload(Workload.of(40, 1_024))
                        .build()
                        .stages()
                        .get(0)
                        .serving()
                        .maxSequences())
                .isEqualTo(40);
    }

    @Test
    void expertParallelOfADenseModelIsIgnoredByOneEngineAndRefusedByTheOther() {
        ParallelLayout asked = ParallelLayout.tensor(2).expert(true);
        Deployment ignored = builder("sglang", DENSE, "2xH100").layout(asked).build();
        assertThat(ignored.layout()).isEqualTo(ParallelLayout.tensor(2));
        assertThat(ignored.assumptions().toString()).contains("expert parallel is ignored by sglang 0.5.11");
        assertThatExceptionOfType(InvalidLayoutException.class)
                .isThrownBy(() -> builder("vllm", DENSE, "2xH100").layout(asked).build())
                .withMessageContaining("has no experts; leave it off");
        assertThat(builder("sglang", DRAFTS, "16xH200")
                        .layout(ParallelLayout.tensor(16).expert(true))
                        .build()
                        .layout()
                        .expert())
                .isTrue();
    }
}
