package io.llmsizing;

import io.llmsizing.engine.EngineProfile;
import io.llmsizing.ledger.Assumption;
import io.llmsizing.model.Model;
import io.llmsizing.parallel.ParallelLayout;
import java.util.Optional;

/** Expert parallelism asked for a model without experts, under an engine that starts all the same. */
public final class DenseExperts {
    private DenseExperts() {}

    /**
     * What is to be said where an engine ignores expert parallelism.
     *
     * @param engine the engine
     * @param model what is laid out
     * @param asked the layout
     * @return nothing where it is heeded
     */
    public static Optional<Assumption> ignored(EngineProfile engine, Model model, ParallelLayout asked) {
        return engine.laidOut(model, asked).equals(asked)
                ? Optional.empty()
                : Optional.of(new Assumption(
                        "layout",
                        "expert parallel is ignored by " + engine + ", since " + model.name()
                                + " has no experts to deal out"));
    }

    /**
     * The request as an engine heeds it.
     *
     * @param engine the engine
     * @param model what is laid out
     * @param asked the request
     * @return the same, or one that deals out no experts
     */
    public static LayoutRequest request(EngineProfile engine, Model model, LayoutRequest asked) {
        ParallelLayout smallest = asked.smallest();
        return engine.laidOut(model, smallest).equals(smallest)
                ? asked
                : new LayoutRequest(asked.tensor(), asked.pipeline(), asked.data(), Optional.of(false));
    }
}
