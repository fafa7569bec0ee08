package io.llmsizing.cli;

/** How many rows are shown. */
final class TopCount {
    private TopCount() {}

    static int checked(int top) {
        if (top < 1) {
            throw new IllegalArgumentException("--top " + top + "; 1 or more allowed");
        }
        return top;
    }
}
