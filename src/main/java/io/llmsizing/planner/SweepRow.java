package io.llmsizing.planner;

import io.llmsizing.NodeVerdicts;

/**
 * A point of a sweep and its verdict.
 *
 * @param point its number in the whole space, from 0
 * @param model by name
 * @param accelerator by name
 * @param count devices in the one machine
 * @param weights the format by name
 * @param contextTokens of each sequence
 * @param sequences held at once
 * @param code of {@link NodeVerdicts}
 */
public record SweepRow(
        long point,
        String model,
        String accelerator,
        int count,
        String weights,
        long contextTokens,
        long sequences,
        byte code) {
    /**
     * The verdict in machine-readable answers.
     *
     * @return the id of the verdict, or {@code refused}
     */
    public String verdict() {
        return switch (code) {
            case NodeVerdicts.FITS -> "fits";
            case NodeVerdicts.TOO_CLOSE_TO_CALL -> "too_close_to_call";
            case NodeVerdicts.DOES_NOT_FIT -> "does_not_fit";
            default -> "refused";
        };
    }
}
