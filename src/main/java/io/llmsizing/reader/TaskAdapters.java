package io.llmsizing.reader;

import io.llmsizing.tensor.ShardRule;
import io.llmsizing.tensor.TensorInventory;
import io.llmsizing.tensor.TensorRole;
import java.util.Set;

/**
 * Low-rank adapters beside the matrices of a model, one for each task, all of them stored (Jina's embedding models).
 *
 * @param ranks of all adapters together, 0 where there are none
 */
record TaskAdapters(long ranks) {
    static TaskAdapters read(Config config) {
        config.known(Set.of("lora_alpha", "lora_dropout_p", "lora_main_params_trainable", "matryoshka_dimensions"));
        int tasks = config.lengthOf("lora_adaptations");
        return new TaskAdapters(tasks == 0 ? 0 : Math.multiplyExact(tasks, config.size("lora_rank")));
    }

    /** Writes down the two factors beside one matrix. */
    void beside(TensorInventory tensors, String module, long inputs, long outputs) {
        if (ranks > 0) {
            tensors.matrix(module + ".lora_A", ranks, inputs, TensorRole.MIXING, ShardRule.REPLICATED);
            tensors.matrix(module + ".lora_B", outputs, ranks, TensorRole.MIXING, ShardRule.REPLICATED);
        }
    }
}
