package io.llmsizing.reader;

import io.llmsizing.attention.QueryKeyNorm;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What sets one architecture apart from Llama where the block is the same: attention, then a feed-forward block.
 *
 * @param normVectors vectors of the model's width that normalise a layer
 * @param outputNormVectors vectors of the norm in front of the head
 * @param norm how queries and keys are normalised
 * @param inputBias when query, key and value projections have a bias
 * @param outputBias when the output projection has one
 * @param feedForwardBias when the projections of the feed-forward block have one
 * @param gated whether the feed-forward block has a gate
 * @param tied whether embedding and head are one where the config does not say
 * @param windows which layers attend to a window
 * @param experts how experts are stated
 */
record DecoderTraits(
        int normVectors,
        int outputNormVectors,
        QueryKeyNorm norm,
        Bias inputBias,
        Bias outputBias,
        Bias feedForwardBias,
        boolean gated,
        boolean tied,
        Windows.Rule windows,
        Experts.Rule experts) {
    /** When there is a bias. */
    enum Bias {
        /** Never. */
        NONE,
        /** Always. */
        ALWAYS,
        /** When {@code attention_bias}, for a feed-forward block {@code mlp_bias}, or {@code use_bias} or {@code bias} says so. */
        STATED,
        /** Unless {@code attention_bias} says that there is none. */
        UNLESS_DENIED
    }

    private static final DecoderTraits LLAMA = new DecoderTraits(
            2,
            1,
            QueryKeyNorm.NONE,
            Bias.STATED,
            Bias.STATED,
            Bias.STATED,
            true,
            false,
            Windows.Rule.STATED_LAYERS,
            Experts.Rule.NONE);

    private static final Map<String, DecoderTraits> BY_TYPE = byType();

    private static Map<String, DecoderTraits> byType() {
        Map<String, DecoderTraits> traits = new LinkedHashMap<>();
        traits.put("llama", LLAMA);
        traits.put("mistral", LLAMA.with(Windows.Rule.MISTRAL));
        traits.put("ministral3", LLAMA.with(Windows.Rule.ALL_LAYERS));
        traits.put("mixtral", LLAMA.with(Windows.Rule.ALL_LAYERS).with(Experts.Rule.LOCAL));
        DecoderTraits qwen2 = LLAMA.with(Windows.Rule.QWEN).biases(Bias.ALWAYS, Bias.NONE);
        traits.put("qwen2", qwen2);
        traits.put("qwen2_moe", qwen2.with(Experts.Rule.QWEN_SHARED));
        DecoderTraits qwen3 = LLAMA.with(Windows.Rule.QWEN).with(QueryKeyNorm.PER_HEAD);
        traits.put("qwen3", qwen3);
        traits.put("qwen3_moe", qwen3.with(Experts.Rule.QWEN));
        traits.put("phi3", LLAMA.with(Windows.Rule.ALL_LAYERS));
        traits.put("granite", LLAMA);
        traits.put("granitemoe", LLAMA.with(Experts.Rule.LOCAL));
        traits.put("ernie4_5", LLAMA.tied(true));
        traits.put("gemma", LLAMA.tied(true));
        traits.put("gemma2", LLAMA.tied(true).norms(4, 1).with(Windows.Rule.EVERY_SECOND_FULL));
        traits.put(
                "gemma3_text",
                LLAMA.tied(true).norms(4, 1).with(QueryKeyNorm.PER_HEAD).with(Windows.Rule.EVERY_SIXTH_FULL));
        traits.put("olmo", LLAMA.norms(0, 0));
        DecoderTraits olmo2 = LLAMA.with(QueryKeyNorm.FULL_WIDTH);
        traits.put("olmo2", olmo2);
        traits.put("olmo3", olmo2.with(Windows.Rule.EVERY_FOURTH_FULL));
        traits.put("olmoe", olmo2.with(Experts.Rule.OLMO));
        traits.put("cohere", LLAMA.tied(true).norms(1, 1));
        traits.put("nemotron", LLAMA.norms(4, 2).gated(false));
        traits.put("starcoder2", LLAMA.tied(true).norms(4, 2).gated(false).with(Windows.Rule.ALL_LAYERS));
        DecoderTraits glm = LLAMA.biases(Bias.UNLESS_DENIED, Bias.NONE);
        traits.put("glm", glm);
        traits.put("glm4", glm.norms(4, 1));
        traits.put("internlm2", LLAMA);
        traits.put("baichuan", LLAMA.biases(Bias.NONE, Bias.NONE));
        traits.put("hunyuan_v1_dense", LLAMA.tied(true).with(QueryKeyNorm.PER_HEAD));
        traits.put(
                "gpt_neox",
                LLAMA.norms(4, 2)
                        .biases(Bias.UNLESS_DENIED, Bias.UNLESS_DENIED)
                        .feedForwardBias(Bias.ALWAYS)
                        .gated(false));
        return traits;
    }

    static Map<String, DecoderTraits> all() {
        return BY_TYPE;
    }

    static DecoderTraits of(String modelType) {
        return Optional.ofNullable(BY_TYPE.get(modelType)).orElseThrow();
    }

    private DecoderTraits norms(int perLayer, int output) {
        return new DecoderTraits(
                perLayer, output, norm, inputBias, outputBias, feedForwardBias, gated, tied, windows, experts);
    }

    private DecoderTraits with(QueryKeyNorm other) {
        return new DecoderTraits(
                normVectors,
                outputNormVectors,
                other,
                inputBias,
                outputBias,
                feedForwardBias,
                gated,
                tied,
                windows,
                experts);
    }

    private DecoderTraits with(Windows.Rule other) {
        return new DecoderTraits(
                normVectors,
                outputNormVectors,
                norm,
                inputBias,
                outputBias,
                feedForwardBias,
                gated,
                tied,
                other,
                experts);
    }

    private DecoderTraits with(Experts.Rule other) {
        return new DecoderTraits(
                normVectors,
                outputNormVectors,
                norm,
                inputBias,
                outputBias,
                feedForwardBias,
                gated,
                tied,
                windows,
                other);
    }

    private DecoderTraits biases(Bias input, Bias output) {
        return new DecoderTraits(
                normVectors, outputNormVectors, norm, input, output, feedForwardBias, gated, tied, windows, experts);
    }

    private DecoderTraits feedForwardBias(Bias other) {
        return new DecoderTraits(
                normVectors, outputNormVectors, norm, inputBias, outputBias, other, gated, tied, windows, experts);
    }

    private DecoderTraits gated(boolean other) {
        return new DecoderTraits(
                normVectors,
                outputNormVectors,
                norm,
                inputBias,
                outputBias,
                feedForwardBias,
                other,
                tied,
                windows,
                experts);
    }

    private DecoderTraits tied(boolean other) {
        return new DecoderTraits(
                normVectors,
                outputNormVectors,
                norm,
                inputBias,
                outputBias,
                feedForwardBias,
                gated,
                other,
                windows,
                experts);
    }
}
