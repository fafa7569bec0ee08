package io.llmsizing.ledger;

import io.llmsizing.units.Ratio;

/**
 * Takes postings of memory. Accounting code posts operands and the ledger multiplies: one arithmetic for the total
 * and for the explanation. There are two ledgers and there should be no third: two are inlined by the JIT, three are not.
 */
public sealed interface Ledger permits TotalLedger, ItemizedLedger {
    /**
     * Opens a section; postings until the matching {@link #leave} belong to it.
     *
     * @param section its name
     */
    void enter(String section);

    /** Closes the section opened last. */
    void leave();

    /**
     * Posts a product. Operands behind the line's last are 1.
     *
     * @param line what is posted
     * @param subject of what: a tensor's name, an attention's kind
     * @param part a part of the subject, or the empty text
     * @param a first operand, 0 or more
     * @param b second
     * @param c third
     * @param d fourth
     * @param e fifth
     * @throws ArithmeticException naming the line, where the product or the sum is beyond 2^63
     */
    void post(MemoryLine line, String subject, String part, long a, long b, long c, long d, long e);

    /**
     * Posts a product whose first operand is a fraction; the product is rounded up to a whole byte.
     *
     * @param line what is posted
     * @param subject of what
     * @param share first operand
     * @param b second operand, 0 or more
     * @param c third
     * @throws ArithmeticException naming the line, where the product or the sum is beyond 2^63
     */
    void postShare(MemoryLine line, String subject, Ratio share, long b, long c);

    /**
     * Posts that what other lines posted may be less or more than they say: no bytes, and both ends of a band.
     *
     * @param line whose formula has one operand, which is 0
     * @param subject of what
     * @param less by how many bytes it may be less, 0 or more and no more than was posted
     * @param more by how many bytes it may be more, 0 or more
     * @throws IllegalArgumentException if an end is out of range
     * @throws ArithmeticException naming the line, where the sum is beyond 2^63
     */
    void postDoubt(MemoryLine line, String subject, long less, long more);

    /**
     * What was posted so far, in all sections.
     *
     * @return bytes; {@link Long#MAX_VALUE} where they are beyond 2^63
     */
    long posted();

    /**
     * Posts a single operand.
     *
     * @param line what is posted
     * @param subject of what
     * @param a the operand, 0 or more
     */
    default void post(MemoryLine line, String subject, long a) {
        post(line, subject, "", a, 1, 1, 1, 1);
    }

    /**
     * Posts a product of two.
     *
     * @param line what is posted
     * @param subject of what
     * @param a first operand, 0 or more
     * @param b second
     */
    default void post(MemoryLine line, String subject, long a, long b) {
        post(line, subject, "", a, b, 1, 1, 1);
    }

    /**
     * Posts a product of three.
     *
     * @param line what is posted
     * @param subject of what
     * @param a first operand, 0 or more
     * @param b second
     * @param c third
     */
    default void post(MemoryLine line, String subject, long a, long b, long c) {
        post(line, subject, "", a, b, c, 1, 1);
    }

    /**
     * Posts a product of four.
     *
     * @param line what is posted
     * @param subject of what
     * @param a first operand, 0 or more
     * @param b second
     * @param c third
     * @param d fourth
     */
    default void post(MemoryLine line, String subject, long a, long b, long c, long d) {
        post(line, subject, "", a, b, c, d, 1);
    }
}
