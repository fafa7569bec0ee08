package io.llmsizing.calibration;

import io.llmsizing.Deployment;
import io.llmsizing.DeploymentBuilder;
import io.llmsizing.LayoutRequest;
import io.llmsizing.engine.EngineProfile;
import io.llmsizing.engine.Engines;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.model.Model;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.quantization.CacheFormat;
import io.llmsizing.quantization.CacheFormats;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.units.ByteSize;
import io.llmsizing.units.Ratio;
import io.llmsizing.workload.Workload;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What was started, as far as its report states it. What is empty has the engine's default.
 *
 * @param model the published id
 * @param shape the catalogue's model of the same shape; the id itself where the catalogue has it
 * @param engine its name, known to the library or not
 * @param version as printed, without a leading v
 * @param weights how they are stored, by name
 * @param cache how the cache is stored, by name
 * @param accelerator by a name of the catalogue
 * @param vendor who made the device, where no accelerator is named
 * @param devices 1 or more
 * @param usable what the framework sees of each device
 * @param fraction the share that the engine was given
 * @param layout the stated parts of the layout
 * @param context tokens of a sequence
 * @param sequences held at once
 * @param batchedTokens of a step at most
 * @param maxSequences of a step at most
 * @param eager whether graphs were switched off
 */
public record Setup(
        String model,
        String shape,
        String engine,
        Optional<String> version,
        Optional<String> weights,
        Optional<String> cache,
        Optional<String> accelerator,
        Optional<String> vendor,
        int devices,
        Optional<ByteSize> usable,
        Optional<Ratio> fraction,
        LayoutRequest layout,
        OptionalLong context,
        OptionalLong sequences,
        OptionalLong batchedTokens,
        OptionalLong maxSequences,
        boolean eager) {

    /**
     * The engine's profile.
     *
     * @return of the stated version, else of the newest known
     * @throws IllegalArgumentException if the library does not know the engine or has no facts of so old a version
     */
    public EngineProfile profile() {
        return Engines.named(engine, version.orElse(""));
    }

    /**
     * How the weights stand in memory.
     *
     * @param served the model of {@link #shape}
     * @return the stated scheme, else what the engine makes of the checkpoint's own
     */
    public WeightScheme scheme(Model served) {
        return weights.map(served::weightsNamed).orElseGet(() -> profile().held(served.weights()));
    }

    /**
     * How the cache is stored.
     *
     * @return the stated format, else BF16
     */
    public CacheFormat cacheFormat() {
        return cache.map(CacheFormats::named).orElse(CacheFormats.BF16);
    }

    /**
     * What is held at once.
     *
     * @param served the model of {@link #shape}
     * @return one sequence of the stated context where no number of them is stated
     */
    public Workload workload(Model served) {
        return new Workload(
                sequences.orElse(1),
                context.orElse(Workload.usualContext(served.contextTokens())),
                batchedTokens,
                maxSequences);
    }

    /**
     * The layout with 1 for what is not stated.
     *
     * @return the layout
     */
    public ParallelLayout plainLayout() {
        return new ParallelLayout(
                layout.tensor().orElse(1),
                layout.pipeline().orElse(1),
                layout.data().orElse(1),
                layout.expert().orElse(false));
    }

    /**
     * The deployment to be sized.
     *
     * @param served the model of {@link #shape}
     * @param device that of {@link #accelerator}
     * @return the deployment
     * @throws IllegalArgumentException if the library can't size it, saying why
     */
    public Deployment deployment(Model served, Accelerator device) {
        Cluster cluster = Cluster.of(device, devices, 1);
        DeploymentBuilder builder = Deployment.builder(
                        served, usable.map(cluster::withUsable).orElse(cluster))
                .engine(profile())
                .weights(scheme(served))
                .kvCache(cacheFormat())
                .workload(workload(served))
                .eager(eager)
                .layout(layout);
        return fraction.map(builder::memoryFraction).orElse(builder).build();
    }
}
