package io.llmsizing.engine;

import com.google.common.collect.ImmutableList;
import io.llmsizing.ledger.Assumption;
import io.llmsizing.ledger.Ledger;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.Model;
import io.llmsizing.parallel.Rank;
import java.util.List;

/**
 * Which of its two model runners vLLM serves a model with, as far as its shape tells, and what follows: how many steps are in flight
 * at once, and whether an estimate of the graphs is taken off the budget or the graphs stand beside it.
 */
final class VllmRunner {
    private static final int FOR_SOME_DENSE = 1;
    private static final int FOR_ALL_DENSE = 2;

    private final EngineVersion version;
    private final int second;
    private final boolean stepsOverlap;
    private final boolean graphsInBudget;
    private final VllmGraphs graphs;

    /** A model runner. */
    private enum Choice {
        FIRST,
        SECOND,
        /** Models of one shape have either, by their class. */
        UNKNOWN
    }

    VllmRunner(EngineFacts facts, EngineVersion version) {
        this.version = version;
        this.second = (int) facts.constant("second_runner", version).whole();
        this.stepsOverlap = facts.constant("steps_overlap", version).whole() == 1;
        this.graphsInBudget = facts.constant("graphs_in_budget", version).whole() == 1;
        this.graphs = new VllmGraphs(facts, version);
    }

    /** vLLM config/vllm.py: by class, by routed experts, and by states, which make a model hybrid there. */
    private Choice of(Model model) {
        if (second < FOR_SOME_DENSE || (keepsStates(model) && !model.hasExperts())) {
            return Choice.FIRST;
        }
        return second >= FOR_ALL_DENSE && !model.hasExperts() ? Choice.SECOND : Choice.UNKNOWN;
    }

    private static boolean keepsStates(Model model) {
        for (LayerGroup group : model.layers().groups()) {
            if (!group.attention().states().isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** Steps whose tokens windows must keep, of two that may be the more. */
    long stepsInFlight(Rank rank) {
        int stages = rank.layout().pipeline();
        if (!stepsOverlap || (of(rank.model()) == Choice.FIRST && stages > 1)) {
            return stages;
        }
        return stages + 1L;
    }

    /** Posts an estimate of the graphs where it is taken off the budget. */
    void accountWithin(Ledger ledger, Serving serving) {
        Choice choice = of(serving.rank().model());
        if (graphsInBudget && choice != Choice.SECOND) {
            graphs.account(ledger, serving, choice != Choice.FIRST);
        }
    }

    /** Posts the graphs where they stand beside the budget. */
    void accountBeside(Ledger ledger, Serving serving) {
        if (!graphsInBudget || of(serving.rank().model()) == Choice.SECOND) {
            graphs.account(ledger, serving, false);
        }
    }

    /** Which runner is taken; nothing of versions that have one. */
    List<Assumption> assumptions(Serving serving) {
        if (second < FOR_SOME_DENSE) {
            return ImmutableList.of();
        }
        String taken = switch (of(serving.rank().model())) {
            case FIRST -> "the first, since layers keep states: graphs are within the budget";
            case SECOND ->
                "the second, since there are no routed experts and no states: graphs stand beside the budget";
            case UNKNOWN ->
                "the first or the second, by the model's class: counted is what takes more, graphs within"
                        + " the budget, or none there at best";
        };
        return ImmutableList.of(new Assumption("model runner", "vLLM " + version + " takes " + taken));
    }
}
