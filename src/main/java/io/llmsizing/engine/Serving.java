package io.llmsizing.engine;

import io.llmsizing.hardware.Accelerator;
import io.llmsizing.parallel.Rank;
import io.llmsizing.quantization.CacheFormat;
import io.llmsizing.quantization.WeightScheme;
import java.util.Optional;

/**
 * What one rank is asked to serve, whatever the number and length of the sequences.
 *
 * @param rank what it holds
 * @param experts what it holds of routed experts; the same rank, unless the experts of some layers stand elsewhere
 * @param weights how tensors are stored
 * @param cache how cached vectors are stored
 * @param batchedTokens tokens of a full step
 * @param maxSequences sequences of a full step
 * @param eager whether the engine runs without captured graphs
 * @param side whether it is a device or the host
 * @param device the kind of device, the one with the least memory where a stage has several; empty for the host, and where
 *     none is named
 * @param speculativeTokens tokens that multi-token prediction drafts in a step, 0 where it is not loaded
 */
public record Serving(
        Rank rank,
        Rank experts,
        WeightScheme weights,
        CacheFormat cache,
        long batchedTokens,
        long maxSequences,
        boolean eager,
        Side side,
        Optional<Accelerator> device,
        long speculativeTokens) {
    /** Where a rank is. */
    public enum Side {
        /** On a device, the whole model being on devices. */
        DEVICE,
        /** On a device, while the host computes layers or experts too. */
        DEVICE_BESIDE_HOST,
        /** In the memory of the machine's processors. */
        HOST
    }

    /**
     * A device of no known kind that holds all of its layers, the whole model being on devices.
     *
     * @param rank as documented above
     * @param weights as documented above
     * @param cache as documented above
     * @param batchedTokens as documented above
     * @param maxSequences as documented above
     * @param eager as documented above
     */
    public Serving(
            Rank rank, WeightScheme weights, CacheFormat cache, long batchedTokens, long maxSequences, boolean eager) {
        this(rank, rank, weights, cache, batchedTokens, maxSequences, eager, Side.DEVICE, Optional.empty());
    }

    /**
     * One that drafts one token if multi-token prediction is loaded.
     *
     * @param rank as documented above
     * @param experts as documented above
     * @param weights as documented above
     * @param cache as documented above
     * @param batchedTokens as documented above
     * @param maxSequences as documented above
     * @param eager as documented above
     * @param side as documented above
     * @param device as documented above
     */
    public Serving(
            Rank rank,
            Rank experts,
            WeightScheme weights,
            CacheFormat cache,
            long batchedTokens,
            long maxSequences,
            boolean eager,
            Side side,
            Optional<Accelerator> device) {
        this(
                rank,
                experts,
                weights,
                cache,
                batchedTokens,
                maxSequences,
                eager,
                side,
                device,
                rank.speculates() ? 1 : 0);
    }

    /**
     * The same served on another device.
     *
     * @param other its kind
     * @return all else as it is
     */
    public Serving on(Accelerator other) {
        return new Serving(
                rank,
                experts,
                weights,
                cache,
                batchedTokens,
                maxSequences,
                eager,
                side,
                Optional.of(other),
                speculativeTokens);
    }

    /**
     * The same served by another rank.
     *
     * @param other what it holds
     * @return all of it on a device of the same kind
     */
    public Serving of(Rank other) {
        return new Serving(
                other,
                other,
                weights,
                cache,
                batchedTokens,
                maxSequences,
                eager,
                Side.DEVICE,
                device,
                speculativeTokens);
    }
}
