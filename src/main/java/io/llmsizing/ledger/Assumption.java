package io.llmsizing.ledger;

/**
 * Something that was not stated and was taken to be so. Assumptions travel into the verdict.
 *
 * @param about the key, field or choice that it concerns
 * @param taken what was taken, and why
 */
public record Assumption(String about, String taken) {
    @Override
    public String toString() {
        return about + ": " + taken;
    }
}
