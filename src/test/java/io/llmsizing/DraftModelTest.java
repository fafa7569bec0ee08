package io.llmsizing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.engine.EngineProfile;
import io.llmsizing.engine.Engines;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.ledger.LineItem;
import io.llmsizing.ledger.TotalLedger;
import io.llmsizing.model.Model;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.reader.HuggingFaceReader;
import io.llmsizing.reader.UnsupportedArchitectureException;
import io.llmsizing.weights.WeightMemory;
import io.llmsizing.workload.Workload;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** A second model that drafts takes its weights and its cache on the ranks of the last stage. */
class DraftModelTest {
    private static final Catalog CATALOG = Catalog.bundled();
    private static final Model TARGET = CATALOG.model("meta-llama/Llama-3.1-70B");
    private static final Model DRAFT = CATALOG.model("meta-llama/Llama-3.1-8B");

    private static DeploymentBuilder on(Model model, ParallelLayout layout, EngineProfile engine) {
        return Deployment.builder(model, Cluster.of(CATALOG.accelerator("H200"), 8))
                .layout(layout)
                .engine(engine);
    }

    private static long bytes(LineItem root, String section) {
        return root.find(section).map(LineItem::bytes).orElse(0L);
    }

    @Property(tries = 60)
    void footprintEqualsExplanationAndADraftNeverTakesLess(
            @ForAll @IntRange(min = 0, max = 3) int tensor,
            @ForAll @IntRange(min = 1, max = 2) int stages,
            @ForAll @LongRange(min = 1, max = 131_072) long tokens,
            @ForAll @LongRange(min = 1, max = 500) long sequences,
            @ForAll boolean engine,
            @ForAll boolean prefix) {
        Workload workload = Workload.of(sequences, tokens);
        DeploymentBuilder builder = on(
                        TARGET,
                        ParallelLayout.tensor(Math.min(4, 1 << tensor)).pipeline(stages),
                        engine ? Engines.vllm() : Engines.NONE)
                .workload(engine && prefix ? workload.sharedPrefix(tokens / 2) : workload);
        Deployment without = builder.build();
        Deployment with = builder.draft(DRAFT).build();
        for (int stage = 0; stage < stages; stage++) {
            TotalLedger walk = new TotalLedger();
            Sizing.walk(with, stage, walk);
            LineItem root = Sizing.explain(with, stage);
            assertThat(with.footprint().bytes(stage, tokens, sequences))
                    .isEqualTo(walk.bytes())
                    .isEqualTo(root.bytes())
                    .isEqualTo(without.footprint().bytes(stage, tokens, sequences)
                            + bytes(root, "draft")
                            + bytes(root, "kv_cache.draft"));
            assertThat(bytes(root, "draft") > 0).isEqualTo(stage == stages - 1);
        }
        long most = with.footprint().maxSequences(tokens);
        assertThat(most).isLessThanOrEqualTo(without.footprint().maxSequences(tokens));
        assertThat(most == 0 || with.footprint().fits(tokens, most)).isTrue();
        assertThat(with.footprint().fits(tokens, most + 1)).isFalse();
    }

    @Example
    void aModelThatDraftsForItselfDoublesWeightsAndCache() {
        for (int tensor : new int[] {1, 2, 8}) {
            Deployment twice = on(DRAFT, ParallelLayout.tensor(tensor), Engines.vllm())
                    .draft(DRAFT)
                    .build();
            LineItem root = Sizing.explain(twice);
            assertThat(bytes(root, "kv_cache.draft")).isPositive().isEqualTo(bytes(root, "kv_cache"));
            assertThat(bytes(root, "draft")).isEqualTo(bytes(root, "weights") + bytes(root, "loading"));
            Deployment once =
                    on(DRAFT, ParallelLayout.tensor(tensor), Engines.vllm()).build();
            assertThat(twice.footprint().bytesPerPage(0))
                    .isEqualTo(2 * once.footprint().bytesPerPage(0));
        }
        assertThat(bytes(
                        Sizing.explain(on(DRAFT, ParallelLayout.SINGLE, Engines.NONE)
                                .draft(DRAFT)
                                .build()),
                        "draft"))
                .isEqualTo(WeightMemory.bytes(DRAFT, DRAFT.weights(), false));
    }

    @Example
    void unlikePagesAreSaidToBeEstimatedAndSettingsCarryTheDraft() {
        Deployment pooled = on(CATALOG.model("google/gemma-3-27b-it"), ParallelLayout.SINGLE, Engines.vllm())
                .draft(CATALOG.model("google/gemma-3-4b-it"))
                .build();
        assertThat(pooled.assumptions())
                .anyMatch(note -> note.taken().startsWith("its cache is estimated in pages of its own"));
        Deployment again = pooled.toBuilder().build();
        assertThat(again.draft()).isEqualTo(pooled.draft()).isPresent();
        assertThat(again.footprint().bytes(0, 8_192, 3))
                .isEqualTo(Sizing.explain(with(again, 3)).bytes());
    }

    private static Deployment with(Deployment deployment, long sequences) {
        return deployment.toBuilder().workload(Workload.of(sequences, 8_192)).build();
    }

    @Example
    void whatCannotDraftIsRefusedWithAWayOut() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> on(TARGET, ParallelLayout.SINGLE, Engines.vllm("0.13"))
                        .draft(DRAFT)
                        .build())
                .withMessageContaining("vllm 0.13 does not draft with a second model")
                .withMessageContaining("leave it out, or take vllm");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> on(TARGET, ParallelLayout.SINGLE, Engines.named("transformers", ""))
                        .draft(DRAFT)
                        .build())
                .withMessageContaining("does not draft with a second model");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> on(TARGET, ParallelLayout.SINGLE, Engines.vllm())
                        .draft(CATALOG.model("Qwen/Qwen3-0.6B"))
                        .build())
                .withMessageContaining("a vocabulary of 151936 tokens")
                .withMessageContaining("one of 128256; take a draft with the same");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> on(CATALOG.model("deepseek-r1"), ParallelLayout.tensor(8), Engines.vllm())
                        .speculativeTokens(2)
                        .draft(CATALOG.model("deepseek-r1"))
                        .build())
                .withMessageContaining("together with 2 tokens of multi-token prediction; leave one of them out");
        assertThatThrownBy(() -> on(CATALOG.model("Qwen/Qwen2.5-3B"), ParallelLayout.tensor(4), Engines.vllm())
                        .draft(CATALOG.model("Qwen/Qwen2.5-0.5B"))
                        .build())
                .isInstanceOf(InvalidLayoutException.class)
                .hasMessageContaining("draft Qwen/Qwen2.5-0.5B, tensor parallel 4: 14 attention heads do not divide")
                .hasMessageContaining("sizes that work: 1, 2");
    }

    @Example
    void anEagleHeadIsRefusedByNameAndTheWayOutIsAWholeModel() {
        assertThatThrownBy(() -> HuggingFaceReader.read(
                        "{\"architectures\": [\"LlamaForCausalLMEagle3\"], \"model_type\": \"llama\"}", "head"))
                .isInstanceOf(UnsupportedArchitectureException.class)
                .hasMessageContaining(
                        "LlamaForCausalLMEagle3: Eagle heads are not read yet; a draft (--draft) is a whole model");
    }
}
