package io.llmsizing.checkpoint;

import static com.google.common.base.Preconditions.checkArgument;

import io.llmsizing.checkpoint.GgufExpression.Missing;
import io.llmsizing.checkpoint.GgufExpression.Nothing;
import io.llmsizing.quantization.Formats;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The functions of {@link GgufExpression}. A missing argument makes the result missing, unless said otherwise. */
enum GgufFunctions {
    /** Layers without those that predict. */
    LAYERS {
        @Override
        Object of(GgufSizes sizes, List<Object> arguments) {
            return (long) sizes.layers();
        }
    },
    /** Blocks that predict further tokens, nothing where there are none. */
    PREDICTIONS {
        @Override
        Object of(GgufSizes sizes, List<Object> arguments) {
            return sizes.predictions() == 0 ? Nothing.NONE : sizes.predictions();
        }
    },
    /** What the tensors are computed in as far as the file shows it. */
    DTYPE {
        @Override
        Object of(GgufSizes sizes, List<Object> arguments) {
            List<StoredTensor> tensors = sizes.file().tensors();
            if (tensors.stream().anyMatch(tensor -> tensor.type().equals(Formats.BF16))) {
                return "bfloat16";
            }
            boolean full = tensors.stream().allMatch(tensor -> tensor.type().equals(Formats.FP32));
            return full ? "float32" : "float16";
        }
    },
    /** Rows of a tensor: the last side but one. */
    ROWS {
        @Override
        Object of(GgufSizes sizes, List<Object> arguments) {
            return sizes.side(text(arguments, 0), 2);
        }
    },
    /** Whether a tensor is there. */
    HAS {
        @Override
        Object of(GgufSizes sizes, List<Object> arguments) {
            return sizes.tensor(text(arguments, 0)).isPresent();
        }
    },
    /** Whether a tensor is not there. */
    LACKS {
        @Override
        Object of(GgufSizes sizes, List<Object> arguments) {
            return sizes.tensor(text(arguments, 0)).isEmpty();
        }
    },
    /** Whether some layer has the first tensor without the second. */
    APART {
        @Override
        Object of(GgufSizes sizes, List<Object> arguments) {
            BitSet without = (BitSet) sizes.layersOf(text(arguments, 0)).clone();
            without.andNot(sizes.layersOf(text(arguments, 1)));
            return !without.isEmpty();
        }
    },
    /** For each layer 1 if it has the tensor, 0 if not. */
    PRESENT {
        @Override
        Object of(GgufSizes sizes, List<Object> arguments) {
            BitSet there = sizes.layersOf(text(arguments, 0));
            List<Long> marks = new ArrayList<>();
            for (int layer = 0; layer < sizes.layers(); layer++) {
                marks.add(there.get(layer) ? 1L : 0L);
            }
            return marks;
        }
    },
    /** Whether one of two truth values holds. */
    EITHER {
        @Override
        Object of(GgufSizes sizes, List<Object> arguments) {
            return arguments.contains(true);
        }
    },
    /** Whether a number is there and not 0. */
    POSITIVE {
        @Override
        Object value(GgufSizes sizes, List<Object> arguments) {
            Object number = arguments.get(0);
            return !(number instanceof Missing) && whole(number) > 0;
        }
    },
    /** Whether a number is another. */
    IS {
        @Override
        Object of(GgufSizes sizes, List<Object> arguments) {
            return whole(arguments.get(0)) == whole(arguments.get(1));
        }
    },
    /** A number, {@code null} where it is 0 or absent. */
    UNLESS0 {
        @Override
        Object value(GgufSizes sizes, List<Object> arguments) {
            Object number = arguments.get(0);
            return number instanceof Missing || whole(number) == 0 ? Nothing.NULL : number;
        }
    },
    /** The second or the third, as the first holds or not. */
    CHOOSE {
        @Override
        Object of(GgufSizes sizes, List<Object> arguments) {
            return arguments.get(arguments.get(0).equals(true) ? 1 : 2);
        }
    },
    /** All of them as a list. */
    ARRAY {
        @Override
        Object of(GgufSizes sizes, List<Object> arguments) {
            return arguments;
        }
    },
    /** The largest of a list whose other values are 0. */
    MOST {
        @Override
        Object of(GgufSizes sizes, List<Object> arguments) {
            return only(
                    numbers(arguments, 0).stream().filter(value -> value != 0).toList());
        }
    },
    /** The smallest of a list. */
    LEAST {
        @Override
        Object of(GgufSizes sizes, List<Object> arguments) {
            return numbers(arguments, 0).stream().min(Long::compare).orElseThrow();
        }
    },
    /** Whether a list has some number and twice that number; one number alone has not. */
    DOUBLES {
        @Override
        Object of(GgufSizes sizes, List<Object> arguments) {
            List<Long> values =
                    numbers(arguments, 0).stream().distinct().sorted().toList();
            checkArgument(
                    values.size() == 1 || (values.size() == 2 && values.get(1) == Math.multiplyExact(2, values.get(0))),
                    "%s; expected one width, or another twice as wide",
                    values);
            return values.size() == 2;
        }
    },
    /** The one value of the first list where the second has the third. */
    PICK {
        @Override
        Object of(GgufSizes sizes, List<Object> arguments) {
            List<Long> values = numbers(arguments, 0);
            List<Long> marks = numbers(arguments, 1);
            List<Long> picked = new ArrayList<>();
            for (int layer = 0; layer < values.size(); layer++) {
                if (marks.get(layer) == whole(arguments.get(2))) {
                    picked.add(values.get(layer));
                }
            }
            return picked.isEmpty() ? Nothing.NONE : only(picked);
        }
    },
    /** Names of layers: that behind the first list that is not 0 there, or the last. */
    KINDS {
        @Override
        Object of(GgufSizes sizes, List<Object> arguments) {
            String[] kinds = new String[sizes.layers()];
            Arrays.fill(kinds, text(arguments, arguments.size() - 1));
            for (int i = arguments.size() - 3; i >= 0; i -= 2) {
                List<Long> marks = numbers(arguments, i);
                for (int layer = 0; layer < kinds.length; layer++) {
                    kinds[layer] = marks.get(layer) == 0 ? kinds[layer] : text(arguments, i + 1);
                }
            }
            return List.of(kinds);
        }
    },
    /** After how many layers one that is not 0 comes again. */
    PERIOD {
        @Override
        Object of(GgufSizes sizes, List<Object> arguments) {
            return period(numbers(arguments, 0));
        }
    },
    /** The first that is not 0. */
    OFFSET {
        @Override
        Object of(GgufSizes sizes, List<Object> arguments) {
            period(numbers(arguments, 0));
            return firstMark(numbers(arguments, 0));
        }
    },
    /** Decimals that times the second give the numbers of the first, rounded down. */
    RATIOS {
        @Override
        Object of(GgufSizes sizes, List<Object> arguments) {
            long whole = whole(arguments.get(1));
            return numbers(arguments, 0).stream()
                    .map(part -> SearchedBlocks.decimal(part, whole))
                    .toList();
        }
    },
    /** Blocks after a search: query heads, key-value heads and inner width of each layer, and the model's width. */
    SEARCHED {
        @Override
        Object of(GgufSizes sizes, List<Object> arguments) {
            return SearchedBlocks.of(
                    numbers(arguments, 0), numbers(arguments, 1), numbers(arguments, 2), whole(arguments.get(3)));
        }
    };

    /** A function by its name in an expression. */
    static GgufFunctions of(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    Object of(GgufSizes sizes, List<Object> arguments) {
        throw new AssertionError(this);
    }

    Object value(GgufSizes sizes, List<Object> arguments) {
        for (Object argument : arguments) {
            if (argument instanceof Missing) {
                return argument;
            }
        }
        return of(sizes, arguments);
    }

    /** A number; a truth value counts 1 or 0. */
    static long whole(Object value) {
        if (value instanceof Boolean holds) {
            return holds ? 1 : 0;
        }
        checkArgument(value instanceof Long, "%s; expected a whole number", value);
        return (Long) value;
    }

    private static String text(List<Object> arguments, int index) {
        checkArgument(arguments.get(index) instanceof String, "%s; expected a text", arguments.get(index));
        return (String) arguments.get(index);
    }

    private static List<Long> numbers(List<Object> arguments, int index) {
        checkArgument(arguments.get(index) instanceof List, "%s; expected a list", arguments.get(index));
        return ((List<?>) arguments.get(index))
                .stream().map(GgufFunctions::whole).toList();
    }

    private static long only(List<Long> values) {
        Set<Long> distinct = Set.copyOf(values);
        checkArgument(distinct.size() == 1, "%s; expected one value, or 0, for each layer", distinct);
        return values.get(0);
    }

    private static long firstMark(List<Long> marks) {
        int first = 0;
        while (first < marks.size() && marks.get(first) == 0) {
            first++;
        }
        checkArgument(first < marks.size(), "no layer of the kind");
        return first;
    }

    private static long period(List<Long> marks) {
        int first = (int) firstMark(marks);
        int second = first + 1;
        while (second < marks.size() && marks.get(second) == 0) {
            second++;
        }
        int period = Math.max(second - first, first + 1);
        for (int layer = 0; layer < marks.size(); layer++) {
            checkArgument(
                    (marks.get(layer) != 0) == (layer % period == first), "%s; expected layers with a period", marks);
        }
        return period;
    }
}
