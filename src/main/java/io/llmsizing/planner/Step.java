package io.llmsizing.planner;

import io.llmsizing.Deployment;
import io.llmsizing.DeploymentBuilder;
import io.llmsizing.HostOffload;
import io.llmsizing.LayoutRequest;
import io.llmsizing.Sizing;
import io.llmsizing.engine.Serving;
import io.llmsizing.ggml.GgufMix;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.hardware.Node;
import io.llmsizing.model.Model;
import io.llmsizing.quantization.CacheFormat;
import io.llmsizing.quantization.CacheFormats;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.units.Ratio;
import io.llmsizing.weights.WeightMemory;
import io.llmsizing.workload.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** One setting that can be changed so that a deployment needs less, or has more. */
@FunctionalInterface
interface Step {
    /**
     * The deployment with the setting changed, the mildest change first; those that can't be are left out. Nothing is built
     * before it is asked for.
     */
    Stream<Remedy> changes(Deployment deployment);

    /** The mildest change with which it fits for sure. */
    default Optional<Remedy> mildest(Deployment deployment) {
        return changes(deployment)
                .filter(remedy -> Sizing.fits(remedy.deployment()))
                .findFirst();
    }

    /** The strongest change, whether it fits or not. */
    default Optional<Remedy> strongest(Deployment deployment) {
        return changes(deployment).reduce((milder, stronger) -> stronger);
    }

    /** Those that cost no more than speed, or some exactness of the cache, the cheapest first. */
    List<Step> SETTINGS = List.of(
            Step::withoutGraphs,
            Step::smallerSteps,
            Step::fewerInStep,
            Step::otherFraction,
            Step::otherLayout,
            Step::smallerCache,
            Step::onHost);

    /** Whether it fits with all settings at their strongest, and so perhaps with two of them. */
    static boolean settingsTogetherFit(Deployment deployment) {
        Deployment changed = deployment;
        for (Step step : SETTINGS) {
            changed = step.strongest(changed).map(Remedy::deployment).orElse(changed);
        }
        return Sizing.fits(changed)
                || ((Step) Step::otherFraction).mildest(changed).isPresent();
    }

    /** Those that hold less than was asked for. */
    List<Step> DEMANDS = List.of(Step::shorterContext, Step::fewerSequences);

    /** Weights in other formats, the first that fits of those in the given order. */
    static Step weights(List<WeightScheme> schemes) {
        return deployment -> schemes.stream()
                .filter(scheme -> !scheme.equals(deployment.weights()))
                .flatMap(scheme ->
                        changed("weights", scheme.name(), deployment.toBuilder().weights(scheme)));
    }

    /** The model in other mixes of llama.cpp, as far as they take fewer bytes and can store it. */
    static Step mixes(List<GgufMix> mixes) {
        return deployment -> mixes.stream().flatMap(mix -> mixed(deployment, mix));
    }

    private static Stream<Remedy> mixed(Deployment deployment, GgufMix mix) {
        Model mixed;
        try {
            mixed = mix.applyTo(deployment.model());
        } catch (IllegalArgumentException unstorable) {
            return Stream.empty();
        }
        boolean smaller = WeightMemory.bytes(mixed, mixed.weights(), false)
                < WeightMemory.bytes(deployment.model(), deployment.weights(), false);
        return smaller
                ? changed(
                        "weights",
                        mix.name(),
                        Deployment.builder(mixed, deployment.cluster())
                                .settingsOf(deployment)
                                .weights(mixed.weights())
                                .layout(deployment.layout()))
                : Stream.empty();
    }

    private static Stream<Remedy> withoutGraphs(Deployment deployment) {
        return deployment.isEager()
                ? Stream.empty()
                : changed("enforce_eager", "true", deployment.toBuilder().eager(true));
    }

    private static Stream<Remedy> smallerSteps(Deployment deployment) {
        Workload workload = deployment.workload();
        return halved(
                "max_batched_tokens",
                first(deployment).batchedTokens(),
                512,
                tokens -> deployment.toBuilder().workload(workload.maxBatchedTokens(tokens)));
    }

    private static Stream<Remedy> fewerInStep(Deployment deployment) {
        Workload workload = deployment.workload();
        return halved(
                "max_sequences",
                first(deployment).maxSequences(),
                Math.max(workload.sequences(), 16),
                limit -> deployment.toBuilder().workload(workload.maxSequences(limit)));
    }

    /** A larger share; a smaller one where the budget is enough and what stands beside it has no room. */
    private static Stream<Remedy> otherFraction(Deployment deployment) {
        long hundredths = deployment.memoryFraction().floorOf(100);
        Workload workload = deployment.workload();
        LongStream shares = deployment.footprint().headroom(workload.contextTokens(), workload.sequences()) >= 0
                ? LongStream.iterate(hundredths, share -> share >= 1, share -> share - 1)
                : LongStream.rangeClosed(hundredths + 1, 98);
        return shares.boxed().flatMap(share -> {
            Ratio fraction = Ratio.of(share, 100);
            return changed(
                    "memory_fraction",
                    fraction.toDisplay(2),
                    deployment.toBuilder().memoryFraction(fraction));
        });
    }

    private static Stream<Remedy> otherLayout(Deployment deployment) {
        return built(deployment.toBuilder().layout(LayoutRequest.ANY))
                .filter(best -> !best.layout().equals(deployment.layout()))
                .map(best -> remedy("layout", best.layout().toString(), best));
    }

    private static Stream<Remedy> smallerCache(Deployment deployment) {
        return Stream.of(CacheFormats.FP8_E4M3, CacheFormats.Q8_0, CacheFormats.Q4_0)
                .filter(deployment.engine()::knows)
                .filter(format -> bytes(format) < bytes(deployment.cache()))
                .flatMap(format -> changed(
                        "kv_cache", format.name(), deployment.toBuilder().kvCache(format)));
    }

    /** Of as many elements as each format's blocks divide. */
    private static long bytes(CacheFormat format) {
        return format.bytes(1 << 10);
    }

    private static Stream<Remedy> onHost(Deployment deployment) {
        if (!deployment.engine().sharesWithHost() || !deployment.hostShare().isNone()) {
            return Stream.empty();
        }
        return Stream.of(
                        HostOffload.fewestExpertLayers(deployment.toBuilder(), Optional.empty())
                                .map(held -> remedy(
                                        "host_expert_layers",
                                        "" + held.hostShare().expertLayers(),
                                        held)),
                        HostOffload.fewestLayers(deployment.toBuilder(), Optional.empty())
                                .map(held -> remedy(
                                        "host_layers", "" + held.hostShare().layers(), held)))
                .flatMap(Optional::stream);
    }

    private static Stream<Remedy> shorterContext(Deployment deployment) {
        Workload workload = deployment.workload();
        long longest = Sizing.longestContext(deployment);
        return longest == 0
                ? Stream.empty()
                : changed(
                        "context_tokens",
                        "" + longest,
                        deployment.toBuilder().workload(workload.contextTokens(longest)));
    }

    private static Stream<Remedy> fewerSequences(Deployment deployment) {
        Workload workload = deployment.workload();
        long most = Sizing.mostSequences(deployment);
        return most == 0
                ? Stream.empty()
                : changed("sequences", "" + most, deployment.toBuilder().workload(workload.sequences(most)));
    }

    /** More devices of the first kind: wider machines up to 8 devices where each has its own memory, then more machines. */
    static Stream<Remedy> moreDevices(Deployment deployment) {
        Cluster.Group group = deployment.cluster().groups().get(0);
        if (deployment.cluster().firstAccelerator().category().equals("phone")) {
            return Stream.empty();
        }
        return wider(group)
                .flatMap(cluster -> built(Deployment.builder(deployment.model(), cluster)
                                .settingsOf(deployment)
                                .layout(LayoutRequest.ANY))
                        .map(best -> remedy("cluster", cluster + " (" + best.layout() + ")", best)));
    }

    private static Stream<Cluster> wider(Cluster.Group group) {
        List<Cluster> wider = new ArrayList<>();
        int width = group.node().deviceCount();
        if (group.node().name().isEmpty()
                && group.count() == 1
                && !group.node().isOnePool()
                && group.node().devices().size() == 1) {
            for (int devices = width * 2; devices <= 8; devices *= 2) {
                wider.add(Cluster.of(group.node().devices().get(0).accelerator(), devices));
            }
        }
        Node widest = wider.isEmpty()
                ? group.node()
                : wider.get(wider.size() - 1).groups().get(0).node();
        IntStream.of(1, 2, 3, 4, 6, 8, 12, 16)
                .map(more -> group.count() + more)
                .forEach(nodes -> wider.add(new Cluster(List.of(new Cluster.Group(widest, nodes)))));
        return wider.stream();
    }

    private static Serving first(Deployment deployment) {
        return deployment.stages().get(0).serving();
    }

    private static Stream<Remedy> halved(String key, long now, long least, LongFunction<DeploymentBuilder> builder) {
        return LongStream.iterate(now / 2, value -> value >= least, value -> value / 2)
                .boxed()
                .flatMap(value -> changed(key, "" + value, builder.apply(value)));
    }

    private static Stream<Remedy> changed(String key, String value, DeploymentBuilder builder) {
        return built(builder).map(deployment -> remedy(key, value, deployment));
    }

    private static Remedy remedy(String key, String value, Deployment deployment) {
        return new Remedy(List.of(new Remedy.Change(key, value)), deployment);
    }

    /** Nothing where the change can't be made. */
    private static Stream<Deployment> built(DeploymentBuilder builder) {
        try {
            return Stream.of(builder.build());
        } catch (IllegalArgumentException impossible) {
            return Stream.empty();
        }
    }
}
