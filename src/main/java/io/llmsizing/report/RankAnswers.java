package io.llmsizing.report;

import io.llmsizing.Constraint;
import io.llmsizing.Deployment;
import io.llmsizing.Footprint;
import io.llmsizing.Sizing;
import io.llmsizing.units.ByteSize;
import io.llmsizing.workload.Workload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the ranks of each pipeline stage have left, or what runs out on them. */
public final class RankAnswers {
    private RankAnswers() {}

    /**
     * The ranks for programs.
     *
     * @param deployment everything spelled out
     * @return an entry for each stage, and the host's last if it has a part: {@code rank}, {@code budget_bytes},
     *     {@code headroom_bytes}, below 0 where it may not fit, and {@code binding_constraint}, null where there is room for sure
     */
    public static List<Map<String, Object>> json(Deployment deployment) {
        List<Map<String, Object>> ranks = new ArrayList<>();
        for (int stage = 0; stage < deployment.stages().size(); stage++) {
            Map<String, Object> rank = new LinkedHashMap<>();
            rank.put("rank", deployment.stages().get(stage).label());
            rank.put("budget_bytes", deployment.footprint().budget(stage));
            rank.put("headroom_bytes", headroom(deployment, stage));
            rank.put(
                    "binding_constraint",
                    Sizing.constraintOf(deployment, stage).map(Constraint::id).orElse(null));
            ranks.add(rank);
        }
        return ranks;
    }

    /** What runs out on the ranks of a stage; empty where nothing does. */
    static String text(Deployment deployment, int stage) {
        Optional<Constraint> bound = Sizing.constraintOf(deployment, stage);
        long lacking = -headroom(deployment, stage);
        return bound.map(constraint -> ", "
                        + (lacking > 0 ? "up to " + ByteSize.ofBytes(lacking).toDisplay() + " short, " : "")
                        + "bound by " + constraint.id().replace('_', ' '))
                .orElse("");
    }

    private static long headroom(Deployment deployment, int stage) {
        Footprint footprint = deployment.footprint();
        Workload workload = deployment.workload();
        return footprint.headroom(stage, workload.contextTokens(), workload.sequences());
    }
}
