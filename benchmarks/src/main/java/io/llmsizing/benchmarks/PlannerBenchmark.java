package io.llmsizing.benchmarks;

import io.llmsizing.Deployment;
import io.llmsizing.catalog.Catalog;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.model.Model;
import io.llmsizing.planner.HeatMap;
import io.llmsizing.planner.Planner;
import io.llmsizing.planner.Plans;
import io.llmsizing.planner.Remedies;
import io.llmsizing.planner.Remedy;
import io.llmsizing.workload.Workload;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What the inverse questions cost: all layouts on 64 devices in 8 machines, what would make it fit, a heat map.
 *
 * <p>Run: {@code java -jar benchmarks/target/benchmarks.jar PlannerBenchmark -prof gc}
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class PlannerBenchmark {
    /** A dense model, and one of experts under latent attention, whose layouts deal experts out and spread sequences. */
    @Param({"meta-llama/Llama-3.1-70B", "deepseek-ai/DeepSeek-R1"})
    public String model = "";

    private Model shape;
    private Cluster cluster;
    private Deployment tooLarge;
    private Deployment fitting;

    /** Builds what is asked about. */
    @Setup
    public void setUp() {
        Catalog catalog = Catalog.bundled();
        shape = catalog.model(model);
        cluster = Cluster.of(catalog.accelerator("H100"), 8, 8);
        fitting = Deployment.builder(shape, Cluster.of(catalog.accelerator("H200"), 8))
                .workload(Workload.of(32, 8_192))
                .build();
        tooLarge = Deployment.builder(shape, Cluster.of(catalog.accelerator("H100"), 2))
                .workload(Workload.of(32, 8_192))
                .build();
    }

    /** All layouts. */
    @Benchmark
    public Plans planLayouts() {
        return Planner.of(shape).on(cluster).workload(Workload.of(32, 8_192)).plans();
    }

    /** What would make it fit. */
    @Benchmark
    public List<Remedy> remediesUsual() {
        return Remedies.usual(tooLarge);
    }

    /** Contexts x sequences of one deployment. */
    @Benchmark
    public HeatMap heatMap() {
        return HeatMap.of(fitting);
    }
}
