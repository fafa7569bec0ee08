package io.llmsizing.ggml;

import io.llmsizing.attention.Attention;
import io.llmsizing.attention.MultiHeadLatent;
import io.llmsizing.quantization.BlockFormat;
import io.llmsizing.quantization.Formats;
import io.llmsizing.quantization.GgmlFormats;
import io.llmsizing.tensor.WeightTensor;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Walks through the layers of one model and counts the tensors of each kind, as the rules of a mix do. */
final class GgufTyping {
    private final GgufTypes types;
    private final GgufModel model;
    private final Map<GgufKind, Integer> seen = new EnumMap<>(GgufKind.class);

    GgufTyping(GgufTypes types, GgufModel model) {
        this.types = types;
        this.model = model;
    }

    /** The formats of tensors that stand together. */
    List<BlockFormat> of(int layer, List<WeightTensor> tensors, Attention attention) {
        List<BlockFormat> formats = new ArrayList<>(tensors.size());
        for (WeightTensor tensor : tensors) {
            formats.add(of(layer, tensor, tensors, attention));
        }
        return formats;
    }

    private BlockFormat of(int layer, WeightTensor tensor, List<WeightTensor> beside, Attention attention) {
        GgufKind kind = GgufKind.of(tensor);
        return switch (kind) {
            case FULL -> Formats.FP32;
            case TABLE -> Formats.INT32;
            case HALF -> GgufKind.isVision(tensor) ? Formats.FP16 : types.half();
            case LATENT -> latent(tensor, attention);
            case VALUE_AND_GATE -> valueAndGate(layer, tensor, beside);
            default -> types.fitting(chosen(kind, tensor, layer), tensor.columns(), tensor);
        };
    }

    private BlockFormat chosen(GgufKind kind, WeightTensor tensor, int layer) {
        int before = seen.merge(kind, 1, Integer::sum) - 1;
        boolean value = kind == GgufKind.VALUE;
        int place = value || model.experts() <= 1 ? before : layer;
        return types.of(kind, tensor, model, place, value ? model.values() : model.layers(), before);
    }

    /** Keys transposed, so that their rows are a head's width, and values: each by its own rows. */
    private BlockFormat latent(WeightTensor tensor, Attention attention) {
        BlockFormat wanted = types.of(GgufKind.LATENT, tensor, model, 0, 1, 0);
        if (!types.quantises()) {
            return wanted;
        }
        for (Attention part : attention.parts()) {
            if (part instanceof MultiHeadLatent heads) {
                long keys = heads.plainWidth();
                long values = heads.valueWidth();
                BlockFormat ofKeys = types.fitting(wanted, keys, tensor);
                BlockFormat ofValues = types.fitting(wanted, tensor.columns(), tensor);
                long row = keys / GgmlFormats.blockElements(ofKeys) * bytes(ofKeys);
                return new BlockFormat(
                        ofKeys.name() + ":" + ofValues.name(),
                        List.of(
                                new BlockFormat.Part("attn_k_b", keys + values, 1, row),
                                rows("attn_v_b", keys + values, values, ofValues)));
            }
        }
        return types.fitting(wanted, tensor.columns(), tensor);
    }

    /** The gate has as many rows as what leaves the layer has columns. */
    private BlockFormat valueAndGate(int layer, WeightTensor tensor, List<WeightTensor> beside) {
        BlockFormat ofGate = types.fitting(chosen(GgufKind.OTHER, tensor, layer), tensor.columns(), tensor);
        BlockFormat ofRest = types.fitting(chosen(GgufKind.VALUE, tensor, layer), tensor.columns(), tensor);
        if (ofGate.equals(ofRest)) {
            return ofGate;
        }
        long gate = beside.stream()
                .filter(other -> other.name().equals("linear_attn.out_proj.weight"))
                .mapToLong(WeightTensor::columns)
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException(tensor.name() + " without linear_attn.out_proj.weight"));
        return new BlockFormat(
                ofRest.name() + ":" + ofGate.name(),
                List.of(
                        rows("attn_qkv", tensor.rows(), tensor.rows() - gate, ofRest),
                        rows("attn_gate", tensor.rows(), gate, ofGate)));
    }

    private static BlockFormat.Part rows(String part, long ofRows, long rows, BlockFormat format) {
        return new BlockFormat.Part(
                part, ofRows, GgmlFormats.blockElements(format), Math.multiplyExact(rows, bytes(format)));
    }

    private static long bytes(BlockFormat format) {
        return format.parts().get(0).bytes();
    }
}
