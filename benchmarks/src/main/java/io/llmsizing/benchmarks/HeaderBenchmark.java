package io.llmsizing.benchmarks;

import io.llmsizing.checkpoint.Checkpoint;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What reading the headers of large checkpoints costs: 163 shards of 100,000 tensors, as DeepSeek-V3 has them, and a GGUF
 * file with a vocabulary of 262,144 texts. The files are holes behind their headers.
 *
 * <p>Run: {@code java -jar benchmarks/target/benchmarks.jar HeaderBenchmark -prof gc}
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class HeaderBenchmark {
    private static final int SHARDS = 163;
    private static final int TENSORS = 100_000;
    private static final int VOCABULARY = 262_144;
    private static final int TEXT = 8;

    private Path folder = Path.of("");

    /** Writes the files. */
    @Setup
    public void write() throws IOException {
        folder = Files.createTempDirectory("checkpoint");
        StringBuilder index = new StringBuilder("{\"weight_map\": {");
        for (int shard = 0; shard < SHARDS; shard++) {
            String file = String.format(Locale.ROOT, "model-%05d-of-%05d.safetensors", shard + 1, SHARDS);
            StringBuilder header = new StringBuilder("{");
            long at = 0;
            for (int tensor = shard; tensor < TENSORS; tensor += SHARDS) {
                String name = "model.layers." + tensor % 61 + ".mlp.experts." + tensor + ".gate_proj.weight";
                long end = at + 2_048L * 7_168;
                header.append(header.length() == 1 ? "" : ",").append('"').append(name);
                header.append("\":{\"dtype\":\"F8_E4M3\",\"shape\":[2048,7168],\"data_offsets\":[");
                header.append(at).append(',').append(end).append("]}");
                index.append(index.charAt(index.length() - 1) == '{' ? "" : ",")
                        .append('"')
                        .append(name);
                index.append("\":\"").append(file).append('"');
                at = end;
            }
            byte[] json = header.append('}').toString().getBytes(StandardCharsets.US_ASCII);
            ByteBuffer front = ByteBuffer.allocate(8 + json.length).order(ByteOrder.LITTLE_ENDIAN);
            write(file, front.putLong(json.length).put(json), at);
        }
        Files.writeString(folder.resolve("model.safetensors.index.json"), index.append("}}"));
        writeGguf();
    }

    private void write(String file, ByteBuffer front, long holes) throws IOException {
        try (RandomAccessFile sparse = new RandomAccessFile(folder.resolve(file).toFile(), "rw")) {
            sparse.write(front.array(), 0, front.position());
            sparse.setLength(front.position() + holes);
        }
    }

    private void writeGguf() throws IOException {
        ByteBuffer front = ByteBuffer.allocate(VOCABULARY * (8 + TEXT) + 1_024).order(ByteOrder.LITTLE_ENDIAN);
        front.put("GGUF".getBytes(StandardCharsets.US_ASCII))
                .putInt(3)
                .putLong(1)
                .putLong(2);
        text(front, "general.architecture").putInt(8);
        text(front, "llama");
        text(front, "tokenizer.ggml.tokens").putInt(9).putInt(8).putLong(VOCABULARY);
        for (int token = 0; token < VOCABULARY; token++) {
            text(front, String.format(Locale.ROOT, "%08d", token));
        }
        text(front, "token_embd.weight")
                .putInt(2)
                .putLong(4_096)
                .putLong(VOCABULARY)
                .putInt(12)
                .putLong(0);
        while (front.position() % 32 != 0) {
            front.put((byte) 0);
        }
        write("model.gguf", front, VOCABULARY * 4_096L / 256 * 144);
    }

    private static ByteBuffer text(ByteBuffer front, String text) {
        return front.putLong(text.length()).put(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Removes the files. */
    @TearDown
    public void remove() throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.walk(folder)) {
            all = files.sorted(Comparator.reverseOrder()).collect(Collectors.toList());
        }
        for (Path file : all) {
            Files.delete(file);
        }
    }

    /**
     * The index and the headers of all shards.
     *
     * @return the checkpoint
     */
    @Benchmark
    public Checkpoint shards() throws IOException {
        return Checkpoint.read(folder.resolve("model.safetensors.index.json"));
    }

    /**
     * A header with a large vocabulary.
     *
     * @return the checkpoint
     */
    @Benchmark
    public Checkpoint readVocabulary() throws IOException {
        return Checkpoint.read(folder.resolve("model.gguf"));
    }
}
