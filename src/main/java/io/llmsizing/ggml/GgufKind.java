package io.llmsizing.ggml;

import io.llmsizing.document.CsvTable;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** What llama.cpp takes a tensor for when it chooses a type. */
enum GgufKind {
    /** Kept in F32 by every mix: vectors, norms, routers, convolutions. */
    FULL,
    /** Not quantised, and 16 bits in the file from which the mix is made. */
    HALF,
    /** Integers that are no weights. */
    TABLE,
    /** A token table. */
    TOKEN_EMBEDDING,
    /** The output head. */
    OUTPUT,
    /** {@code attn_q}. */
    QUERY,
    /** {@code attn_k}. */
    KEY,
    /** {@code attn_v}, or a tensor that holds it with its neighbours: {@code attn_qkv}. */
    VALUE,
    /** Query, key, value and output gate of Qwen3-Next, which files hold as {@code attn_qkv} and {@code attn_gate}. */
    VALUE_AND_GATE,
    /** The projection out of a latent, which files hold as {@code attn_k_b} and {@code attn_v_b}. */
    LATENT,
    /** {@code attn_output}. */
    ATTENTION_OUTPUT,
    /** {@code ffn_up}, of experts too. */
    FFN_UP,
    /** {@code ffn_gate}, of experts too. */
    FFN_GATE,
    /** {@code ffn_down}, of experts too. */
    FFN_DOWN,
    /** Quantised in the mix's base type. */
    OTHER;

    private static final Set<TensorRole> KEPT_IN_FULL = Set.of(
            TensorRole.NORM,
            TensorRole.BIAS,
            TensorRole.ROUTER,
            TensorRole.ROUTER_BIAS,
            TensorRole.RECURRENCE,
            TensorRole.MIXING);

    private static final Map<String, GgufKind> BY_NAME = byName();

    private static Map<String, GgufKind> byName() {
        Map<String, GgufKind> kinds = new HashMap<>();
        for (CsvTable.Row row : GgufTables.rows("gguf-tensors.csv", "tensor", "kind", "in_files")) {
            kinds.put(row.required("tensor"), GgufTables.constant(row, "kind", GgufKind.class));
        }
        return kinds;
    }

    /** The kind of a tensor outside vision towers: vectors first, then by name, then by role. */
    static GgufKind of(WeightTensor tensor) {
        if (tensor.role() == TensorRole.ROUTING_TABLE) {
            return TABLE;
        }
        if (isVision(tensor)) {
            return HALF;
        }
        if (tensor.columns() == 1) {
            return FULL;
        }
        GgufKind named = BY_NAME.get(tensor.name());
        if (named != null) {
            return named;
        }
        return KEPT_IN_FULL.contains(tensor.role()) ? FULL : OTHER;
    }

    /** Whether a tensor stands in the second file, of the vision tower. */
    static boolean isVision(WeightTensor tensor) {
        return tensor.role() == TensorRole.VISION || tensor.role() == TensorRole.VISION_PROJECTOR;
    }
}
