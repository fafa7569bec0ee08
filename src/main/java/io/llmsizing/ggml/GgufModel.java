package io.llmsizing.ggml;

import io.llmsizing.attention.Attention;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.Model;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;

/**
 * What llama.cpp's rules ask of a model.
 *
 * @param layers decoder layers
 * @param values tensors of the layers that count as {@code attn_v}
 * @param queryGroup query heads to a cached head in the first layer that caches any, 0 where none does
 * @param experts routed experts of a layer, 0 for a dense model
 * @param tied whether the token table is the output head
 */
record GgufModel(int layers, int values, long queryGroup, long experts, boolean tied) {
    static GgufModel of(Model model) {
        int values = 0;
        long queryGroup = 0;
        long experts = 0;
        for (LayerGroup group : model.layers().groups()) {
            Attention attention = group.attention();
            if (queryGroup == 0 && attention.keyValueHeads() > 0) {
                queryGroup = attention.heads() / attention.keyValueHeads();
            }
            for (WeightTensor tensor : group.tensors(model.hidden())) {
                GgufKind kind = GgufKind.of(tensor);
                if (kind == GgufKind.VALUE || kind == GgufKind.VALUE_AND_GATE) {
                    values += group.count();
                }
                if (tensor.role() == TensorRole.EXPERT) {
                    experts = Math.max(experts, tensor.count());
                }
            }
        }
        return new GgufModel(
                model.layers().size(),
                values,
                queryGroup,
                experts,
                model.embedding().tied());
    }

    /** The class that llama.cpp calls 70B. */
    boolean isEightyLayersGroupedByEight() {
        return layers == 80 && queryGroup == 8 && experts == 0;
    }
}
