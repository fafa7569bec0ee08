package io.llmsizing.checkpoint;

import io.llmsizing.quantization.BlockFormat;
import io.llmsizing.quantization.GgmlFormats;
import io.llmsizing.units.Exact;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes the headers of GGUF files for tests; the tensors behind them are zeros that take no memory. */
final class GgufWriter {
    private final ByteOrder order;
    private final int version;
    private final ByteArrayOutputStream keys = new ByteArrayOutputStream();
    private final List<Tensor> tensors = new ArrayList<>();
    private int keyCount;
    private long alignment = 32;

    record Tensor(String name, List<Long> shape, int type, long offset) {}

    GgufWriter(int version, ByteOrder order) {
        this.version = version;
        this.order = order;
    }

    static GgufWriter ofArchitecture(String architecture) {
        return new GgufWriter(3, ByteOrder.LITTLE_ENDIAN).text("general.architecture", architecture);
    }

    byte[] number(int bytes, long value) {
        ByteBuffer buffer = ByteBuffer.allocate(8).order(order);
        switch (bytes) {
            case 1 -> buffer.put((byte) value);
            case 2 -> buffer.putShort((short) value);
            case 4 -> buffer.putInt((int) value);
            default -> buffer.putLong(value);
        }
        byte[] written = new byte[bytes];
        buffer.get(0, written);
        return written;
    }

    byte[] string(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return concat(number(8, utf8.length), utf8);
    }

    static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** A key with a type and the bytes of its value. */
    GgufWriter raw(String key, int type, byte[] value) {
        keys.writeBytes(concat(string(key), number(4, type), value));
        keyCount++;
        return this;
    }

    GgufWriter text(String key, String value) {
        return raw(key, 8, string(value));
    }

    GgufWriter whole(String key, long value) {
        return raw(key, 4, number(4, value));
    }

    GgufWriter flag(String key, boolean value) {
        return raw(key, 7, number(1, value ? 1 : 0));
    }

    GgufWriter decimal(String key, float value) {
        return raw(key, 6, number(4, Float.floatToIntBits(value)));
    }

    GgufWriter wholes(String key, List<? extends Number> values) {
        return list(
                key,
                5,
                values.size(),
                concat(values.stream()
                        .map(value -> number(4, value.longValue()))
                        .toArray(byte[][]::new)));
    }

    GgufWriter flags(String key, List<Boolean> values) {
        return list(
                key,
                7,
                values.size(),
                concat(values.stream().map(value -> number(1, value ? 1 : 0)).toArray(byte[][]::new)));
    }

    GgufWriter list(String key, int type, long count, byte[] elements) {
        return raw(key, 9, concat(number(4, type), number(8, count), elements));
    }

    /** A vocabulary of so many tokens. */
    GgufWriter tokens(int count) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            all.writeBytes(string("token " + i));
        }
        return list("tokenizer.ggml.tokens", 8, count, all.toByteArray());
    }

    GgufWriter alignment(long bytes) {
        alignment = bytes;
        return whole("general.alignment", bytes);
    }

    /** A tensor behind those before it, the slowest dimension first. */
    GgufWriter tensor(String name, BlockFormat type, long... shape) {
        int id = GgmlFormats.all().entrySet().stream()
                .filter(known -> known.getValue().equals(type))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
        List<Long> sides = new ArrayList<>();
        for (long side : shape) {
            sides.add(side);
        }
        tensors.add(new Tensor(name, sides, id, dataLength()));
        return this;
    }

    GgufWriter tensorAt(String name, int type, long offset, long... shape) {
        List<Long> sides = new ArrayList<>();
        for (long side : shape) {
            sides.add(side);
        }
        tensors.add(new Tensor(name, sides, type, offset));
        return this;
    }

    private static long bytes(Tensor tensor) {
        BlockFormat type = GgmlFormats.byId(tensor.type()).orElseThrow();
        long elements = tensor.shape().stream().reduce(1L, Math::multiplyExact);
        return elements / GgmlFormats.blockElements(type) * type.bytes(1, GgmlFormats.blockElements(type));
    }

    private long dataLength() {
        if (tensors.isEmpty()) {
            return 0;
        }
        Tensor last = tensors.get(tensors.size() - 1);
        return Exact.padTo(last.offset() + bytes(last), alignment);
    }

    byte[] header() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
        all.writeBytes(number(4, version));
        all.writeBytes(number(8, tensors.size()));
        all.writeBytes(number(8, keyCount));
        all.writeBytes(keys.toByteArray());
        for (Tensor tensor : tensors) {
            all.writeBytes(string(tensor.name()));
            all.writeBytes(number(4, tensor.shape().size()));
            for (int i = tensor.shape().size() - 1; i >= 0; i--) {
                all.writeBytes(number(8, tensor.shape().get(i)));
            }
            all.writeBytes(number(4, tensor.type()));
            all.writeBytes(number(8, tensor.offset()));
        }
        return all.toByteArray();
    }

    /** The file with its tensors, all zero. */
    BytesInMemory file() {
        return file("some.gguf");
    }

    BytesInMemory file(String name) {
        byte[] header = header();
        long start = Exact.padTo(header.length, alignment);
        return new BytesInMemory(name, header, Math.addExact(start, dataLength()));
    }
}
