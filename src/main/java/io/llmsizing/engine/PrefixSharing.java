package io.llmsizing.engine;

import static com.google.common.base.Preconditions.checkArgument;

import io.llmsizing.kvcache.HeldSequences;
import io.llmsizing.workload.Workload;

/** Whether an engine holds what sequences share once. */
public final class PrefixSharing {
    private PrefixSharing() {}

    /**
     * The sequences of a workload as a rank holds them.
     *
     * @param engine that serves them
     * @param count sequences on the rank
     * @param workload how long they are and what they share
     * @return the sequences
     * @throws IllegalArgumentException if they share a prefix that the engine keeps for each, naming those that do not
     */
    public static HeldSequences held(EngineProfile engine, long count, Workload workload) {
        checkArgument(
                workload.sharedPrefixTokens() == 0 || engine.features().contains(EngineFeature.SHARED_PREFIX),
                "shared prefix tokens: %s, but %s keeps the whole cache of each sequence by itself; leave them out, or take vllm,"
                        + " sglang or tensorrt-llm",
                workload.sharedPrefixTokens(),
                engine);
        return new HeldSequences(count, workload.contextTokens(), workload.sharedPrefixTokens());
    }
}
