package io.llmsizing.checkpoint;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes checkpoints of any size: headers, and holes where the tensors' bytes would be. */
final class SafetensorsWriter {
    private static final Map<String, Integer> BITS = Map.ofEntries(
            Map.entry("BF16", 16),
            Map.entry("F16", 16),
            Map.entry("F32", 32),
            Map.entry("I32", 32),
            Map.entry("U8", 8),
            Map.entry("I64", 64),
            Map.entry("F8_E4M3", 8),
            Map.entry("F8_E8M0", 8),
            Map.entry("F4", 4));

    /** A tensor to be written. */
    record Tensor(String name, String dtype, List<Long> shape) {
        long bytes() {
            return shape.stream().reduce(1L, Math::multiplyExact) * BITS.get(dtype) / 8;
        }
    }

    private SafetensorsWriter() {}

    static Tensor tensor(String name, String dtype, long... shape) {
        List<Long> sides = new ArrayList<>();
        for (long side : shape) {
            sides.add(side);
        }
        return new Tensor(name, dtype, sides);
    }

    static String header(List<Tensor> tensors) {
        StringBuilder json = new StringBuilder("{\"__metadata__\":{\"format\":\"pt\"}");
        long at = 0;
        for (Tensor tensor : tensors) {
            long end = at + tensor.bytes();
            json.append(",\"").append(tensor.name()).append("\":{\"dtype\":\"").append(tensor.dtype());
            json.append("\",\"shape\":").append(tensor.shape());
            json.append(",\"data_offsets\":[")
                    .append(at)
                    .append(',')
                    .append(end)
                    .append("]}");
            at = end;
        }
        return json.append("}   ").toString();
    }

    /** A file whose header is a text, followed by so many bytes of holes. */
    static Path file(Path file, String header, long data) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer front = ByteBuffer.allocate(8 + json.length).order(ByteOrder.LITTLE_ENDIAN);
        front.putLong(json.length).put(json);
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(0);
            sparse.write(front.array());
            sparse.setLength(front.capacity() + data);
        }
        return file;
    }

    static Path file(Path file, List<Tensor> tensors) throws IOException {
        return file(
                file, header(tensors), tensors.stream().mapToLong(Tensor::bytes).sum());
    }

    /** A folder of shards of so many tensors each, and their index. */
    static void shards(Path folder, List<Tensor> tensors, int each) throws IOException {
        int count = (tensors.size() + each - 1) / each;
        Map<String, String> index = new LinkedHashMap<>();
        for (int shard = 0; shard < count; shard++) {
            List<Tensor> held = tensors.subList(shard * each, Math.min(tensors.size(), (shard + 1) * each));
            String name = String.format("model-%05d-of-%05d.safetensors", shard + 1, count);
            file(folder.resolve(name), held);
            held.forEach(tensor -> index.put(tensor.name(), name));
        }
        StringBuilder json = new StringBuilder("{\"metadata\": {\"total_size\": 1}, \"weight_map\": {");
        index.forEach((tensor, file) ->
                json.append('"').append(tensor).append("\": \"").append(file).append("\",\n"));
        json.setLength(Math.max(0, json.length() - 2));
        Files.writeString(
                folder.resolve("model.safetensors.index.json"),
                json.append("}}").toString());
    }
}
