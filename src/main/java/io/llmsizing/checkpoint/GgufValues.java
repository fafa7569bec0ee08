package io.llmsizing.checkpoint;

import com.google.common.primitives.ImmutableLongArray;
import io.llmsizing.checkpoint.GgufMetadata.Decimal;
import io.llmsizing.checkpoint.GgufMetadata.PassedOver;
import io.llmsizing.checkpoint.GgufMetadata.Value;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Reads the keys and values of a GGUF header. */
final class GgufValues {
    private static final int MOST_KEYS = 4_096;
    private static final int LONGEST_KEY = 256;
    private static final int LONGEST_TEXT = 1_024;
    private static final int LONGEST_LIST = 1_024;
    private static final int DEEPEST_LIST = 4;

    /** Texts and lists in the lists of one header: five times the largest vocabulary with its merges. */
    private static final int MOST_ITEMS = 1 << 22;

    private static final int UINT8 = 0;
    private static final int INT8 = 1;
    private static final int UINT16 = 2;
    private static final int INT16 = 3;
    private static final int UINT32 = 4;
    private static final int INT32 = 5;
    private static final int FLOAT32 = 6;
    private static final int BOOL = 7;
    private static final int STRING = 8;
    private static final int ARRAY = 9;
    private static final int UINT64 = 10;
    private static final int INT64 = 11;
    private static final int FLOAT64 = 12;

    private final GgufInput input;
    private long items;

    GgufValues(GgufInput input) {
        this.input = input;
    }

    /** All keys and values, in their order. */
    Map<String, Value> read(long count) throws IOException {
        if (count > MOST_KEYS) {
            throw input.problem(
                    input.position() - Long.BYTES,
                    String.format(Locale.ROOT, "%,d keys; expected at most %,d", count, MOST_KEYS));
        }
        Map<String, Value> values = new LinkedHashMap<>();
        for (long i = 0; i < count; i++) {
            long at = input.position();
            String key = input.text("the name of key " + i, LONGEST_KEY);
            if (values.containsKey(key)) {
                throw input.problem(at, "key " + key + " stands there twice");
            }
            int type = type(key);
            long start = input.position();
            values.put(key, new Value(start, value(key, type)));
        }
        return values;
    }

    private int type(String key) throws IOException {
        long at = input.position();
        long type = input.unsigned("the type of " + key);
        if (type > FLOAT64) {
            throw input.problem(at, "type " + type + " of " + key + "; expected 0 to " + FLOAT64);
        }
        return (int) type;
    }

    private Object value(String key, int type) throws IOException {
        return switch (type) {
            case STRING -> text(key);
            case ARRAY -> list(key, 1);
            case FLOAT32, FLOAT64 -> decimal(key, type);
            case BOOL -> number(key, type) != 0;
            case UINT64 -> unsigned(key);
            default -> number(key, type);
        };
    }

    /** A number that a {@code long} does not hold is no size, and passed over. */
    private Object unsigned(String key) throws IOException {
        long value = input.eightBytes(key);
        return value < 0 ? new Decimal(Long.toUnsignedString(value)) : value;
    }

    private Object text(String key) throws IOException {
        long at = input.position();
        long length = input.textLength(key);
        if (length <= LONGEST_TEXT) {
            return input.text(key, at, (int) length);
        }
        input.skip(length, key);
        return new PassedOver("a text", 1, length);
    }

    private Object decimal(String key, int type) throws IOException {
        if (type == FLOAT32) {
            return decimal(Float.toString(Float.intBitsToFloat(input.fourBytes(key))));
        }
        return decimal(Double.toString(Double.longBitsToDouble(input.eightBytes(key))));
    }

    private static Decimal decimal(String shown) {
        boolean finite = Character.isDigit(shown.charAt(shown.length() - 1));
        return new Decimal(finite ? new BigDecimal(shown).stripTrailingZeros().toPlainString() : shown);
    }

    private long number(String key, int type) throws IOException {
        return switch (type) {
            case UINT8 -> input.oneByte(key);
            case INT8 -> (byte) input.oneByte(key);
            case BOOL -> truth(key);
            case UINT16 -> Short.toUnsignedInt(input.twoBytes(key));
            case INT16 -> input.twoBytes(key);
            case UINT32 -> input.unsigned(key);
            case INT32 -> input.fourBytes(key);
            case UINT64, INT64 -> input.eightBytes(key);
            default -> throw new AssertionError(type);
        };
    }

    private int truth(String key) throws IOException {
        long at = input.position();
        int value = input.oneByte(key);
        if (value > 1) {
            throw input.problem(at, value + " for " + key + "; expected 0 or 1 for a truth value");
        }
        return value;
    }

    private Object list(String key, int depth) throws IOException {
        long at = input.position();
        if (depth > DEEPEST_LIST) {
            throw input.problem(at, key + " holds lists in lists, deeper than " + DEEPEST_LIST);
        }
        int type = type(key);
        long count = input.count("the length of " + key, input.left());
        long width = width(type);
        if (width == 0) {
            passOver(key, type, count, depth);
            return new PassedOver(type == STRING ? "a list of texts" : "a list of lists", count, input.position() - at);
        }
        boolean whole = type != FLOAT32 && type != FLOAT64;
        if (whole && count <= LONGEST_LIST) {
            ImmutableLongArray.Builder numbers = ImmutableLongArray.builder((int) count);
            for (long i = 0; i < count; i++) {
                numbers.add(number(key, type));
            }
            return numbers.build();
        }
        if (count > input.left() / width) {
            throw input.problem(
                    at,
                    String.format(
                            Locale.ROOT,
                            "%s has %,d elements of %d B; the file has %,d B left",
                            key,
                            count,
                            width,
                            input.left()));
        }
        input.skip(count * width, key);
        return new PassedOver("a list", count, input.position() - at);
    }

    private void passOver(String key, int type, long count, int depth) throws IOException {
        long at = input.position();
        for (long i = 0; i < count; i++) {
            items++;
            if (items > MOST_ITEMS) {
                throw input.problem(
                        at,
                        String.format(
                                Locale.ROOT, "the lists up to %s hold more than %,d texts or lists", key, MOST_ITEMS));
            }
            if (type == STRING) {
                input.skipText(key);
            } else {
                list(key, depth + 1);
            }
        }
    }

    /** Bytes of a number or flag, 0 for what has no fixed width. */
    private static int width(int type) {
        return switch (type) {
            case UINT8, INT8, BOOL -> 1;
            case UINT16, INT16 -> 2;
            case UINT32, INT32, FLOAT32 -> 4;
            case UINT64, INT64, FLOAT64 -> 8;
            default -> 0;
        };
    }
}
