package io.llmsizing.benchmarks;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.inventory.InventoryReader;
import io.llmsizing.inventory.InventoryReading;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What reading a list of 5,000 Kubernetes nodes of 20 kB each costs, most of which is passed over.
 *
 * <p>Run: {@code java -jar benchmarks/target/benchmarks.jar InventoryBenchmark -prof gc -jvmArgs -Xmx128m}
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class InventoryBenchmark {
    private static final int NODES = 5_000;

    private final Catalog catalog = Catalog.bundled();
    private byte[] node = {};

    /** Writes one node. */
    @Setup
    public void write() {
        String image =
                "{\"names\": [\"some/image@sha256:" + "0123456789abcdef".repeat(4) + "\"], \"sizeBytes\": 1234567890}";
        node = ("{\"kind\": \"Node\", \"metadata\": {\"name\": \"gpu\", \"labels\": {"
                        + "\"nvidia.com/gpu.product\": \"NVIDIA-H100-80GB-HBM3\", \"nvidia.com/gpu.memory\": \"81559\","
                        + " \"nvidia.com/gpu.count\": \"8\"}}, \"spec\": {}, \"status\": {"
                        + "\"allocatable\": {\"nvidia.com/gpu\": \"8\"},"
                        + " \"capacity\": {\"memory\": \"2113410560Ki\", \"nvidia.com/gpu\": \"8\"},"
                        + " \"conditions\": [{\"type\": \"Ready\", \"status\": \"True\"}], \"images\": ["
                        + String.join(",", Collections.nCopies(150, image)) + "]}}")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** The list is put together while it is read. */
    @Benchmark
    public InventoryReading kubernetes() {
        List<InputStream> parts = new ArrayList<>();
        parts.add(text("{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": ["));
        for (int i = 0; i < NODES; i++) {
            parts.add(text(i == 0 ? "" : ","));
            parts.add(new ByteArrayInputStream(node));
        }
        parts.add(text("]}"));
        return InventoryReader.read(new SequenceInputStream(Collections.enumeration(parts)), "nodes.json", catalog);
    }

    private static InputStream text(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
