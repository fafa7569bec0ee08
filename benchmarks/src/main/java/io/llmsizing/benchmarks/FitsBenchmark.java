package io.llmsizing.benchmarks;

import io.llmsizing.Deployment;
import io.llmsizing.Footprint;
import io.llmsizing.Sizing;
import io.llmsizing.Verdict;
import io.llmsizing.catalog.Catalog;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.ledger.LineItem;
import io.llmsizing.model.Model;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.workload.Workload;
import java.util.Random;
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
 * What an answer costs, from the question in a hot loop to the whole explanation. Methods named {@code hot...} must not
 * allocate.
 *
 * <p>Run: {@code java -jar benchmarks/target/benchmarks.jar FitsBenchmark -prof gc}
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FitsBenchmark {
    private static final int QUESTIONS = 1024;

    /** A dense model, one of experts under latent attention, and one whose windows share a pool with whole layers. */
    @Param({"meta-llama/Llama-3.1-70B", "deepseek-ai/DeepSeek-R1", "google/gemma-3-27b-it"})
    public String model = "";

    /** One stage, or several. */
    @Param({"1", "2"})
    public int stages;

    private Model shape;
    private Cluster cluster;
    private Deployment deployment;
    private Footprint footprint;
    private final long[] contexts = new long[QUESTIONS];
    private int next;

    /** Builds the deployment, and contexts drawn evenly over the orders of magnitude. */
    @Setup
    public void setUp() {
        Catalog catalog = Catalog.bundled();
        shape = catalog.model(model);
        cluster = Cluster.of(catalog.accelerator("H200"), 8, stages);
        deployment = deployment();
        footprint = deployment.footprint();
        Random random = new Random(20261123);
        for (int i = 0; i < QUESTIONS; i++) {
            contexts[i] = Math.min(shape.contextTokens(), (long) Math.exp(random.nextDouble() * 12));
            contexts[i] = Math.max(1, contexts[i]);
        }
    }

    private Deployment deployment() {
        return Deployment.builder(shape, cluster)
                .layout(ParallelLayout.tensor(8).pipeline(stages))
                .workload(Workload.of(32, 32_768))
                .build();
    }

    /** A question to a footprint that the caller holds. */
    @Benchmark
    public boolean hotFootprintFits() {
        next = (next + 1) & (QUESTIONS - 1);
        return footprint.fits(contexts[next], 32);
    }

    /** The one-line question about a deployment that the caller holds. */
    @Benchmark
    public boolean hotDeploymentFits() {
        return Sizing.fits(deployment);
    }

    /** The inverse question: how many sequences. */
    @Benchmark
    public long hotMaxSequences() {
        next = (next + 1) & (QUESTIONS - 1);
        return footprint.maxSequences(contexts[next]);
    }

    /** The inverse question: how long a context. */
    @Benchmark
    public long hotMaxContext() {
        return footprint.maxContext(32);
    }

    /** The whole verdict. */
    @Benchmark
    public Verdict size() {
        return Sizing.size(deployment);
    }

    /** A deployment built and compiled. */
    @Benchmark
    public Deployment compile() {
        return deployment();
    }

    /** Every byte explained. */
    @Benchmark
    public LineItem explain() {
        return Sizing.explain(deployment);
    }

    /** The one-line question with all its defaults, the choice of a layout among them. */
    @Benchmark
    public boolean fitsModelOnCluster() {
        return Sizing.fits(shape, cluster);
    }
}
