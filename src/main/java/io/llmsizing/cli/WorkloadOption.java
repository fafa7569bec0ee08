package io.llmsizing.cli;

import io.llmsizing.document.JsonObject;
import io.llmsizing.engine.EngineProfile;
import io.llmsizing.model.Model;
import io.llmsizing.workload.Workload;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is held at once and what a step takes, as far as users say it. */
final class WorkloadOption {
    /** The setting with which prompts are not cut into chunks. */
    private static final long UNCUT = -1;

    @Option(
            names = "--context",
            paramLabel = "TOKENS",
            description =
                    "Tokens of each sequence. Default: 8192, or the model's context if shorter, or the shared prefix if longer.")
    private @Nullable Long contextTokens;

    @Option(names = "--sequences", paramLabel = "COUNT", description = "Sequences held at once. Default: 1.")
    private long sequences = 1;

    @Option(
            names = "--shared-prefix",
            paramLabel = "TOKENS",
            description =
                    "Tokens with which all sequences begin alike; each replica holds full pages of them once. Default: 0.")
    private long sharedPrefix;

    @Option(
            names = "--max-batched-tokens",
            paramLabel = "TOKENS",
            description = "Tokens of one step at most; -1 for prompts that are not cut.")
    private @Nullable Long maxBatchedTokens;

    @Option(names = "--max-sequences", paramLabel = "COUNT", description = "Sequences of one step at most.")
    private @Nullable Long maxSequences;

    /** The keys of a JSON line. */
    static WorkloadOption of(JsonObject line) {
        WorkloadOption option = new WorkloadOption();
        option.contextTokens =
                line.has("context_tokens") ? line.whole("context_tokens", 1, Workload.MOST_TOKENS) : null;
        option.sequences = line.whole("sequences", 1, Workload.MOST_SEQUENCES, 1);
        option.sharedPrefix = line.whole("shared_prefix_tokens", 0, Workload.MOST_TOKENS, 0);
        option.maxBatchedTokens =
                line.has("max_batched_tokens") ? line.whole("max_batched_tokens", UNCUT, 1L << 31) : null;
        option.maxSequences = line.has("max_sequences") ? line.whole("max_sequences", 1, 1L << 31) : null;
        return option;
    }

    boolean namesContext() {
        return contextTokens != null;
    }

    /** With the engine's own limits for what is not said. */
    Workload workload(Model wanted, EngineProfile profile) {
        return new Workload(
                sequences,
                contextTokens == null
                        ? Math.max(Workload.usualContext(wanted.contextTokens()), sharedPrefix)
                        : contextTokens,
                batchedTokens(profile),
                maxSequences == null ? OptionalLong.empty() : OptionalLong.of(maxSequences),
                sharedPrefix);
    }

    private OptionalLong batchedTokens(EngineProfile profile) {
        if (maxBatchedTokens == null) {
            return OptionalLong.empty();
        }
        if (maxBatchedTokens != UNCUT) {
            return OptionalLong.of(maxBatchedTokens);
        }
        return OptionalLong.of(
                profile.uncutTokens()
                        .orElseThrow(
                                () -> new IllegalArgumentException(
                                        "max_batched_tokens: -1, but " + profile
                                                + " has no setting for prompts that are not cut; write the tokens of a step, or leave it out")));
    }
}
