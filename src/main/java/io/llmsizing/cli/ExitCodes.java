package io.llmsizing.cli;

import io.llmsizing.Verdict;

/** What the process returns. */
final class ExitCodes {
    /** It fits; or a listing was printed. */
    static final int FITS = 0;

    /** It does not fit. */
    static final int DOES_NOT_FIT = 1;

    /** The question can't be answered as it was put. */
    static final int BAD_INPUT = 2;

    /** The budget lies inside the band of the need. */
    static final int TOO_CLOSE = 3;

    /** Something that should not happen in this program. */
    static final int OUR_FAULT = 70;

    private ExitCodes() {}

    static int of(Verdict verdict) {
        if (verdict instanceof Verdict.Fits) {
            return FITS;
        }
        return verdict instanceof Verdict.DoesNotFit ? DOES_NOT_FIT : TOO_CLOSE;
    }
}
