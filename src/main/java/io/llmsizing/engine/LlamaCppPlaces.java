package io.llmsizing.engine;

import io.llmsizing.model.Embedding;
import io.llmsizing.model.TensorBlock;
import io.llmsizing.parallel.Rank;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;

/**
 * Where llama.cpp keeps a tensor. llama.cpp src/llama-arch.cpp: tensors of the input layer stay on the CPU; a tied head is a
 * copy behind the layers.
 */
final class LlamaCppPlaces {
    private LlamaCppPlaces() {}

    /** What decides how often a tensor stands on a rank: experts may stand elsewhere than the rest of their layer. */
    static Rank rank(Serving serving, WeightTensor tensor) {
        return tensor.role() == TensorRole.EXPERT ? serving.experts() : serving.rank();
    }

    static boolean isHeld(Serving serving, TensorBlock block, WeightTensor tensor) {
        Rank rank = rank(serving, tensor);
        return rank.copiesOf(block) > 0
                && (serving.side() == Serving.Side.HOST ? isOnHost(block, tensor) : isOnDevice(rank, block, tensor));
    }

    private static boolean isOnDevice(Rank rank, TensorBlock block, WeightTensor tensor) {
        Embedding embedding = rank.model().embedding();
        return switch (block.part()) {
            case EMBEDDING -> rank.isLast() && embedding.tied() && !embedding.headless();
            case POSITIONS -> isPastLookup(tensor);
            default -> true;
        };
    }

    private static boolean isOnHost(TensorBlock block, WeightTensor tensor) {
        return switch (block.part()) {
            case EMBEDDING, LAYERS -> true;
            case POSITIONS -> !isPastLookup(tensor);
            default -> false;
        };
    }

    private static boolean isPastLookup(WeightTensor tensor) {
        return tensor.role() != TensorRole.EMBEDDING && !tensor.name().equals("embed_layernorm.weight");
    }
}
