package io.llmsizing.kvcache;

import static com.google.common.base.Preconditions.checkArgument;

/**
 * Sequences that a rank holds at once, all of one length, which may begin with the same tokens.
 *
 * @param count of them, 0 or more
 * @param tokens of each, 0 or more
 * @param prefixTokens with which all begin, 0 to the tokens of each; whole pages of these are held once
 */
public record HeldSequences(long count, long tokens, long prefixTokens) {
    /**
     * Checks the ranges.
     *
     * @param count as documented above
     * @param tokens as documented above
     * @param prefixTokens as documented above
     * @throws IllegalArgumentException if a number is out of range
     */
    public HeldSequences {
        checkArgument(count >= 0 && tokens >= 0, "%s sequences of %s tokens; 0 or more of both", count, tokens);
        checkArgument(
                prefixTokens >= 0 && prefixTokens <= tokens,
                "a shared prefix of %s tokens in sequences of %s; 0 to %s allowed",
                prefixTokens,
                tokens,
                tokens);
    }

    /**
     * Sequences that share nothing.
     *
     * @param count of them, 0 or more
     * @param tokens of each, 0 or more
     * @return the sequences
     */
    public static HeldSequences apart(long count, long tokens) {
        return new HeldSequences(count, tokens, 0);
    }

    /**
     * Tokens that more than one of them begin with.
     *
     * @return 0 for a single sequence, which has nothing to share
     */
    public long sharedTokens() {
        return count > 1 ? prefixTokens : 0;
    }
}
