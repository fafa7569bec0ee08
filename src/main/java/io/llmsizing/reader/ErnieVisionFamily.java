package io.llmsizing.reader;

import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.QueryKeyNorm;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.feedforward.FeedForward;
import io.llmsizing.feedforward.MixtureOfExperts;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.ModelBuilder;
import io.llmsizing.tensor.ShardRule;
import io.llmsizing.tensor.TensorInventory;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * The language model of ERNIE 4.5 VL: one set of experts for text and a narrower one for images in the same layers, under
 * shared experts for both. A token uses those of its kind: text counts as active.
 */
final class ErnieVisionFamily implements Family {
    private static final String WIDTHS = "moe_intermediate_size";

    @Override
    public Set<String> modelTypes() {
        return Set.of("ernie4_5_vl_moe_text");
    }

    @Override
    public ModelBuilder read(Config config, String name) {
        config.refuseUnlessOff("use_bias", "biases are not known for this architecture");
        GroupedQuery attention = attention(config);
        FeedForward dense = DenseFeedForward.gated(config.size("intermediate_size"));
        List<Long> widths = widths(config);
        MixtureOfExperts sparse = forText(config, widths.get(0));
        List<WeightTensor> images = forImages(sparse.experts(), widths.get(1), config.size("hidden_size"));
        IntPredicate isSparse = SparseLayers.read(config, SparseLayers.Rule.BEHIND_THE_FIRST);
        ModelBuilder model = Decoder.model(
                config,
                name,
                Decoder.layers(
                        config,
                        layer -> isSparse.test(layer)
                                ? new LayerGroup(1, attention, sparse, Decoder.TWO_NORMS).with(images)
                                : new LayerGroup(1, attention, dense, Decoder.TWO_NORMS)),
                true);
        Decoder.rotaryTable(config, attention.keyWidth(), 2).ifPresent(model::rotaryTable);
        return model;
    }

    private static GroupedQuery attention(Config config) {
        long heads = config.size("num_attention_heads");
        long width = Decoder.headWidth(config, heads);
        return new GroupedQuery(
                heads, config.size("num_key_value_heads", 4), width, width, false, false, QueryKeyNorm.NONE);
    }

    private static List<Long> widths(Config config) {
        List<Long> widths = config.layerNumbers(WIDTHS);
        if (widths.isEmpty()) {
            config.assumeClassDefault(WIDTHS, "1536 and 512");
            return List.of(1_536L, 512L);
        }
        if (widths.size() != 2) {
            throw config.problem(WIDTHS, "two widths, for text and for images");
        }
        return widths;
    }

    private static MixtureOfExperts forText(Config config, long width) {
        String active = config.has("moe_k") ? "moe_k" : "num_experts_per_tok";
        return new MixtureOfExperts(
                config.size(config.has("num_experts") ? "num_experts" : "moe_num_experts", 64),
                config.size(active, 6),
                width,
                Math.multiplyExact(config.count("moe_num_shared_experts", 2), width),
                true,
                false);
    }

    /** As many experts as there are for text, none of which sees a token of text. */
    private static List<WeightTensor> forImages(long experts, long width, long hidden) {
        TensorInventory images = TensorInventory.of(TensorRole.EXPERT).within("mlp.vision_moe");
        images.tensor(WeightTensor.matrix("gate.weight", TensorRole.ROUTER, experts, hidden, ShardRule.REPLICATED)
                .times(1, 0));
        images.tensor(WeightTensor.vector("gate.e_score_correction_bias", TensorRole.ROUTER_BIAS, experts)
                .times(1, 0));
        return images.times(
                        experts,
                        0,
                        "experts.N",
                        one -> one.linear("gate_proj", width, hidden, false, ShardRule.ROWS)
                                .linear("up_proj", width, hidden, false, ShardRule.ROWS)
                                .linear("down_proj", hidden, width, false, ShardRule.COLUMNS))
                .tensors();
    }
}
