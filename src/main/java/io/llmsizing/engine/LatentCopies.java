package io.llmsizing.engine;

import io.llmsizing.attention.Attention;
import io.llmsizing.attention.MultiHeadLatent;
import io.llmsizing.ledger.Ledger;
import io.llmsizing.ledger.MemoryLine;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.parallel.Rank;
import io.llmsizing.units.Exact;
import java.util.List;

/** The projections of latent attention that an engine keeps once more, in 16 bits, to decode without projecting up. */
final class LatentCopies {
    private final MemoryLine line;

    /**
     * Copies as an engine makes them.
     *
     * @param source where that was read
     */
    LatentCopies(String source) {
        line = MemoryLine.exact(
                "loading.latent_copies", "layers * latent * heads * head_widths * element_bytes", source);
    }

    void account(Ledger ledger, Rank rank) {
        List<LayerGroup> groups = rank.model().layers().groups();
        for (int group = 0; group < groups.size(); group++) {
            account(ledger, rank, groups.get(group).attention(), rank.layersOfGroup(group));
        }
        if (rank.speculativeBlocks() > 0) {
            Attention attention =
                    rank.model().speculativeHead().orElseThrow().layer().attention();
            account(ledger, rank, attention, rank.speculativeBlocks());
        }
    }

    private void account(Ledger ledger, Rank rank, Attention attention, int layers) {
        for (MultiHeadLatent latent : layers > 0 ? LatentLayers.in(attention) : List.<MultiHeadLatent>of()) {
            ledger.post(
                    line,
                    "absorbed projections",
                    "",
                    layers,
                    latent.latentRank(),
                    Exact.ceilDiv(latent.heads(), rank.layout().tensor()),
                    latent.plainWidth() + latent.valueWidth(),
                    2);
        }
    }
}
