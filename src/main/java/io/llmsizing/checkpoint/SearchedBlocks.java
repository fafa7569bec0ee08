package io.llmsizing.checkpoint;

import static com.google.common.base.Preconditions.checkArgument;

import io.llmsizing.units.Exact;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The {@code block_configs} of a model whose blocks were searched for (Nemotron), from what a GGUF file says of each layer. */
final class SearchedBlocks {
    private static final long MILLION_MILLION = 1_000_000_000_000L;
    private static final long MULTIPLE = 256;

    private SearchedBlocks() {}

    /** A block for each layer; no query heads mean no attention, no key-value heads a matrix in its place. */
    static List<Object> of(List<Long> heads, List<Long> keyValueHeads, List<Long> widths, long hidden) {
        List<Object> blocks = new ArrayList<>();
        for (int layer = 0; layer < heads.size(); layer++) {
            blocks.add(Map.of(
                    "attention", attention(heads.get(layer), keyValueHeads.get(layer)),
                    "ffn", feedForward(widths.get(layer), hidden)));
        }
        return blocks;
    }

    /** A decimal that times the whole gives the part, rounded down. */
    static String decimal(long part, long whole) {
        long scaled = Exact.ceilDiv(Math.multiplyExact(part, MILLION_MILLION), whole);
        return String.format(Locale.ROOT, "%d.%012d", scaled / MILLION_MILLION, scaled % MILLION_MILLION);
    }

    private static Map<String, Object> attention(long heads, long keyValueHeads) {
        Map<String, Object> block = new LinkedHashMap<>();
        if (heads == 0) {
            block.put("no_op", true);
        } else if (keyValueHeads == 0) {
            block.put("replace_with_linear", true);
        } else {
            checkArgument(heads % keyValueHeads == 0, "%s heads in groups of %s", heads, keyValueHeads);
            block.put("n_heads_in_group", heads / keyValueHeads);
        }
        return block;
    }

    private static Map<String, Object> feedForward(long width, long hidden) {
        if (width == 0) {
            return Map.of("no_op", true);
        }
        checkArgument(width % MULTIPLE == 0, "an inner width of %s; expected a multiple of %s", width, MULTIPLE);
        return Map.of("ffn_mult", decimal(Math.multiplyExact(3, width), Math.multiplyExact(2, hidden)));
    }
}
