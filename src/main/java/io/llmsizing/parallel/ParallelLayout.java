package io.llmsizing.parallel;

import static com.google.common.base.Preconditions.checkArgument;

/**
 * How ranks share a model.
 *
 * @param tensor ranks that share every layer, 1 to 1,024
 * @param pipeline stages that share the stack of layers, 1 to 1,024
 * @param data replicas of attention and cache that share the sequences, 1 to 1,024
 * @param expert whether whole experts are dealt out over the tensor x data ranks, instead of cutting each expert
 */
public record ParallelLayout(int tensor, int pipeline, int data, boolean expert) {
    /** One device does it all. */
    public static final ParallelLayout SINGLE = new ParallelLayout(1, 1, 1, false);

    private static final int MOST_RANKS = 1024;

    /**
     * Checks the ranges.
     *
     * @param tensor as documented above
     * @param pipeline as documented above
     * @param data as documented above
     * @param expert as documented above
     * @throws IllegalArgumentException naming the size out of range
     */
    public ParallelLayout {
        inRange("tensor", tensor);
        inRange("pipeline", pipeline);
        inRange("data", data);
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
     * The same with pipeline stages.
     *
     * @param stages that share the stack
     * @return the changed layout
     */
    public ParallelLayout pipeline(int stages) {
        return new ParallelLayout(tensor, stages, data, expert);
    }

    /**
     * The same with replicas of attention and cache.
     *
     * @param replicas that share the sequences
     * @return the changed layout
     */
    public ParallelLayout data(int replicas) {
        return new ParallelLayout(tensor, pipeline, replicas, expert);
    }

    /**
     * The same with whole experts dealt out, or not.
     *
     * @param dealt whether
     * @return the changed layout
     */
    public ParallelLayout expert(boolean dealt) {
        return new ParallelLayout(tensor, pipeline, data, dealt);
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
     * @return such as {@code "tp8"}, {@code "tp8 pp2 ep"}
     */
    @Override
    public String toString() {
        return "tp" + tensor + (pipeline > 1 ? " pp" + pipeline : "") + (data > 1 ? " dp" + data : "")
                + (expert ? " ep" : "");
    }
}
