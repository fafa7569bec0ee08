package io.llmsizing.engine;

import com.google.common.collect.ImmutableList;
import io.llmsizing.ledger.Certainty;
import io.llmsizing.ledger.Ledger;
import io.llmsizing.ledger.MemoryLine;
import io.llmsizing.model.Model;
import io.llmsizing.parallel.ParallelLayout;
import java.util.List;

/** What communication and kernels of vLLM allocate beside weights and steps: section {@code runtime}. */
final class VllmRuntime {
    private static final int STAGED = 4;

    private final ImmutableList<MemoryLine> growth;
    private final ImmutableList<Long> growthBytes;
    private final MemoryLine allToAll;
    private final long allToAllBytes;
    private final MemoryLine latentWorkspace;
    private final long latentWorkspaceTokens;

    VllmRuntime(EngineFacts facts, EngineVersion version) {
        ImmutableList.Builder<MemoryLine> lines = ImmutableList.builder();
        ImmutableList.Builder<Long> sizes = ImmutableList.builder();
        for (String size : List.of("runtime_tp1", "runtime_tp2", "runtime_tp4", "runtime_tp8", "runtime_staged")) {
            EngineConstant runtime = facts.constant(size, version);
            lines.add(runtime.line("runtime.growth", "bytes", Certainty.MEASURED));
            sizes.add(runtime.whole());
        }
        this.growth = lines.build();
        this.growthBytes = sizes.build();
        EngineConstant exchange = facts.constant("expert_all_to_all", version);
        this.allToAll = exchange.line("runtime.expert_all_to_all", "bytes", Certainty.ESTIMATED);
        this.allToAllBytes = exchange.whole();
        EngineConstant workspace = facts.constant("latent_workspace_tokens", version);
        this.latentWorkspace = workspace.line(
                "runtime.latent_workspace", "tokens * latent_width * element_bytes", Certainty.ESTIMATED);
        this.latentWorkspaceTokens = workspace.whole();
    }

    void account(Ledger ledger, Serving serving) {
        ParallelLayout ranks = serving.rank().layout();
        int size = sizeOf(serving.rank().model(), ranks);
        ledger.enter("runtime");
        ledger.post(growth.get(size), "communication and kernels", growthBytes.get(size));
        if (ranks.expert() && ranks.data() > 1) {
            ledger.post(allToAll, "exchange of tokens between experts", allToAllBytes);
        }
        LatentLayers.first(serving.rank())
                .ifPresent(latent -> ledger.post(
                        latentWorkspace,
                        "prefill workspace of latent attention",
                        latentWorkspaceTokens,
                        latent.latentRank() + latent.rotaryWidth(),
                        2));
        ledger.leave();
    }

    /**
     * Ranks that are stages of a pipeline and nothing else allocate less than a rank alone. Replicas work together on experts and
     * on nothing else.
     */
    private static int sizeOf(Model model, ParallelLayout layout) {
        int ranks = model.hasExperts() ? layout.expertRanks() : layout.tensor();
        if (ranks == 1) {
            return layout.pipeline() == 1 ? 0 : STAGED;
        }
        return ranks >= 8 ? 3 : ranks >= 3 ? 2 : 1;
    }
}
