package io.llmsizing.ledger;

/** How sure a line is. */
public enum Certainty {
    /** Follows from shapes and formats: right to the byte. */
    EXACT,
    /** Read off running systems, with the spread that was seen. */
    MEASURED,
    /** From a formula whose residuals against running systems give its band. */
    ESTIMATED
}
