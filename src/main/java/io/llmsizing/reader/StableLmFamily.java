package io.llmsizing.reader;

import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.QueryKeyNorm;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.ModelBuilder;
import java.util.Set;

/**
 * StableLM: layer norms with biases, one a layer where the blocks stand side by side, and where queries and keys are normed,
 * each head with a gain of its own (StableLM 2 12B).
 */
final class StableLmFamily implements Family {
    @Override
    public Set<String> modelTypes() {
        return Set.of("stablelm");
    }

    @Override
    public ModelBuilder read(Config config, String name) {
        long heads = config.size("num_attention_heads");
        long width = Decoder.headWidth(config, heads);
        GroupedQuery attention = new GroupedQuery(
                heads,
                config.size("num_key_value_heads", 32),
                width,
                width,
                config.flag("use_qkv_bias", false),
                false,
                config.flag("qk_layernorm", false) ? QueryKeyNorm.FULL_WIDTH : QueryKeyNorm.NONE);
        LayerGroup layer = new LayerGroup(
                1,
                attention,
                DenseFeedForward.gated(config.size("intermediate_size")),
                config.flag("use_parallel_residual", false) ? 2 : 4);
        ModelBuilder model = Decoder.model(config, name, Decoder.layers(config, i -> layer), false)
                .outputNormVectors(2);
        config.decimal("rope_pct");
        Decoder.rotaryTable(config, Decoder.rotaryWidth(config, width), 2).ifPresent(model::rotaryTable);
        return model;
    }
}
