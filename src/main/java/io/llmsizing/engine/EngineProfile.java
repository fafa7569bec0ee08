package io.llmsizing.engine;

import io.llmsizing.hardware.Accelerator;
import io.llmsizing.kvcache.CachePaging;
import io.llmsizing.kvcache.HeldSequences;
import io.llmsizing.kvcache.KvCacheMemory;
import io.llmsizing.kvcache.PagePool;
import io.llmsizing.ledger.Assumption;
import io.llmsizing.ledger.Ledger;
import io.llmsizing.model.Model;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.parallel.PipelineStages;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.units.ByteSize;
import io.llmsizing.units.Ratio;
import io.llmsizing.weights.WeightMemory;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;

/**
 * How a serving engine of one version uses memory. Open: users bring their own. An implementation is immutable, and posts
 * the same lines whatever ledger it is given; {@link #accountFixed} must not depend on the sequences held, and
 * {@link #accountCache} must be linear in their number and, between window edges, in their pages.
 */
public interface EngineProfile extends EngineAbilities {
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
     * All of a device that the engine looks at beside the memory that {@link #budget} and the default share are told of: devices
     * with equal traits are served with the same steps, pages and bytes, and differ in their budgets alone. Whether the engine
     * runs on a device is no trait.
     *
     * @param device the device
     * @return a value with equality; the device itself by default, so that none is taken for another
     */
    default Object traits(Accelerator device) {
        return device;
    }

    /**
     * A layout that stands for all in which ranks with the same layers get the same of {@link #accountFixed},
     * {@link #accountOutside}, {@link #budget} and the default share, so that planners ask for one of them. Tensor ranks
     * and, of a model with experts, what decides on these must be told apart.
     *
     * @param model what is laid out
     * @param layout how
     * @return a layout, the same for all that are held alike; the layout itself by default, so that none is taken for another
     */
    default ParallelLayout heldAs(Model model, ParallelLayout layout) {
        return layout;
    }

    /**
     * A layout that stands for all in which ranks with the same layers get the same of {@link #accountCache}, {@link #pool},
     * {@link #paging} and what else is asked of the cache.
     *
     * @param model what is laid out
     * @param layout how
     * @return a layout, the same for all that cache alike; the layout itself by default
     */
    default ParallelLayout cachedAs(Model model, ParallelLayout layout) {
        return layout;
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
     * How the engine rounds cached tokens.
     *
     * @param serving what is served
     * @return the pages
     */
    CachePaging paging(Serving serving);

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

    /**
     * Posts the cache: section {@code kv_cache}.
     *
     * @param ledger where to
     * @param serving what is served
     * @param held sequences on the rank
     */
    default void accountCache(Ledger ledger, Serving serving, HeldSequences held) {
        Optional<PagePool> pool = pool(serving);
        if (pool.isPresent()) {
            pool.orElseThrow().account(ledger, held);
        } else {
            KvCacheMemory.account(ledger, serving.rank(), serving.cache(), paging(serving), held);
        }
    }

    /**
     * Posts the cache of sequences that share nothing: section {@code kv_cache}.
     *
     * @param ledger where to
     * @param serving what is served
     * @param sequences held at once on the rank
     * @param tokens of each
     */
    default void accountCache(Ledger ledger, Serving serving, long sequences, long tokens) {
        accountCache(ledger, serving, HeldSequences.apart(sequences, tokens));
    }

    /**
     * The one pool in which the engine keeps layers that cache unlike amounts; {@link #cacheEdges} and {@link #cacheStrides}
     * are asked only where there is none.
     *
     * @param serving what is served
     * @return the pool, or nothing where every layer has pages of its own
     */
    default Optional<PagePool> pool(Serving serving) {
        return Optional.empty();
    }

    /**
     * The tokens of which the engine speaks when it has made its cache, where these are not the pages that one long sequence
     * could take.
     *
     * @param serving what is served
     * @param poolBytes bytes of the cache on the rank
     * @param contextTokens of the longest sequence
     * @return tokens, or nothing for the usual
     */
    default OptionalLong printedTokens(Serving serving, long poolBytes, long contextTokens) {
        return OptionalLong.empty();
    }

    /**
     * The numbers of pages at which the cache of one sequence begins to grow more slowly.
     *
     * @param serving what is served
     * @return ascending, empty where it grows evenly
     */
    default SortedSet<Long> cacheEdges(Serving serving) {
        return KvCacheMemory.windowPages(serving.rank(), paging(serving));
    }

    /**
     * The pages that a sequence takes however short it is. Where there are any, the cache has no {@link #cacheEdges}.
     *
     * @param serving what is served
     * @return 0 where a sequence takes those of its tokens
     */
    default long leastPages(Serving serving) {
        return 0;
    }

    /**
     * The numbers of pages that share one cached row.
     *
     * @param serving what is served
     * @return ascending, each 2 or more; empty where every page takes as much as the last
     */
    default SortedSet<Long> cacheStrides(Serving serving) {
        return KvCacheMemory.stridePages(serving.rank(), paging(serving));
    }
}
