package io.llmsizing;

import io.llmsizing.units.ByteSize;

/**
 * What sizing found out, whatever the verdict.
 *
 * @param deployment what was sized
 * @param rank the tightest rank, for people
 * @param stage its pipeline stage
 * @param needed what it needs
 * @param low the least that it may need
 * @param high the most that it may need
 * @param budget what it may use
 * @param maxContext tokens of the longest context that fits for sure with as many sequences, 0 if none
 * @param maxSequences sequences of this context that fit for sure, 0 if none
 * @param bindingConstraint what runs out first
 */
public record Finding(
        Deployment deployment,
        String rank,
        int stage,
        ByteSize needed,
        ByteSize low,
        ByteSize high,
        ByteSize budget,
        long maxContext,
        long maxSequences,
        Constraint bindingConstraint) {}
