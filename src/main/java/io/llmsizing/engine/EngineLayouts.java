package io.llmsizing.engine;

import io.llmsizing.parallel.ParallelLayout;
import java.util.Optional;

/** Which layouts an engine can serve, whatever the model. */
public final class EngineLayouts {
    private EngineLayouts() {}

    /**
     * Why an engine can't serve a layout.
     *
     * @param engine the engine
     * @param layout the layout
     * @return reason and way out, or nothing
     */
    public static Optional<String> violation(EngineProfile engine, ParallelLayout layout) {
        if (layout.context() > 1 && !engine.features().contains(EngineFeature.CONTEXT_PARALLEL)) {
            return Optional.of("context parallel " + layout.context() + ": " + engine
                    + " is not known to spread the tokens of a sequence over tensor ranks; take vllm 0.11 or later, or leave it"
                    + " out");
        }
        if (layout.redundantExperts() > 0 && !engine.features().contains(EngineFeature.REDUNDANT_EXPERTS)) {
            return Optional.of("redundant experts " + layout.redundantExperts() + ": " + engine
                    + " is not known to copy experts; take vllm 0.10 or sglang 0.4.9 or later, or leave them out");
        }
        return engine.violation(layout);
    }
}
