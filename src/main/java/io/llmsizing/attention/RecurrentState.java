package io.llmsizing.attention;

import static com.google.common.base.Preconditions.checkArgument;

import io.llmsizing.units.Exact;

/**
 * What a layer keeps of one sequence whatever its length: the state of a recurrence, or the last inputs of a short
 * convolution.
 *
 * @param name for people, such as {@code convolution}
 * @param channels rows of the state, which tensor parallelism cuts
 * @param columns elements of a channel; for a convolution the taps of its kernel
 * @param elementBytes bytes of an element, whatever the cache format: 2 in the model's type, 4 in FP32
 * @param convolution whether the columns are the taps of a kernel, of which some engines keep all but the newest
 * @param granule channels that tensor parallelism keeps together, in copies where there are fewer of them than ranks
 */
public record RecurrentState(
        String name, long channels, long columns, long elementBytes, boolean convolution, long granule) {
    /**
     * Checks the ranges.
     *
     * @param name as documented above
     * @param channels as documented above
     * @param columns as documented above
     * @param elementBytes as documented above
     * @param convolution as documented above
     * @param granule as documented above
     * @throws IllegalArgumentException if a size is out of range
     */
    public RecurrentState {
        checkArgument(
                channels >= 1 && channels <= 1L << 32 && columns >= 1 && columns <= 1L << 24,
                "state %s of %s channels x %s; at most 2^32 and 2^24",
                name,
                channels,
                columns);
        checkArgument(
                granule >= 1 && channels % granule == 0,
                "state %s of %s channels in granules of %s",
                name,
                channels,
                granule);
        checkArgument(
                elementBytes == 2 || elementBytes == 4, "state %s: %s bytes an element; 2 or 4", name, elementBytes);
    }

    /**
     * A state that tensor parallelism cuts anywhere.
     *
     * @param name for people, such as {@code convolution}
     * @param channels rows of the state
     * @param columns elements of a channel
     * @param elementBytes bytes of an element
     * @param convolution whether the columns are the taps of a kernel
     */
    public RecurrentState(String name, long channels, long columns, long elementBytes, boolean convolution) {
        this(name, channels, columns, elementBytes, convolution, 1);
    }

    /**
     * The last inputs of a short convolution, kept in 16 bits.
     *
     * @param channels that it runs over
     * @param taps of its kernel
     * @return the state
     */
    public static RecurrentState convolution(long channels, long taps) {
        return new RecurrentState("convolution", channels, taps, 2, true);
    }

    /**
     * The state of a recurrence, kept in FP32.
     *
     * @param channels that tensor parallelism cuts
     * @param columns of each
     * @return the state
     */
    public static RecurrentState recurrence(long channels, long columns) {
        return new RecurrentState("recurrence", channels, columns, 4, false);
    }

    /**
     * The same state, cut between some of its channels only.
     *
     * @param together channels that stay together, a divisor of all
     * @return the state
     */
    public RecurrentState inGranulesOf(long together) {
        return new RecurrentState(name, channels, columns, elementBytes, convolution, together);
    }

    /**
     * The last vector that a token shift mixes into the next (RWKV), kept in 16 bits, whole on every rank.
     *
     * @param width of the vector
     * @return the state
     */
    public static RecurrentState shift(long width) {
        return new RecurrentState("token shift", width, 1, 2, false, width);
    }

    /**
     * The channels that one rank holds.
     *
     * @param ranks tensor-parallel ranks, 1 or more
     * @return their number, uneven cuts rounded up: a single group of 256 channels stands on every rank
     */
    public long channelsOnRank(long ranks) {
        return Exact.ceilDiv(channels / granule, ranks) * granule;
    }
}
