package io.llmsizing.parallel;

import static com.google.common.base.Preconditions.checkArgument;

import io.llmsizing.model.Model;
import io.llmsizing.model.TensorBlock;
import io.llmsizing.tensor.ShardRule.Cut;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import io.llmsizing.units.Exact;
import java.util.Arrays;

/**
 * What one rank of a layout holds. All tensor ranks of a stage are alike but for rounding; this is the fullest of them.
 */
public final class Rank {
    private final Model model;
    private final ParallelLayout layout;
    private final int stage;
    private final boolean speculative;
    private final long vocabularyMultiple;
    private final int[] layersOfGroup;

    private Rank(
            Model model,
            ParallelLayout layout,
            int stage,
            boolean speculative,
            long vocabularyMultiple,
            int[] layersOfGroup) {
        this.model = model;
        this.layout = layout;
        this.stage = stage;
        this.speculative = speculative;
        this.vocabularyMultiple = vocabularyMultiple;
        this.layersOfGroup = layersOfGroup;
    }

    /**
     * The fullest rank of one pipeline stage.
     *
     * @param model what is laid out
     * @param layout how
     * @param stage 0 to the last
     * @param speculative whether multi-token prediction is loaded
     * @param vocabularyMultiple to what the engine pads the vocabulary, 1 for not at all
     * @return the rank
     * @throws IllegalArgumentException if there is no such stage
     */
    public static Rank of(Model model, ParallelLayout layout, int stage, boolean speculative, long vocabularyMultiple) {
        int layers = model.layers().size();
        int[] boundaries =
                layout.pipeline() == 1 ? new int[] {0, layers} : PipelineStages.boundaries(layers, layout.pipeline());
        return of(model, layout, stage, speculative, vocabularyMultiple, boundaries);
    }

    /**
     * The fullest rank of one pipeline stage, layers divided as an engine does it.
     *
     * @param model what is laid out
     * @param layout how
     * @param stage 0 to the last
     * @param speculative whether multi-token prediction is loaded
     * @param vocabularyMultiple to what the engine pads the vocabulary, 1 for not at all
     * @param boundaries the first layer of every stage, and behind them the number of layers
     * @return the rank
     * @throws IllegalArgumentException if there is no such stage
     */
    public static Rank of(
            Model model,
            ParallelLayout layout,
            int stage,
            boolean speculative,
            long vocabularyMultiple,
            int[] boundaries) {
        checkArgument(
                stage >= 0 && stage < layout.pipeline(), "stage %s; 0 to %s allowed", stage, layout.pipeline() - 1);
        return new Rank(
                model,
                layout,
                stage,
                speculative,
                vocabularyMultiple,
                model.layers().countsWithin(boundaries[stage], boundaries[stage + 1]));
    }

    /**
     * The same rank with other layers.
     *
     * @param from the first
     * @param to the layer behind the last
     * @return the changed rank; with no layers if there is none between
     */
    public Rank withLayers(int from, int to) {
        return new Rank(
                model,
                layout,
                stage,
                speculative,
                vocabularyMultiple,
                model.layers().countsWithin(from, Math.max(from, to)));
    }

    /**
     * The model.
     *
     * @return what is laid out
     */
    public Model model() {
        return model;
    }

    /**
     * The layout.
     *
     * @return how it is laid out
     */
    public ParallelLayout layout() {
        return layout;
    }

    /**
     * The pipeline stage.
     *
     * @return 0 to the last
     */
    public int stage() {
        return stage;
    }

    /**
     * Whether the rank holds the last norm and the head, and samples.
     *
     * @return whether it is in the last stage
     */
    public boolean isLast() {
        return stage == layout.pipeline() - 1;
    }

    /**
     * Layers of one group on this rank.
     *
     * @param group the group's index
     * @return 0 or more
     */
    public int layersOfGroup(int group) {
        return layersOfGroup[group];
    }

    /**
     * Layers on this rank, multi-token prediction not counted.
     *
     * @return 1 or more
     */
    public int layers() {
        int sum = 0;
        for (int layers : layersOfGroup) {
            sum += layers;
        }
        return sum;
    }

    /**
     * Whether another rank of the same layout holds just as much: as many layers of each group, and input and output or not.
     *
     * @param other a rank of the same model, layout and engine
     * @return whether their memory is the same
     */
    public boolean holdsAsMuchAs(Rank other) {
        return (stage == 0) == (other.stage == 0)
                && isLast() == other.isLast()
                && Arrays.equals(layersOfGroup, other.layersOfGroup);
    }

    /**
     * Multi-token prediction blocks on this rank.
     *
     * @return their number, 0 where they are not loaded or stand elsewhere
     */
    public int speculativeBlocks() {
        return speculates() && isLast()
                ? model.speculativeHead().map(head -> head.depth()).orElse(0)
                : 0;
    }

    /**
     * Whether multi-token prediction is loaded, on this stage or on the last.
     *
     * @return whether
     */
    public boolean speculates() {
        return speculative && model.speculativeHead().isPresent();
    }

    /**
     * How often the tensors of a block stand on this rank.
     *
     * @param block the block
     * @return 0 where the block lives on another stage. A tied embedding stands on the last stage too
     */
    public long copiesOf(TensorBlock block) {
        return switch (block.part()) {
            case LAYERS -> layersOfGroup[block.group()];
            case VISION, POSITIONS -> stage == 0 ? 1 : 0;
            case EMBEDDING -> stage == 0 || (isLast() && model.embedding().tied()) ? 1 : 0;
            case OUTPUT -> isLast() ? 1 : 0;
            case SPECULATIVE -> speculativeBlocks();
            default -> 0;
        };
    }

    /**
     * Equal tensors of a layer that stand on this rank.
     *
     * @param tensor the tensor
     * @return its count; for dealt-out experts the share of the fullest rank, copies included: 256 over 24
     *     ranks leave 11
     */
    public long count(WeightTensor tensor) {
        return isDealt(tensor)
                ? Exact.ceilDiv(tensor.count() + layout.redundantExperts(), layout.expertRanks())
                : tensor.count();
    }

    /**
     * Rows of a tensor on this rank.
     *
     * @param tensor the tensor
     * @return rows after the cut
     */
    public long rows(WeightTensor tensor) {
        long rows = tensor.shardRule().cut() == Cut.VOCABULARY
                ? Exact.padTo(tensor.rows(), vocabularyMultiple)
                : tensor.rows();
        return tensor.shardRule().rowsOnRank(rows, cutsOf(tensor));
    }

    /**
     * Columns of a tensor on this rank.
     *
     * @param tensor the tensor
     * @return columns after the cut
     */
    public long columns(WeightTensor tensor) {
        return tensor.shardRule().columnsOnRank(tensor.columns(), cutsOf(tensor));
    }

    /**
     * Ranks that share each tensor.
     *
     * @param tensor the tensor
     * @return 1 for dealt-out experts, tensor x data for cut ones, tensor for the rest
     */
    public long cutsOf(WeightTensor tensor) {
        if (tensor.role() == TensorRole.EXPERT) {
            return layout.expert() ? 1 : layout.expertRanks();
        }
        return layout.tensor();
    }

    private boolean isDealt(WeightTensor tensor) {
        return layout.expert() && tensor.role() == TensorRole.EXPERT;
    }

    /**
     * The vocabulary as the engine lays it out.
     *
     * @return rows of the whole table, padding included
     */
    public long paddedVocabulary() {
        return Exact.padTo(model.embedding().vocabulary(), vocabularyMultiple);
    }

    /**
     * The rank for people.
     *
     * @return such as {@code "every rank"} or {@code "stage 2 of 4"}
     */
    public String label() {
        return layout.pipeline() == 1 ? "every rank" : "stage " + (stage + 1) + " of " + layout.pipeline();
    }
}
