package io.llmsizing.engine;

import io.llmsizing.hardware.Accelerator;
import io.llmsizing.ledger.Assumption;
import io.llmsizing.ledger.Ledger;
import io.llmsizing.parallel.PipelineStages;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.units.ByteSize;
import io.llmsizing.units.Ratio;
import io.llmsizing.weights.WeightMemory;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * How a serving engine of one version uses memory. Open: users bring their own. An implementation is immutable, and posts
 * the same lines whatever ledger it is given; {@link #accountFixed} must not depend on the sequences held, and
 * {@link #accountCache} must be linear in their number and, between window edges, in their pages.
 */
public interface EngineProfile extends EngineAbilities, EngineCache, EngineLikeness {
    /**
     * The engine.
     *
     * @return its name, such as {@code vllm}
     */
    String name();

    /**
     * The version whose facts are used.
     *
     * @return as asked for, such as {@code 0.19}; empty where versions mean nothing
     */
    String version();

    /**
     * What had to be taken for granted about this version.
     *
     * @return none where the version is known
     */
    List<Assumption> assumptions();

    /**
     * What had to be taken for granted about what is served, such as the kernels of a device.
     *
     * @param serving what is served
     * @return none by default
     */
    default List<Assumption> assumptions(Serving serving) {
        return List.of();
    }

    /**
     * The share of a device's memory that the engine takes by default.
     *
     * @return a ratio up to 1
     */
    Ratio defaultMemoryFraction();

    /**
     * What everything that {@link #accountFixed} and {@link #accountCache} post must fit into on a device.
     *
     * @param usable the memory that the framework sees
     * @param fraction the share asked for, above 0 and up to 1
     * @param fixed bytes that {@link #accountFixed} posts, for engines whose share is one of what is left beside them
     * @return the budget, growing with all three and never by more than they do
     */
    ByteSize budget(ByteSize usable, Ratio fraction, long fixed);

    /**
     * The share of a device's memory that the engine takes by default for what it serves, where that depends on it.
     *
     * @param serving what is served
     * @return a ratio up to 1
     */
    default Ratio defaultMemoryFraction(Serving serving) {
        return defaultMemoryFraction();
    }

    /**
     * The budget of {@link #budget(ByteSize, Ratio, long)}, where it depends on what is served: on what stands on the device
     * before the engine looks how much is free.
     *
     * @param serving what is served
     * @param usable the memory that the framework sees
     * @param fraction the share asked for, above 0 and up to 1
     * @param fixed bytes that {@link #accountFixed} posts
     * @return the budget, growing with all three and never by more than they do
     */
    default ByteSize budget(Serving serving, ByteSize usable, Ratio fraction, long fixed) {
        return budget(usable, fraction, fixed);
    }

    /**
     * Whether the engine looks how much is free before it loads, and refuses to start where that is less than its budget.
     *
     * @return whether; an engine that does not may run out of memory later, which is not certain beforehand
     */
    default boolean checksFreeMemory() {
        return true;
    }

    /**
     * Tokens of a full step where prompts are not cut into chunks, which a setting of -1 stands for.
     *
     * @return 1 or more; empty where the engine knows no such setting
     */
    default OptionalLong uncutTokens() {
        return OptionalLong.empty();
    }

    /**
     * Tokens of a full step by default.
     *
     * @param accelerator the device
     * @return 1 or more
     */
    long defaultBatchedTokens(Accelerator accelerator);

    /**
     * Tokens of a full step by default, where they depend on the longest sequence that is held.
     *
     * @param accelerator the device
     * @param contextTokens of that sequence
     * @return 1 or more
     */
    default long defaultBatchedTokens(Accelerator accelerator, long contextTokens) {
        return defaultBatchedTokens(accelerator);
    }

    /**
     * Sequences of a full step by default.
     *
     * @param accelerator the device
     * @return 1 or more
     */
    long defaultMaxSequences(Accelerator accelerator);

    /**
     * Sequences of a full step by default, where they depend on how many are held.
     *
     * @param accelerator the device
     * @param sequences held at once by a replica
     * @return 1 or more
     */
    default long defaultMaxSequences(Accelerator accelerator, long sequences) {
        return defaultMaxSequences(accelerator);
    }

    /**
     * To what the engine pads the vocabulary.
     *
     * @return the multiple, 1 for not at all
     */
    long vocabularyMultiple();

    /**
     * Whether the engine spreads whole layers over the devices of a node unless it is told otherwise, instead of cutting
     * each layer.
     *
     * @return whether the usual layout has a pipeline stage on each device
     */
    default boolean spreadsLayers() {
        return false;
    }

    /**
     * How the engine divides layers over pipeline stages on equal devices.
     *
     * @param layers in the whole stack, at least one for each stage
     * @param stages 1 or more
     * @return the first layer of every stage, and behind them the number of layers
     */
    default int[] stageBoundaries(int layers, int stages) {
        long[] equal = new long[stages];
        Arrays.fill(equal, 1);
        return stageBoundaries(layers, equal);
    }

    /**
     * How the engine divides layers over pipeline stages.
     *
     * @param layers in the whole stack, at least one for each stage
     * @param memory what is usable of the devices of each stage, in bytes
     * @return the first layer of every stage, and behind them the number of layers
     */
    default int[] stageBoundaries(int layers, long[] memory) {
        return PipelineStages.boundaries(layers, memory.length);
    }

    /**
     * How the engine holds weights that a checkpoint stores in some way, if it is not told otherwise.
     *
     * @param stored the checkpoint's scheme
     * @return the scheme in memory; most engines keep what is stored
     */
    default WeightScheme held(WeightScheme stored) {
        return stored;
    }

    /**
     * Posts everything that does not depend on the sequences held: sections {@code weights}, {@code loading},
     * {@code activation}, {@code runtime}, {@code graphs}, as far as the engine has them.
     *
     * @param ledger where to
     * @param serving what is served
     */
    void accountFixed(Ledger ledger, Serving serving);

    /**
     * Posts what stands of a draft model whatever the sequences held: sections {@code weights} and {@code loading}, as far as
     * the engine has them. By default its tensors alone.
     *
     * @param ledger where to
     * @param serving what the draft serves
     */
    default void accountDraft(Ledger ledger, Serving serving) {
        WeightMemory.account(ledger, serving.rank(), serving.weights());
    }

    /**
     * Posts what the engine takes beside its budget, without which it can't start: section {@code outside}.
     *
     * @param ledger where to
     * @param serving what is served
     */
    default void accountOutside(Ledger ledger, Serving serving) {}

    /**
     * What the engine can do that not every engine can.
     *
     * @return its features; what is not among them is refused
     */
    default Set<EngineFeature> features() {
        return Set.of();
    }
}
