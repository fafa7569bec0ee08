package io.llmsizing;

import io.llmsizing.engine.EngineProfile;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.units.Exact;
import io.llmsizing.workload.Workload;

/**
 * What a full step of an engine takes.
 *
 * @param maxSequences sequences of it
 * @param batchedTokens tokens of it
 */
record StepSizes(long maxSequences, long batchedTokens) {
    /** As the workload limits it, otherwise as the engine does by default, for what each replica holds of it. */
    static StepSizes of(Deployment deployment, Workload workload) {
        EngineProfile engine = deployment.engine();
        Accelerator first = deployment.cluster().firstAccelerator();
        long sequences = workload.maxSequences()
                .orElseGet(() -> engine.defaultMaxSequences(
                        first,
                        Exact.ceilDiv(workload.sequences(), deployment.layout().data())));
        long tokens = workload.maxBatchedTokens()
                .orElseGet(() -> engine.defaultBatchedTokens(first, workload.contextTokens()));
        return new StepSizes(
                sequences,
                Math.min(
                        tokens,
                        Exact.multiplyCapped(sequences, deployment.model().contextTokens())));
    }
}
