package io.llmsizing.reader;

import io.llmsizing.model.Embedding;
import io.llmsizing.tensor.ShardRule;
import io.llmsizing.tensor.TensorInventory;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import java.util.List;

/**
 * A second embedding of each token that feeds every layer a vector of its own (Gemma 3n and 4). The table is only looked
 * up: no token counts as using it.
 *
 * @param vocabulary rows of the table
 * @param width of a layer's vector
 * @param layers of the model
 * @param hidden width of the model
 */
record PerLayerEmbedding(long vocabulary, long width, long layers, long hidden) {
    static PerLayerEmbedding of(Config config, long width) {
        return new PerLayerEmbedding(
                config.size("vocab_size_per_layer_input", 262_144),
                width,
                config.size("num_hidden_layers"),
                config.size("hidden_size"));
    }

    /** The embedding with the table beside it, and what leads from the stream to all layers' vectors. */
    Embedding beside(Embedding tokens) {
        long all = Math.multiplyExact(layers, width);
        return tokens.beside(TensorInventory.of(TensorRole.ATTENTION)
                .tensor(WeightTensor.matrix(
                                "embed_tokens_per_layer.weight",
                                TensorRole.EMBEDDING,
                                vocabulary,
                                all,
                                ShardRule.VOCABULARY)
                        .times(1, 0))
                .linear("per_layer_model_projection", all, hidden, false)
                .rmsNorm("per_layer_projection_norm", width)
                .tensors());
    }

    /** What a layer has to take its vector in. */
    List<WeightTensor> tensors() {
        return TensorInventory.of(TensorRole.ATTENTION)
                .linear("per_layer_input_gate", width, hidden, false)
                .linear("per_layer_projection", hidden, width, false)
                .rmsNorm("post_per_layer_input_norm", hidden)
                .tensors();
    }
}
