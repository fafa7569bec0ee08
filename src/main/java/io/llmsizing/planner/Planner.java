package io.llmsizing.planner;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.llmsizing.DenseExperts;
import io.llmsizing.Deployment;
import io.llmsizing.DeploymentBuilder;
import io.llmsizing.LayoutRequest;
import io.llmsizing.engine.EngineProfile;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.model.Model;
import io.llmsizing.quantization.CacheFormat;
import io.llmsizing.quantization.CacheFormats;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.units.Ratio;
import io.llmsizing.workload.Workload;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds how to serve a model: over layouts, weight schemes, cache formats and engines, on one or several kinds of machines.
 * What is left out gets the default of {@link Deployment#builder}. Answers are exact: every plan has been sized.
 *
 * <p>Worked value: DeepSeek-R1 in its own FP8 on up to 16 H200 under vLLM 0.26, one sequence of 8,192 tokens, needs 6 devices.
 */
public final class Planner {
    private final Model model;
    private final List<Cluster> offers = new ArrayList<>();
    private final Set<String> fixed = new HashSet<>();
    private List<WeightScheme> weights;
    private List<CacheFormat> caches = List.of(CacheFormats.BF16);
    private List<EngineProfile> engines = List.of();
    private LayoutRequest request = LayoutRequest.ANY;
    private Objective objective = Objective.FEWEST_DEVICES;
    private PriceList prices = PriceList.UNKNOWN;
    private Consumer<DeploymentBuilder> settings = builder -> {};
    private boolean acrossNodes;
    private int spareNodes;
    private boolean eager;
    private @Nullable Workload workload;
    private @Nullable Ratio fraction;

    private Planner(Model model) {
        this.model = model;
        this.weights = List.of();
    }

    /**
     * Plans for a model.
     *
     * @param model what is to be served
     * @return a planner without machines
     */
    public static Planner of(Model model) {
        return new Planner(model);
    }

    /**
     * Offers machines; each offer is planned on by itself, and of unlike machines in one offer each kind by itself and all
     * together.
     *
     * @param cluster machines that may be taken, all or some of them
     * @return this planner
     */
    public Planner on(Cluster cluster) {
        offers.add(cluster);
        return this;
    }

    /**
     * Weight schemes that are allowed, the preferred ones first: the floor of quality is the last of them. By default the
     * checkpoint's own, or as the engine then holds it.
     *
     * @param allowed at least one
     * @return this planner
     */
    public Planner weights(List<WeightScheme> allowed) {
        checkArgument(!allowed.isEmpty(), "no weight scheme allowed; name at least one");
        weights = ImmutableList.copyOf(allowed);
        fixed.add("weights");
        return this;
    }

    /**
     * Cache formats that are allowed, the preferred ones first; by default BF16 alone.
     *
     * @param allowed at least one
     * @return this planner
     */
    public Planner kvCaches(List<CacheFormat> allowed) {
        checkArgument(!allowed.isEmpty(), "no cache format allowed; name at least one");
        caches = ImmutableList.copyOf(allowed);
        fixed.add("kv_cache");
        return this;
    }

    /**
     * Engines that are allowed; by default the usual one of the offered accelerator.
     *
     * @param allowed at least one
     * @return this planner
     */
    public Planner engines(List<EngineProfile> allowed) {
        checkArgument(!allowed.isEmpty(), "no engine allowed; name at least one");
        List<EngineProfile> unlike = new ArrayList<>();
        for (EngineProfile engine : allowed) {
            if (unlike.stream().noneMatch(known -> Candidate.isOne(known, engine))) {
                unlike.add(engine);
            }
        }
        engines = ImmutableList.copyOf(unlike);
        return this;
    }

    /**
     * What must be held at once; by default one sequence of 8,192 tokens, or of the model's context if that is shorter.
     *
     * @param held the workload
     * @return this planner
     */
    public Planner workload(Workload held) {
        workload = held;
        return this;
    }

    /**
     * Parts of the layout that are fixed.
     *
     * @param parts that are fixed
     * @return this planner
     */
    public Planner layout(LayoutRequest parts) {
        request = parts;
        return this;
    }

    /**
     * Whether ranks that share a layer may be in several machines; by default only if that is asked for by {@link #layout}.
     *
     * @param allowed whether
     * @return this planner
     */
    public Planner tensorAcrossNodes(boolean allowed) {
        acrossNodes = allowed;
        return this;
    }

    /**
     * Machines of every offer that may fail, whichever they are; by default none. As many stay idle: like ones, or of unlike
     * machines the largest, and only if what is asked for fits what is left after each loss of so many.
     *
     * @param nodes 0 or more
     * @return this planner
     * @throws IllegalArgumentException if it is negative
     */
    public Planner spareNodes(int nodes) {
        checkArgument(nodes >= 0, "%s spare nodes; 0 or more allowed", nodes);
        spareNodes = nodes;
        return this;
    }

    /**
     * The share of each device that engines take; by default each one's own.
     *
     * @param share above 0 and up to 1
     * @return this planner
     */
    public Planner memoryFraction(Ratio share) {
        fraction = share;
        return this;
    }

    /**
     * Whether engines run without captured graphs; by default they capture them.
     *
     * @param withoutGraphs whether
     * @return this planner
     */
    public Planner eager(boolean withoutGraphs) {
        eager = withoutGraphs;
        return this;
    }

    /**
     * Whatever else is asked of every deployment, such as drafted tokens or room for adapters.
     *
     * @param others sets it on a builder; layout, formats, engine, workload and what else this planner sets are set already
     * @return this planner
     */
    public Planner settings(Consumer<DeploymentBuilder> others) {
        settings = others;
        return this;
    }

    /**
     * By what plans are put in order; by default the fewest devices.
     *
     * @param order the best first
     * @return this planner
     */
    public Planner objective(Objective order) {
        objective = order;
        return this;
    }

    /**
     * What machines cost.
     *
     * @param list prices by the hour
     * @return this planner
     */
    public Planner prices(PriceList list) {
        prices = list;
        return this;
    }

    /**
     * Searches.
     *
     * @return what fits for sure and is not beaten in everything, the best first, and what came closest where nothing fits
     * @throws IllegalArgumentException if nothing is offered, or no machine is left beside the spare ones
     * @throws io.llmsizing.InvalidLayoutException if no layout can be on any offer, with the reason and the sizes that work
     */
    public Plans plans() {
        return plans(done -> {});
    }

    /**
     * Searches, and says how far it is.
     *
     * @param progress told after each of the {@link #steps} how many are done
     * @return as {@link #plans()}
     * @throws IllegalArgumentException if nothing is offered, or no machine is left beside the spare ones
     * @throws io.llmsizing.InvalidLayoutException if no layout can be on any offer, with the reason and the sizes that work
     */
    public Plans plans(LongConsumer progress) {
        checkArgument(!offers.isEmpty(), "no machines to plan on; offer at least one cluster");
        Search search = new Search(objective, prices);
        long done = 0;
        for (Cluster offered : offers) {
            Map<Held, Boolean> survives = new HashMap<>();
            for (Offer offer : Offer.of(offered, spareNodes)) {
                search.on(spaces(offer, search, survives), offer.known());
            }
            progress.accept(++done);
        }
        return search.plans(fixed, spareNodes);
    }

    /**
     * Parts that a search has.
     *
     * @return the clusters that are offered
     */
    public long steps() {
        return offers.size();
    }

    /** Those that survive each loss of machines. */
    private List<Search.Space> spaces(Offer offer, Search search, Map<Held, Boolean> survives) {
        List<Search.Space> spaces = new ArrayList<>();
        List<EngineProfile> allowed = engines.isEmpty()
                ? List.of(Deployment.builder(model, offer.machines()).usualEngine())
                : engines;
        for (EngineProfile engine : allowed) {
            List<WeightScheme> schemes = weights.isEmpty() ? List.of(engine.held(model.weights())) : weights;
            for (int scheme = 0; scheme < schemes.size(); scheme++) {
                for (int cache = 0; cache < caches.size(); cache++) {
                    Held held = new Held(engine, schemes.get(scheme), scheme, caches.get(cache), cache);
                    if (offer.replaced().isEmpty()
                            || survives.computeIfAbsent(
                                    held,
                                    unseen -> offer.replaced().stream()
                                            .allMatch(left -> hasFitting(held, left, search)))) {
                        spaces.add(space(held, offer.machines()));
                    }
                }
            }
        }
        return spaces;
    }

    /** An engine and its formats, with their places in the lists. */
    private record Held(
            EngineProfile engine, WeightScheme weights, int weightsRank, CacheFormat cache, int cacheRank) {}

    private boolean hasFitting(Held held, Cluster left, Search search) {
        return Offer.of(left, 0).stream().anyMatch(offer -> search.hasFitting(space(held, offer.machines())));
    }

    private Search.Space space(Held held, Cluster machines) {
        LayoutSpace layouts = new LayoutSpace(
                model,
                held.weights(),
                held.engine(),
                machines,
                DenseExperts.request(held.engine(), model, request),
                acrossNodes);
        DeploymentBuilder builder = Deployment.builder(model, machines)
                .engine(held.engine())
                .weights(held.weights())
                .kvCache(held.cache())
                .eager(eager);
        Optional.ofNullable(workload).ifPresent(builder::workload);
        Optional.ofNullable(fraction).ifPresent(builder::memoryFraction);
        settings.accept(builder);
        return new Search.Space(layouts, builder.series(), held.weightsRank(), held.cacheRank());
    }
}
