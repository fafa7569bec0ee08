package io.llmsizing.quantization;

import static io.llmsizing.quantization.BlockFormat.WHOLE;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The formats by their names, and the grammar of the names that hold a size. */
final class FormatNames {
    private static final Map<String, BlockFormat> FIXED = fixed();
    private static final Pattern BLOCK = Pattern.compile("fp8-block-(\\d{1,7})(?:x(\\d{1,7}))?(-e8m0)?");
    private static final Pattern PACKED =
            Pattern.compile("int([2348])(?:-packed)?-(channel|g\\d{1,5})(-asym)?(-ordered)?");
    private static final Pattern GROUPED = Pattern.compile("(awq|gptq)-(?:([238])bit-)?(channel|g\\d{1,5})");

    private FormatNames() {}

    private static Map<String, BlockFormat> fixed() {
        Map<String, BlockFormat> formats = new LinkedHashMap<>();
        for (BlockFormat format : new BlockFormat[] {
            Formats.FP32,
            Formats.INT32,
            Formats.FP16,
            Formats.BF16,
            Formats.FP8_TENSOR,
            Formats.FP8_CHANNEL,
            Formats.MXFP8,
            Formats.INT8_CHANNEL,
            Formats.INT8_TENSOR,
            Formats.INT8_BITSANDBYTES,
            Formats.MXFP4,
            Formats.NVFP4,
            Formats.NVFP4_WEIGHT_ONLY,
            Formats.NF4,
            Formats.NF4_DOUBLE,
            Formats.FP4,
            Formats.FP4_DOUBLE
        }) {
            formats.put(format.name(), format);
        }
        GgmlFormats.all().values().forEach(format -> formats.put(format.name(), format));
        return formats;
    }

    /** The format that has this name exactly, in lower case; nothing for another name or a size that is not known. */
    static Optional<BlockFormat> find(String name) {
        if (name.endsWith("-static")) {
            return find(name.substring(0, name.length() - "-static".length())).map(Formats::withInputScale);
        }
        BlockFormat fixed = FIXED.get(name);
        if (fixed != null) {
            return Optional.of(fixed);
        }
        try {
            return sized(name).filter(format -> format.name().equals(name));
        } catch (IllegalArgumentException outOfRange) {
            return Optional.empty();
        }
    }

    private static Optional<BlockFormat> sized(String name) {
        Matcher block = BLOCK.matcher(name);
        if (block.matches()) {
            long rows = Long.parseLong(block.group(1));
            long columns = block.group(2) == null ? rows : Long.parseLong(block.group(2));
            return Optional.of(
                    block.group(3) == null ? Formats.fp8Block(rows, columns) : Formats.fp8BlockE8m0(rows, columns));
        }
        Matcher packed = PACKED.matcher(name);
        if (packed.matches()) {
            long bits = Long.parseLong(packed.group(1));
            long group = group(packed.group(2));
            BlockFormat format = packed.group(3) == null
                    ? PackedFormats.packed(bits, group)
                    : PackedFormats.packedAsymmetric(bits, group);
            return Optional.of(packed.group(4) == null ? format : PackedFormats.ordered(format));
        }
        Matcher grouped = GROUPED.matcher(name);
        if (grouped.matches()) {
            long bits = grouped.group(2) == null ? 4 : Long.parseLong(grouped.group(2));
            long group = group(grouped.group(3));
            return Optional.of(
                    grouped.group(1).equals("awq") ? PackedFormats.awq(bits, group) : PackedFormats.gptq(bits, group));
        }
        return Optional.empty();
    }

    private static long group(String written) {
        return written.equals("channel") ? WHOLE : Long.parseLong(written.substring(1));
    }
}
