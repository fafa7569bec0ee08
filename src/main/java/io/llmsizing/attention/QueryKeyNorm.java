package io.llmsizing.attention;

/** Normalisation of queries and keys inside an attention block. */
public enum QueryKeyNorm {
    /** None. */
    NONE,
    /** One gain vector of a head's width for the queries, one for the keys (Qwen3). */
    PER_HEAD,
    /** Gain vectors over all heads together (OLMo 2). */
    FULL_WIDTH
}
