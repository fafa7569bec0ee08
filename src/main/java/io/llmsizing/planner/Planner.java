package io.llmsizing.planner;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.llmsizing.Deployment;
import io.llmsizing.DeploymentBuilder;
import io.llmsizing.LayoutRequest;
import io.llmsizing.LayoutSeries;
import io.llmsizing.engine.EngineProfile;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.model.Model;
import io.llmsizing.quantization.CacheFormat;
import io.llmsizing.quantization.CacheFormats;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.units.Ratio;
import io.llmsizing.workload.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
    private List<WeightScheme> weights;
    private List<CacheFormat> caches = List.of(CacheFormats.BF16);
    private List<EngineProfile> engines = List.of();
    private LayoutRequest request = LayoutRequest.ANY;
    private Objective objective = Objective.FEWEST_DEVICES;
    private PriceList prices = PriceList.UNKNOWN;
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
        engines = ImmutableList.copyOf(allowed);
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
     * @param fixed the parts
     * @return this planner
     */
    public Planner layout(LayoutRequest fixed) {
        request = fixed;
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
     * Machines of every offer that stay idle, so that as many may fail; by default none.
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
        checkArgument(!offers.isEmpty(), "no machines to plan on; offer at least one cluster");
        Search search = new Search(objective, prices);
        for (Cluster offer : offers) {
            for (Cluster machines : Offer.of(offer, spareNodes)) {
                search.on(machines, spaces(machines));
            }
        }
        return search.plans();
    }

    private List<Search.Space> spaces(Cluster machines) {
        List<Search.Space> spaces = new ArrayList<>();
        List<EngineProfile> allowed =
                engines.isEmpty() ? List.of(Deployment.builder(model, machines).usualEngine()) : engines;
        for (EngineProfile engine : allowed) {
            List<WeightScheme> schemes = weights.isEmpty() ? List.of(engine.held(model.weights())) : weights;
            for (int scheme = 0; scheme < schemes.size(); scheme++) {
                LayoutSpace layouts =
                        new LayoutSpace(model, schemes.get(scheme), engine, machines, request, acrossNodes);
                for (int cache = 0; cache < caches.size(); cache++) {
                    spaces.add(new Search.Space(
                            layouts, series(machines, engine, schemes.get(scheme), caches.get(cache)), scheme, cache));
                }
            }
        }
        return spaces;
    }

    private LayoutSeries series(Cluster machines, EngineProfile engine, WeightScheme scheme, CacheFormat cache) {
        DeploymentBuilder builder = Deployment.builder(model, machines)
                .engine(engine)
                .weights(scheme)
                .kvCache(cache)
                .eager(eager);
        Optional.ofNullable(workload).ifPresent(builder::workload);
        Optional.ofNullable(fraction).ifPresent(builder::memoryFraction);
        return builder.series();
    }
}
