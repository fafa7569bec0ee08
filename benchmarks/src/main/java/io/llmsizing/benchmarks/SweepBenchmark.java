package io.llmsizing.benchmarks;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.engine.Engines;
import io.llmsizing.planner.Sweep;
import io.llmsizing.planner.SweepSpace;
import io.llmsizing.quantization.WeightSchemes;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What a verdict costs in a sweep, compiling included: one model, so that one thread works.
 *
 * <p>Run: {@code java -jar benchmarks/target/benchmarks.jar SweepBenchmark -prof gc}
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SweepBenchmark {
    private static final int POINTS = 4 * 4 * 4 * 16;

    private Sweep sweep;
    private final byte[] codes = new byte[POINTS];

    /** Resolves the names. */
    @Setup
    public void setUp() {
        Catalog catalog = Catalog.bundled();
        SweepSpace space = SweepSpace.of(
                List.of("meta-llama/Llama-3.1-70B"),
                List.of("H100", "H200", "L40S", "A100-80GB"),
                List.of(1, 2, 4, 8),
                List.of("bf16", "fp8", "int8", "int4"),
                List.of(1_024L, 4_096L, 16_384L, 65_536L),
                List.of(1L, 8L, 64L, 256L));
        sweep = new Sweep(
                space, catalog::model, catalog::accelerator, WeightSchemes::named, name -> Engines.named(name, ""));
    }

    /** All points; the figure is that of one. */
    @Benchmark
    @OperationsPerInvocation(POINTS)
    public byte[] verdicts() {
        sweep.into(codes);
        return codes;
    }
}
