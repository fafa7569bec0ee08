package io.llmsizing.workload;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.OptionalLong;

/**
 * What must be held at once, and the scheduler's limits.
 *
 * @param sequences sequences held at the same time, 1 to 2^31
 * @param contextTokens tokens of each, prompt and answer together, 1 to 2^40
 * @param maxBatchedTokens tokens that one step processes at most; the engine's default where empty
 * @param maxSequences sequences that one step processes at most; the engine's default where empty
 * @param sharedPrefixTokens tokens with which all sequences begin alike, 0 to the context; each replica holds whole pages of
 *     them once
 */
public record Workload(
        long sequences,
        long contextTokens,
        OptionalLong maxBatchedTokens,
        OptionalLong maxSequences,
        long sharedPrefixTokens) {
    /** The most sequences taken for real. */
    public static final long MOST_SEQUENCES = 1L << 31;

    /** The most tokens taken for real. */
    public static final long MOST_TOKENS = 1L << 40;

    private static final long USUAL_CONTEXT = 8_192;

    /**
     * Checks the ranges.
     *
     * @param sequences as documented above
     * @param contextTokens as documented above
     * @param maxBatchedTokens as documented above
     * @param maxSequences as documented above
     * @param sharedPrefixTokens as documented above
     * @throws IllegalArgumentException naming the value and the range
     */
    public Workload {
        inRange("sequences", sequences, MOST_SEQUENCES);
        inRange("context tokens", contextTokens, MOST_TOKENS);
        maxBatchedTokens.ifPresent(tokens -> inRange("batched tokens", tokens, 1L << 31));
        maxSequences.ifPresent(limit -> inRange("sequences in a step", limit, 1L << 31));
        checkArgument(
                sharedPrefixTokens >= 0 && sharedPrefixTokens <= contextTokens,
                "shared prefix tokens: %s; 0 to the %s tokens of a sequence allowed",
                sharedPrefixTokens,
                contextTokens);
    }

    /**
     * Sequences that share no prefix.
     *
     * @param sequences as documented above
     * @param contextTokens as documented above
     * @param maxBatchedTokens as documented above
     * @param maxSequences as documented above
     */
    public Workload(long sequences, long contextTokens, OptionalLong maxBatchedTokens, OptionalLong maxSequences) {
        this(sequences, contextTokens, maxBatchedTokens, maxSequences, 0);
    }

    /**
     * The length of a sequence of which nothing is said.
     *
     * @param longest the model's context, at least 1 token
     * @return 8,192 tokens, or the model's context if that is shorter
     */
    public static long usualContext(long longest) {
        return Math.min(USUAL_CONTEXT, longest);
    }

    private static void inRange(String what, long value, long most) {
        checkArgument(value >= 1 && value <= most, "%s: %s; 1 to %s allowed", what, value, most);
    }

    /**
     * Sequences of a length, scheduled as the engine does by default.
     *
     * @param sequences held at the same time
     * @param contextTokens tokens of each
     * @return the workload
     */
    public static Workload of(long sequences, long contextTokens) {
        return new Workload(sequences, contextTokens, OptionalLong.empty(), OptionalLong.empty());
    }

    /**
     * The same with a limit on the tokens of one step.
     *
     * @param tokens 1 to 2^31
     * @return the changed workload
     */
    public Workload maxBatchedTokens(long tokens) {
        return new Workload(sequences, contextTokens, OptionalLong.of(tokens), maxSequences, sharedPrefixTokens);
    }

    /**
     * The same with a limit on the sequences of one step.
     *
     * @param limit 1 to 2^31
     * @return the changed workload
     */
    public Workload maxSequences(long limit) {
        return new Workload(sequences, contextTokens, maxBatchedTokens, OptionalLong.of(limit), sharedPrefixTokens);
    }

    /**
     * The same with a prefix that all sequences share, such as a system prompt, which engines that cache prefixes hold once:
     * of 1,000 tokens in pages of 16, the first 992.
     *
     * @param tokens 0 to the tokens of a sequence
     * @return the changed workload
     */
    public Workload sharedPrefix(long tokens) {
        return new Workload(sequences, contextTokens, maxBatchedTokens, maxSequences, tokens);
    }

    /**
     * The same with another number of sequences.
     *
     * @param held 1 to 2^31
     * @return the changed workload
     */
    public Workload sequences(long held) {
        return new Workload(held, contextTokens, maxBatchedTokens, maxSequences, sharedPrefixTokens);
    }

    /**
     * The same with another length of the sequences.
     *
     * @param tokens of each, 1 or the shared prefix to 2^40
     * @return the changed workload
     */
    public Workload contextTokens(long tokens) {
        return new Workload(sequences, tokens, maxBatchedTokens, maxSequences, sharedPrefixTokens);
    }
}
