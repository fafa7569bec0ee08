package io.llmsizing.ledger;

import static com.google.common.base.Preconditions.checkArgument;

import io.llmsizing.units.Ratio;

/** The multiplication that both ledgers do. */
final class Product {
    private Product() {}

    static long of(MemoryLine line, String subject, long a, long b, long c, long d, long e) {
        try {
            return Math.multiplyExact(Math.multiplyExact(Math.multiplyExact(a, b), Math.multiplyExact(c, d)), e);
        } catch (ArithmeticException overflow) {
            throw beyond(line, subject, a + " * " + b + " * " + c + " * " + d + " * " + e, overflow);
        }
    }

    static long of(MemoryLine line, String subject, Ratio share, long b, long c) {
        try {
            return share.ceilOf(Math.multiplyExact(b, c));
        } catch (ArithmeticException overflow) {
            throw beyond(line, subject, share + " * " + b + " * " + c, overflow);
        }
    }

    static long sum(MemoryLine line, String subject, long total, long bytes) {
        try {
            return Math.addExact(total, bytes);
        } catch (ArithmeticException overflow) {
            throw beyond(line, subject, total + " + " + bytes, overflow);
        }
    }

    static void checkDoubt(MemoryLine line, long posted, long less, long more) {
        checkArgument(
                less >= 0 && less <= posted && more >= 0,
                "line %s: %s B less and %s B more than the %s B that were posted; 0 to all of them less, and 0 or more",
                line.id(),
                less,
                more,
                posted);
        checkArgument(
                line.operandNames().size() == 1 && line.certainty() != Certainty.EXACT,
                "line %s posts a doubt: one operand, and not exact",
                line.id());
    }

    static long low(MemoryLine line, long bytes) {
        return line.certainty() == Certainty.EXACT ? bytes : line.band().lowOf(bytes);
    }

    static long high(MemoryLine line, String subject, long bytes) {
        try {
            return line.certainty() == Certainty.EXACT ? bytes : line.band().highOf(bytes);
        } catch (ArithmeticException overflow) {
            throw beyond(line, subject, "the upper end of the band of " + bytes, overflow);
        }
    }

    private static ArithmeticException beyond(
            MemoryLine line, String subject, String operation, ArithmeticException overflow) {
        ArithmeticException named = new ArithmeticException(
                "line " + line.id() + " (" + subject + "): " + operation + " is beyond 2^63 bytes");
        named.initCause(overflow);
        return named;
    }
}
