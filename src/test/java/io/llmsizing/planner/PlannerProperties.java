package io.llmsizing.planner;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.Deployment;
import io.llmsizing.InvalidLayoutException;
import io.llmsizing.Sizing;
import io.llmsizing.catalog.Catalog;
import io.llmsizing.engine.EngineProfile;
import io.llmsizing.engine.Engines;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.model.Model;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.parallel.Placement;
import io.llmsizing.quantization.CacheFormat;
import io.llmsizing.quantization.CacheFormats;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.quantization.WeightSchemes;
import io.llmsizing.workload.Workload;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** What a search says is what sizing everything by hand says. */
class PlannerProperties {
    private static final Catalog CATALOG = Catalog.bundled();

    @Property(tries = 60)
    void theBestPlanIsTheBestOfAllDeployments(
            @ForAll("models") Model model,
            @ForAll("cards") String card,
            @ForAll @IntRange(min = 1, max = 4) int devices,
            @ForAll @IntRange(min = 1, max = 2) int nodes,
            @ForAll @LongRange(min = 1, max = 200) long sequences,
            @ForAll @LongRange(min = 1, max = 32_768) long tokens,
            @ForAll("objectives") Objective objective) {
        Cluster cluster = Cluster.of(CATALOG.accelerator(card), devices, nodes);
        Workload workload = Workload.of(sequences, tokens);
        List<Plan> all = everyPlan(model, cluster, workload, WeightSchemes.BF16, CacheFormats.BF16);
        List<Plan> found = Planner.of(model)
                .on(cluster)
                .weights(List.of(WeightSchemes.BF16))
                .engines(List.of(Engines.vllm()))
                .workload(workload)
                .objective(objective)
                .plans()
                .best();
        Optional<Plan> best = all.stream().min(objective);
        assertThat(found.isEmpty()).isEqualTo(best.isEmpty());
        best.ifPresent(expected ->
                assertThat(objective.compare(found.get(0), expected)).isZero());
        for (Plan plan : all) {
            assertThat(found)
                    .as("some plan is as good as %s", plan.deployment().layout())
                    .anyMatch(other -> other.devices() <= plan.devices()
                            && stages(other) <= stages(plan)
                            && spread(other) <= spread(plan)
                            && other.maxSequences() >= plan.maxSequences()
                            && other.maxContext() >= plan.maxContext());
        }
    }

    private static int stages(Plan plan) {
        return plan.deployment().layout().pipeline();
    }

    private static int spread(Plan plan) {
        return plan.deployment().layout().context();
    }

    /** Written without the planner's own parts. */
    private static List<Plan> everyPlan(
            Model model, Cluster cluster, Workload workload, WeightScheme weights, CacheFormat cache) {
        List<Plan> plans = new ArrayList<>();
        for (int tensor = 1; tensor <= cluster.devices(); tensor++) {
            for (int stages = 1; stages <= cluster.devices(); stages++) {
                for (int replicas = 1; replicas <= cluster.devices(); replicas++) {
                    for (boolean dealt : new boolean[] {false, true}) {
                        for (int spread = 1; spread <= tensor; spread++) {
                            ParallelLayout layout = new ParallelLayout(tensor, stages, replicas, dealt, spread, 0);
                            if (layout.ranks() <= cluster.devices()
                                    && (tensor * replicas > 1 || !dealt)
                                    && !Placement.of(cluster, layout).crossesNodes()) {
                                planned(model, cluster, workload, weights, cache, layout)
                                        .ifPresent(plans::add);
                            }
                        }
                    }
                }
            }
        }
        return plans;
    }

    private static Optional<Plan> planned(
            Model model,
            Cluster cluster,
            Workload workload,
            WeightScheme weights,
            CacheFormat cache,
            ParallelLayout layout) {
        try {
            Deployment deployment = Deployment.builder(model, cluster)
                    .engine(Engines.vllm())
                    .weights(weights)
                    .kvCache(cache)
                    .workload(workload)
                    .layout(layout)
                    .build();
            return Sizing.fits(deployment) ? Optional.of(Plan.of(deployment, PriceList.UNKNOWN)) : Optional.empty();
        } catch (InvalidLayoutException impossible) {
            return Optional.empty();
        }
    }

    /** Each loss is asked of a planner without spare machines, so that only the losses are taken for granted here. */
    @Property(tries = 60)
    void spareMachinesArePlannedWithIfEachLossLeavesEnough(
            @ForAll("models") Model model,
            @ForAll @IntRange(min = 1, max = 2) int spares,
            @ForAll("fleets") List<String> kinds,
            @ForAll @LongRange(min = 1, max = 64) long sequences,
            @ForAll @LongRange(min = 1, max = 32_768) long tokens) {
        Workload workload = Workload.of(sequences, Math.min(tokens, model.contextTokens()));
        boolean survives = losses(kinds, spares).stream()
                .allMatch(left -> !left.isEmpty() && isPlanned(model, String.join(" + ", left), workload, 0));
        if (kinds.size() > spares) {
            assertThat(isPlanned(model, String.join(" + ", kinds), workload, spares))
                    .isEqualTo(survives);
        }
    }

    private static List<List<String>> losses(List<String> machines, int spares) {
        List<List<String>> left = new ArrayList<>();
        for (int kept = 0; kept < 1 << machines.size(); kept++) {
            if (Integer.bitCount(kept) == machines.size() - spares) {
                List<String> some = new ArrayList<>();
                for (int machine = 0; machine < machines.size(); machine++) {
                    if ((kept >> machine & 1) == 1) {
                        some.add(machines.get(machine));
                    }
                }
                left.add(some);
            }
        }
        return left;
    }

    private static boolean isPlanned(Model model, String machines, Workload workload, int spares) {
        return !Planner.of(model)
                .on(Cluster.parse(machines, CATALOG))
                .engines(List.of(Engines.vllm()))
                .workload(workload)
                .spareNodes(spares)
                .plans()
                .best()
                .isEmpty();
    }

    @Property(tries = 60)
    void whatFitsOnUnlikeMachinesHasAPlan(
            @ForAll("models") Model model,
            @ForAll("fleets") List<String> kinds,
            @ForAll("engines") EngineProfile engine,
            @ForAll @LongRange(min = 1, max = 64) long sequences,
            @ForAll @LongRange(min = 1, max = 32_768) long tokens) {
        Cluster cluster = Cluster.parse(String.join(" + ", kinds), CATALOG);
        Workload workload = Workload.of(sequences, Math.min(tokens, model.contextTokens()));
        boolean fits = Sizing.fits(Deployment.builder(model, cluster)
                .engine(engine)
                .workload(workload)
                .build());
        if (fits) {
            assertThat(Planner.of(model)
                            .on(cluster)
                            .engines(List.of(engine))
                            .workload(workload)
                            .plans()
                            .best())
                    .isNotEmpty();
        }
    }

    @Provide
    Arbitrary<List<String>> fleets() {
        return Arbitraries.of("2xL4", "4xL40S", "1xRTX 3090", "2xA100-SXM4-80GB", "1xH100")
                .list()
                .ofMinSize(2)
                .ofMaxSize(4)
                .filter(machines -> machines.stream().distinct().count() <= 3);
    }

    @Property(tries = 60)
    void whatAPlanHoldsFitsAndNoMore(
            @ForAll("models") Model model,
            @ForAll("cards") String card,
            @ForAll("engines") EngineProfile engine,
            @ForAll @LongRange(min = 1, max = 32) long sequences,
            @ForAll @LongRange(min = 1, max = 8_192) long tokens) {
        List<Plan> plans = Planner.of(model)
                .on(Cluster.of(CATALOG.accelerator(card), 4))
                .engines(List.of(engine))
                .workload(Workload.of(sequences, tokens))
                .plans()
                .best();
        for (Plan plan : plans) {
            assertThat(fits(plan, Workload.of(plan.maxSequences(), tokens))).isTrue();
            assertThat(fits(plan, Workload.of(sequences, plan.maxContext()))).isTrue();
            assertThat(plan.maxContext() == model.contextTokens()
                            || !fits(plan, Workload.of(sequences, plan.maxContext() + 1)))
                    .isTrue();
            assertThat(plan.maxSequences() == Workload.MOST_SEQUENCES
                            || !fits(plan, Workload.of(plan.maxSequences() + 1, tokens)))
                    .isTrue();
        }
    }

    private static boolean fits(Plan plan, Workload workload) {
        return Sizing.fits(plan.deployment().toBuilder().workload(workload).build());
    }

    @Property(tries = 40)
    void noPlanBeatsAnother(
            @ForAll("models") Model model, @ForAll("cards") String card, @ForAll("objectives") Objective objective) {
        List<Plan> plans = Planner.of(model)
                .on(Cluster.of(CATALOG.accelerator(card), 8))
                .kvCaches(List.of(CacheFormats.BF16, CacheFormats.FP8_E4M3))
                .engines(List.of(Engines.vllm()))
                .objective(objective)
                .plans()
                .best();
        for (Plan one : plans) {
            for (Plan other : plans) {
                boolean beats = !one.equals(other)
                        && one.devices() <= other.devices()
                        && stages(one) <= stages(other)
                        && spread(one) <= spread(other)
                        && one.maxSequences() >= other.maxSequences()
                        && one.maxContext() >= other.maxContext()
                        && one.deployment().cache().equals(other.deployment().cache())
                        && objective.compare(one, other) <= 0;
                assertThat(beats).as("%s beats %s", one, other).isFalse();
            }
        }
    }

    @Property(tries = 30)
    void theOrderOfOffersChangesNothing(@ForAll("models") Model model, @ForAll Random random) {
        List<String> cards = new ArrayList<>(List.of("L40S", "H100", "RTX 3090", "A100-SXM4-80GB"));
        List<Plan> inOrder = onAll(model, cards);
        Collections.shuffle(cards, random);
        List<Plan> shuffled = onAll(model, cards);
        assertThat(shuffled).isSortedAccordingTo(Objective.FEWEST_DEVICES);
        assertThat(shuffled)
                .extracting(plan -> plan.deployment().toString())
                .hasSameElementsAs(inOrder.stream()
                        .map(plan -> plan.deployment().toString())
                        .toList());
    }

    private static List<Plan> onAll(Model model, List<String> cards) {
        Planner planner = Planner.of(model).engines(List.of(Engines.vllm()));
        cards.forEach(card -> planner.on(Cluster.of(CATALOG.accelerator(card), 4)));
        return planner.plans().best();
    }

    @Property(tries = 30)
    void theOrderOfMachinesAndDevicesChangesNothing(@ForAll("models") Model model, @ForAll Random random) {
        List<String> devices = new ArrayList<>(List.of("2x H100 (20 GiB)", "2x H100", "1x H100 (50 GiB)"));
        Collections.shuffle(devices, random);
        List<String> machines =
                new ArrayList<>(List.of("2x L40S", "[" + String.join(" & ", devices) + "]", "2x4xA100-SXM4-80GB"));
        Collections.shuffle(machines, random);
        assertThat(figures(model, String.join(" + ", machines)))
                .isEqualTo(figures(
                        model, "2x L40S + [2x H100 & 1x H100 (50 GiB) & 2x H100 (20 GiB)] + 2x4xA100-SXM4-80GB"));
    }

    private static List<String> figures(Model model, String machines) {
        return Planner.of(model)
                .on(Cluster.parse(machines, CATALOG))
                .engines(List.of(Engines.vllm()))
                .plans()
                .best()
                .stream()
                .map(plan -> plan.deployment().layout() + " " + plan.devices() + " " + plan.maxSequences() + " "
                        + plan.maxContext() + " " + plan.headroom())
                .toList();
    }

    @Property(tries = 40)
    void moreDevicesNeverNeedMoreOfThem(
            @ForAll("models") Model model,
            @ForAll("cards") String card,
            @ForAll @IntRange(min = 1, max = 7) int devices,
            @ForAll("engines") EngineProfile engine) {
        Optional<Plan> before = fewest(model, card, devices, engine);
        Optional<Plan> after = fewest(model, card, devices + 1, engine);
        before.ifPresent(plan -> assertThat(after.orElseThrow().devices()).isLessThanOrEqualTo(plan.devices()));
    }

    private static Optional<Plan> fewest(Model model, String card, int devices, EngineProfile engine) {
        return Planner.of(model)
                .on(Cluster.of(CATALOG.accelerator(card), devices))
                .engines(List.of(engine))
                .plans()
                .best()
                .stream()
                .findFirst();
    }

    @Provide
    Arbitrary<Model> models() {
        return Arbitraries.of(
                        "llama-3.1-8b",
                        "qwen3-0.6b",
                        "mixtral-8x7b-v0.1",
                        "gemma-3-27b-it",
                        "qwen3-30b-a3b",
                        "deepseek-ai/DeepSeek-V2-Lite")
                .map(CATALOG::model);
    }

    @Provide
    Arbitrary<String> cards() {
        return Arbitraries.of("H100", "L40S", "RTX 3090", "A100-SXM4-80GB", "L4");
    }

    @Provide
    Arbitrary<Objective> objectives() {
        return Arbitraries.of(
                Objective.FEWEST_DEVICES, Objective.MOST_SEQUENCES, Objective.LONGEST_CONTEXT, Objective.MOST_HEADROOM);
    }

    @Provide
    Arbitrary<EngineProfile> engines() {
        return Arbitraries.of(Engines.names()).map(name -> Engines.named(name, ""));
    }
}
