package io.llmsizing.benchmarks;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.model.Model;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * The first lookup of a model: the catalogue is opened and one file of models read. Warm, as in a service that opens it
 * anew; cold with {@code -bm ss -wi 0 -i 1 -f 10}, the loading of classes included.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class ColdLookupBenchmark {
    /**
     * A catalogue of its own, asked once.
     *
     * @return the model
     */
    @Benchmark
    public Model openAndLookUp() {
        return Catalog.bundled().model("llama-3.1-8b");
    }
}
