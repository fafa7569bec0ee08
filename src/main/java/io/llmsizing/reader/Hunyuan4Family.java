package io.llmsizing.reader;

import io.llmsizing.attention.Attention;
import io.llmsizing.attention.MultiHeadLatent;
import io.llmsizing.feedforward.FeedForward;
import io.llmsizing.model.Embedding;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.Model;
import io.llmsizing.model.ModelBuilder;
import io.llmsizing.model.SpeculativeHead;
import io.llmsizing.tensor.ShardRule;
import io.llmsizing.tensor.TensorInventory;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * Hy4: latent attention with an indexer in some layers, a gate and sinks in all, and several residual streams that are mixed
 * in front of each block.
 */
final class Hunyuan4Family implements Family {
    @Override
    public Set<String> modelTypes() {
        return Set.of("hy_v4");
    }

    @Override
    public ModelBuilder read(Config config, String name) {
        long hidden = config.size("hidden_size");
        MultiHeadLatent latent = LatentAttention.read(config);
        IntFunction<Attention> attention = attention(config, latent);
        IntFunction<FeedForward> blocks = ExpertTraits.read(config);
        List<WeightTensor> others = gateAndSinks(config, latent);
        long streams = config.flag("enable_ihc", true) ? config.size("hc_mult", 4) : 0;
        List<WeightTensor> mixes = streams > 0 ? mixes(streams, hidden) : List.of();
        config.has("layer_types");
        Embedding tokens = new Embedding(
                config.size("vocab_size"),
                config.statedFlag("tie_word_embeddings", false, "the default of this architecture"));
        ModelBuilder model = Model.builder(
                name,
                hidden,
                streams > 0 ? tokens.behind(oneStreamAgain(streams, hidden)) : tokens,
                Decoder.layers(
                        config,
                        layer -> new LayerGroup(1, attention.apply(layer), blocks.apply(layer), Decoder.TWO_NORMS)
                                .with(others)
                                .with(mixes)),
                config.size("max_position_embeddings", 262_144));
        int predictions = Predictions.depth(config);
        if (predictions > 0) {
            LayerGroup inside = new LayerGroup(
                            1,
                            LatentAttention.withIndexer(config, latent),
                            ExpertTraits.of(config.type()).experts(config),
                            Decoder.TWO_NORMS)
                    .with(others);
            model.speculativeHead(new SpeculativeHead(predictions, inside, false));
        }
        Decoder.rotaryTable(config, latent.rotaryWidth(), 4).ifPresent(model::rotaryTable);
        return model;
    }

    private static IntFunction<Attention> attention(Config config, MultiHeadLatent latent) {
        if (config.has("indexer_types")) {
            return LatentAttention.indexed(config, latent);
        }
        config.has("index_topk");
        config.assumeClassDefault("indexer_types", "the first layer and from the second on each fourth");
        Attention indexed = LatentAttention.withIndexer(config, latent);
        return layer -> layer == 0 || (layer - 1) % 4 == 0 ? indexed : latent;
    }

    private static List<WeightTensor> gateAndSinks(Config config, MultiHeadLatent latent) {
        TensorInventory others = TensorInventory.of(TensorRole.ATTENTION).within("self_attn");
        if (config.flag("gated_mla", true)) {
            String type = config.text("gating_type").orElse("elementwise");
            if (!type.equals("elementwise") && !type.equals("headwise")) {
                throw config.unsupported("gating_type", "known: elementwise, headwise");
            }
            long each = type.equals("elementwise") ? latent.valueWidth() : 1;
            others.linear(
                    "gate_proj",
                    Math.multiplyExact(latent.heads(), each),
                    config.size("hidden_size"),
                    false,
                    ShardRule.ROWS);
        }
        if (config.flag("learnable_sink", true)) {
            others.matrix("sinks", latent.heads(), 1, TensorRole.BIAS, ShardRule.ROWS);
        }
        return others.tensors();
    }

    private static List<WeightTensor> mixes(long streams, long hidden) {
        TensorInventory mixes = TensorInventory.of(TensorRole.MIXING);
        for (String block : List.of("attn_hc", "ffn_hc")) {
            mixes.under(
                    block,
                    one -> one.matrix("fn", 2 * streams, Math.multiplyExact(streams, hidden))
                            .vector("base", 2 * streams)
                            .vector("scale", 2));
        }
        return mixes.tensors();
    }

    private static List<WeightTensor> oneStreamAgain(long streams, long hidden) {
        return TensorInventory.of(TensorRole.MIXING)
                .within("hc_head")
                .matrix("hc_fn", streams, Math.multiplyExact(streams, hidden))
                .vector("hc_base", streams)
                .vector("hc_scale", 1)
                .tensors();
    }
}
