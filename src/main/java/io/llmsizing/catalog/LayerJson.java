package io.llmsizing.catalog;

import com.google.common.collect.ImmutableSet;
import io.llmsizing.attention.Attention;
import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.MultiHeadLatent;
import io.llmsizing.attention.QueryKeyNorm;
import io.llmsizing.attention.SlidingWindow;
import io.llmsizing.document.JsonObject;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.feedforward.FeedForward;
import io.llmsizing.feedforward.MixtureOfExperts;
import io.llmsizing.model.LayerGroup;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The catalogue's own form of a run of equal layers. A key that is not known is refused, at every depth. */
final class LayerJson {
    private static final long MOST = 1L << 40;
    private static final Set<String> GROUPED_KEYS = ImmutableSet.of(
            "kind",
            "heads",
            "key_value_heads",
            "key_width",
            "value_width",
            "input_bias",
            "output_bias",
            "norm",
            "window");
    private static final Set<String> LATENT_KEYS =
            ImmutableSet.of("kind", "heads", "query_rank", "latent_rank", "plain_width", "rotary_width", "value_width");
    private static final Set<String> DENSE_KEYS = ImmutableSet.of("kind", "width", "gated", "bias");
    private static final Set<String> EXPERT_KEYS = ImmutableSet.of(
            "kind", "experts", "active_experts", "expert_width", "shared_width", "router_bias", "shared_gate");

    private LayerJson() {}

    static LayerGroup read(JsonObject group) {
        group.refuseOtherKeysThan(Set.of("count", "attention", "feed_forward", "norm_vectors"));
        return new LayerGroup(
                (int) group.whole("count", 1, LayerGroup.MOST_LAYERS),
                attention(group.requiredObject("attention")),
                feedForward(group.requiredObject("feed_forward")),
                (int) group.whole("norm_vectors", 0, 64));
    }

    private static Attention attention(JsonObject attention) {
        String kind = attention.requiredText("kind");
        return switch (kind) {
            case "grouped_query" -> groupedQuery(attention);
            case "multi_head_latent" -> latent(attention);
            default -> throw attention.problem("kind", "\"" + kind + "\"; expected grouped_query or multi_head_latent");
        };
    }

    private static Attention groupedQuery(JsonObject attention) {
        attention.refuseOtherKeysThan(GROUPED_KEYS);
        GroupedQuery grouped = new GroupedQuery(
                attention.whole("heads", 1, MOST),
                attention.whole("key_value_heads", 1, MOST),
                attention.whole("key_width", 1, MOST),
                attention.whole("value_width", 1, MOST),
                attention.flag("input_bias", false),
                attention.flag("output_bias", false),
                norm(attention));
        return attention.has("window") ? new SlidingWindow(grouped, attention.whole("window", 1, MOST)) : grouped;
    }

    private static Attention latent(JsonObject attention) {
        attention.refuseOtherKeysThan(LATENT_KEYS);
        return new MultiHeadLatent(
                attention.whole("heads", 1, MOST),
                attention.whole("query_rank", 0, MOST),
                attention.whole("latent_rank", 1, MOST),
                attention.whole("plain_width", 1, MOST),
                attention.whole("rotary_width", 1, MOST),
                attention.whole("value_width", 1, MOST));
    }

    private static QueryKeyNorm norm(JsonObject attention) {
        String norm = attention.text("norm").orElse("none").toUpperCase(Locale.ROOT);
        for (QueryKeyNorm known : QueryKeyNorm.values()) {
            if (known.name().equals(norm)) {
                return known;
            }
        }
        throw attention.problem("norm", attention.shown("norm") + "; expected none, per_head or full_width");
    }

    private static FeedForward feedForward(JsonObject block) {
        String kind = block.requiredText("kind");
        return switch (kind) {
            case "dense" -> dense(block);
            case "mixture_of_experts" -> experts(block);
            default -> throw block.problem("kind", "\"" + kind + "\"; expected dense or mixture_of_experts");
        };
    }

    private static FeedForward dense(JsonObject block) {
        block.refuseOtherKeysThan(DENSE_KEYS);
        return new DenseFeedForward(
                block.whole("width", 1, MOST), block.flag("gated", true), block.flag("bias", false));
    }

    private static FeedForward experts(JsonObject block) {
        block.refuseOtherKeysThan(EXPERT_KEYS);
        return new MixtureOfExperts(
                block.whole("experts", 1, MOST),
                block.whole("active_experts", 1, MOST),
                block.whole("expert_width", 1, MOST),
                block.whole("shared_width", 0, MOST, 0),
                block.flag("router_bias", false),
                block.flag("shared_gate", false));
    }

    static Map<String, Object> written(LayerGroup group) {
        Map<String, Object> written = new LinkedHashMap<>();
        written.put("count", group.count());
        written.put("attention", written(group.attention()));
        written.put("feed_forward", written(group.feedForward()));
        written.put("norm_vectors", group.normVectors());
        return written;
    }

    private static Map<String, Object> written(Attention attention) {
        if (attention instanceof GroupedQuery groupedQuery) {
            return written(groupedQuery);
        }
        if (attention instanceof SlidingWindow sliding) {

            Map<String, Object> written = written(sliding.inner());
            written.put("window", sliding.window());
            return written;
        }
        if (attention instanceof MultiHeadLatent latent) {

            Map<String, Object> written = new LinkedHashMap<>();
            written.put("kind", "multi_head_latent");
            written.put("heads", latent.heads());
            written.put("query_rank", latent.queryRank());
            written.put("latent_rank", latent.latentRank());
            written.put("plain_width", latent.plainWidth());
            written.put("rotary_width", latent.rotaryWidth());
            written.put("value_width", latent.valueWidth());
            return written;
        }
        throw new AssertionError(attention);
    }

    private static Map<String, Object> written(GroupedQuery grouped) {
        Map<String, Object> written = new LinkedHashMap<>();
        written.put("kind", "grouped_query");
        written.put("heads", grouped.heads());
        written.put("key_value_heads", grouped.keyValueHeads());
        written.put("key_width", grouped.keyWidth());
        written.put("value_width", grouped.valueWidth());
        if (grouped.inputBias()) {
            written.put("input_bias", true);
        }
        if (grouped.outputBias()) {
            written.put("output_bias", true);
        }
        if (grouped.norm() != QueryKeyNorm.NONE) {
            written.put("norm", grouped.norm().name().toLowerCase(Locale.ROOT));
        }
        return written;
    }

    private static Map<String, Object> written(FeedForward block) {
        Map<String, Object> written = new LinkedHashMap<>();
        if (block instanceof DenseFeedForward dense) {

            written.put("kind", "dense");
            written.put("width", dense.width());
            written.put("gated", dense.gated());
            if (dense.bias()) {
                written.put("bias", true);
            }
            return written;
        }
        if (block instanceof MixtureOfExperts mixture) {

            written.put("kind", "mixture_of_experts");
            written.put("experts", mixture.experts());
            written.put("active_experts", mixture.activeExperts());
            written.put("expert_width", mixture.expertWidth());
            written.put("shared_width", mixture.sharedWidth());
            written.put("router_bias", mixture.routerBias());
            if (mixture.sharedGate()) {
                written.put("shared_gate", true);
            }
            return written;
        }
        throw new AssertionError(block);
    }
}
