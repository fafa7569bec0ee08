package io.llmsizing.parallel;

import static com.google.common.base.Preconditions.checkArgument;

/**
 * How ranks share a model.
 *
 * @param tensor ranks that share every layer, 1 to 1,024
 * @param pipeline stages that share the stack of layers, 1 to 1,024
 * @param data replicas of attention and cache that share the sequences, 1 to 1,024
 * @param expert whether whole experts are dealt out over the tensor x data ranks, instead of cutting each expert
 * @param context tensor ranks over which the cached tokens of a sequence are spread while it is decoded, 1 to 1,024; no
 *     ranks of their own
 * @param redundantExperts copies of experts that are dealt out with the experts of every layer, 0 to 2^20
 */
public record ParallelLayout(int tensor, int pipeline, int data, boolean expert, int context, int redundantExperts) {
    /** One device does it all. */
    public static final ParallelLayout SINGLE = new ParallelLayout(1, 1, 1, false);

    private static final int MOST_RANKS = 1024;
    private static final int MOST_REDUNDANT = 1 << 20;

    /**
     * Checks the ranges.
     *
     * @param tensor as documented above
     * @param pipeline as documented above
     * @param data as documented above
     * @param expert as documented above
     * @param context as documented above
     * @param redundantExperts as documented above
     * @throws IllegalArgumentException naming the size out of range
     */
    public ParallelLayout {
        inRange("tensor", tensor);
        inRange("pipeline", pipeline);
        inRange("data", data);
        inRange("context", context);
        checkArgument(
                redundantExperts >= 0 && redundantExperts <= MOST_REDUNDANT,
                "redundant experts %s; 0 to %s allowed",
                redundantExperts,
                MOST_REDUNDANT);
    }

    /**
     * A layout that spreads no sequence and copies no expert.
     *
     * @param tensor as documented above
     * @param pipeline as documented above
     * @param data as documented above
     * @param expert as documented above
     */
    public ParallelLayout(int tensor, int pipeline, int data, boolean expert) {
        this(tensor, pipeline, data, expert, 1, 0);
    }

    private static void inRange(String what, int size) {
        checkArgument(size >= 1 && size <= MOST_RANKS, "%s parallel %s; 1 to %s allowed", what, size, MOST_RANKS);
    }

    /**
     * Tensor parallelism alone.
     *
     * @param ranks that share every layer
     * @return the layout
     */
    public static ParallelLayout tensor(int ranks) {
        return new ParallelLayout(ranks, 1, 1, false);
    }

    /**
     * The same with another number of tensor ranks.
     *
     * @param ranks that share every layer
     * @return the changed layout
     */
    public ParallelLayout withTensor(int ranks) {
        return new ParallelLayout(ranks, pipeline, data, expert, context, redundantExperts);
    }

    /**
     * The same with the cached tokens of a sequence spread over tensor ranks (decode context parallelism).
     *
     * @param ranks of each tensor group that share a sequence
     * @return the changed layout
     */
    public ParallelLayout context(int ranks) {
        return new ParallelLayout(tensor, pipeline, data, expert, ranks, redundantExperts);
    }

    /**
     * The same with copies of experts: of 256 experts and 32 copies over 32 ranks each keeps 9.
     *
     * @param copies in every layer, beside the experts themselves
     * @return the changed layout
     */
    public ParallelLayout redundantExperts(int copies) {
        return new ParallelLayout(tensor, pipeline, data, expert, context, copies);
    }

    /**
     * The same with pipeline stages.
     *
     * @param stages that share the stack
     * @return the changed layout
     */
    public ParallelLayout pipeline(int stages) {
        return new ParallelLayout(tensor, stages, data, expert, context, redundantExperts);
    }

    /**
     * The same with replicas of attention and cache.
     *
     * @param replicas that share the sequences
     * @return the changed layout
     */
    public ParallelLayout data(int replicas) {
        return new ParallelLayout(tensor, pipeline, replicas, expert, context, redundantExperts);
    }

    /**
     * The same with whole experts dealt out, or not.
     *
     * @param dealt whether
     * @return the changed layout
     */
    public ParallelLayout expert(boolean dealt) {
        return new ParallelLayout(tensor, pipeline, data, dealt, context, redundantExperts);
    }

    /**
     * The same with whole experts dealt out over a number of ranks, which can only be all tensor x data ranks.
     *
     * @param ranks tensor x data, or 1 for none
     * @return the changed layout
     * @throws IllegalArgumentException for another number
     */
    public ParallelLayout expert(int ranks) {
        checkArgument(
                ranks == 1 || ranks == expertRanks(),
                "expert parallel %s; experts are dealt over all tensor x data ranks, here %s, or not at all (1)",
                ranks,
                expertRanks());
        return expert(ranks > 1);
    }

    /**
     * Ranks over which experts are cut or dealt.
     *
     * @return tensor x data
     */
    public int expertRanks() {
        return tensor * data;
    }

    /**
     * All ranks, one device each.
     *
     * @return tensor x pipeline x data
     */
    public int ranks() {
        return tensor * pipeline * data;
    }

    /**
     * The layout for people.
     *
     * @return such as {@code "tp8"}, {@code "tp8 pp2 ep"}, {@code "tp8 ep+32 dcp4"}
     */
    @Override
    public String toString() {
        return "tp" + tensor + (pipeline > 1 ? " pp" + pipeline : "") + (data > 1 ? " dp" + data : "")
                + (expert ? " ep" : "") + (redundantExperts > 0 ? "+" + redundantExperts : "")
                + (context > 1 ? " dcp" + context : "");
    }
}
