package io.llmsizing.catalog;

import com.google.common.collect.ImmutableSet;
import io.llmsizing.attention.Attention;
import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.MultiHeadLatent;
import io.llmsizing.attention.QueryKeyNorm;
import io.llmsizing.attention.SlidingWindow;
import io.llmsizing.document.JsonObject;
import io.llmsizing.document.MalformedFileException;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.feedforward.FeedForward;
import io.llmsizing.feedforward.MixtureOfExperts;
import io.llmsizing.model.Embedding;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.LayerStack;
import io.llmsizing.model.Model;
import io.llmsizing.model.ModelBuilder;
import io.llmsizing.model.RotaryTable;
import io.llmsizing.model.SpeculativeHead;
import io.llmsizing.model.VisionTower;
import io.llmsizing.quantization.WeightSchemes;
import io.llmsizing.tensor.ShardRule;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The catalogue's own form of a model, read and written. Exact integers only. */
public final class ModelJson {
    private static final long MOST = 1L << 40;
    private static final Set<String> MODEL_KEYS = ImmutableSet.of(
            "id",
            "shape_of",
            "hidden",
            "vocabulary",
            "tied",
            "layers",
            "output_norm_vectors",
            "speculative",
            "vision",
            "rotary",
            "weights",
            "context_tokens",
            "source",
            "retrieved");

    private ModelJson() {}

    /**
     * Reads one model that states its whole shape.
     *
     * @param entry the object
     * @return the model
     * @throws io.llmsizing.document.MalformedFileException naming file, key, value and what was expected
     */
    public static Model read(JsonObject entry) {
        entry.refuseOtherKeysThan(MODEL_KEYS);
        try {
            ModelBuilder model = Model.builder(
                    entry.requiredText("id"),
                    entry.whole("hidden", 1, MOST),
                    new Embedding(entry.whole("vocabulary", 1, MOST), entry.flag("tied", false)),
                    LayerStack.of(entry.objects("layers").stream()
                            .map(ModelJson::layers)
                            .collect(Collectors.toList())),
                    entry.whole("context_tokens", 1, MOST));
            model.outputNormVectors((int) entry.whole("output_norm_vectors", 0, 8, 1))
                    .weights(WeightSchemes.named(entry.requiredText("weights")))
                    .source(entry.requiredText("source"));
            entry.object("rotary")
                    .ifPresent(table -> model.rotaryTable(new RotaryTable(
                            table.whole("positions", 1, MOST),
                            table.whole("width", 1, MOST),
                            table.whole("element_bytes", 2, 4))));
            entry.object("speculative")
                    .ifPresent(head -> model.speculativeHead(new SpeculativeHead(
                            (int) head.whole("depth", 1, 64),
                            layers(head.requiredObject("layer")),
                            head.flag("stores_embedding_copies", false))));
            if (entry.has("vision")) {
                model.visionTower(new VisionTower(entry.objects("vision").stream()
                        .map(ModelJson::visionTensor)
                        .collect(Collectors.toList())));
            }
            return model.build();
        } catch (MalformedFileException placed) {
            throw placed;
        } catch (IllegalArgumentException | ArithmeticException outOfRange) {
            throw entry.problem("id", entry.shown("id") + ": " + outOfRange.getMessage());
        }
    }

    private static LayerGroup layers(JsonObject group) {
        return new LayerGroup(
                (int) group.whole("count", 1, LayerGroup.MOST_LAYERS),
                attention(group.requiredObject("attention")),
                feedForward(group.requiredObject("feed_forward")),
                (int) group.whole("norm_vectors", 0, 64));
    }

    private static Attention attention(JsonObject attention) {
        String kind = attention.requiredText("kind");
        switch (kind) {
            case "grouped_query" -> {
                GroupedQuery grouped = new GroupedQuery(
                        attention.whole("heads", 1, MOST),
                        attention.whole("key_value_heads", 1, MOST),
                        attention.whole("key_width", 1, MOST),
                        attention.whole("value_width", 1, MOST),
                        attention.flag("input_bias", false),
                        attention.flag("output_bias", false),
                        norm(attention));
                return attention.has("window")
                        ? new SlidingWindow(grouped, attention.whole("window", 1, MOST))
                        : grouped;
            }
            case "multi_head_latent" -> {
                return new MultiHeadLatent(
                        attention.whole("heads", 1, MOST),
                        attention.whole("query_rank", 0, MOST),
                        attention.whole("latent_rank", 1, MOST),
                        attention.whole("plain_width", 1, MOST),
                        attention.whole("rotary_width", 1, MOST),
                        attention.whole("value_width", 1, MOST));
            }
            default -> throw attention.problem("kind", "\"" + kind + "\"; expected grouped_query or multi_head_latent");
        }
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
            case "dense" ->
                new DenseFeedForward(
                        block.whole("width", 1, MOST), block.flag("gated", true), block.flag("bias", false));
            case "mixture_of_experts" ->
                new MixtureOfExperts(
                        block.whole("experts", 1, MOST),
                        block.whole("active_experts", 1, MOST),
                        block.whole("expert_width", 1, MOST),
                        block.whole("shared_width", 0, MOST, 0),
                        block.flag("router_bias", false),
                        block.flag("shared_gate", false));
            default -> throw block.problem("kind", "\"" + kind + "\"; expected dense or mixture_of_experts");
        };
    }

    private static WeightTensor visionTensor(JsonObject tensor) {
        return WeightTensor.matrix(
                        tensor.requiredText("name"),
                        tensor.flag("projector", false) ? TensorRole.VISION_PROJECTOR : TensorRole.VISION,
                        tensor.whole("rows", 1, MOST),
                        tensor.whole("columns", 1, MOST, 1),
                        ShardRule.REPLICATED)
                .times(tensor.whole("count", 1, 1 << 20, 1), tensor.whole("count", 1, 1 << 20, 1));
    }

    /**
     * The form that {@link #read} reads back.
     *
     * @param model the model, stored by a scheme that has a name
     * @return keys and values in the catalogue's order
     */
    public static Map<String, Object> write(Model model) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("id", model.name());
        entry.put("hidden", model.hidden());
        entry.put("vocabulary", model.embedding().vocabulary());
        entry.put("tied", model.embedding().tied());
        entry.put(
                "layers", model.layers().runs().stream().map(ModelJson::written).collect(Collectors.toList()));
        entry.put("output_norm_vectors", model.outputNormVectors());
        model.speculativeHead().ifPresent(head -> {
            Map<String, Object> written = new LinkedHashMap<>();
            written.put("depth", head.depth());
            written.put("layer", written(head.layer()));
            written.put("stores_embedding_copies", head.storesEmbeddingCopies());
            entry.put("speculative", written);
        });
        model.visionTower().ifPresent(tower -> entry.put("vision", visionTensors(tower)));
        model.rotaryTable().ifPresent(table -> {
            Map<String, Object> written = new LinkedHashMap<>();
            written.put("positions", table.positions());
            written.put("width", table.width());
            written.put("element_bytes", table.elementBytes());
            entry.put("rotary", written);
        });
        entry.put("weights", model.weights().name());
        entry.put("context_tokens", model.contextTokens());
        entry.put("source", model.source());
        return entry;
    }

    private static List<Map<String, Object>> visionTensors(VisionTower tower) {
        List<Map<String, Object>> tensors = new ArrayList<>();
        for (WeightTensor tensor : tower.tensors()) {
            Map<String, Object> written = new LinkedHashMap<>();
            written.put("name", tensor.name());
            if (tensor.role() == TensorRole.VISION_PROJECTOR) {
                written.put("projector", true);
            }
            written.put("rows", tensor.rows());
            written.put("columns", tensor.columns());
            written.put("count", tensor.count());
            tensors.add(written);
        }
        return tensors;
    }

    private static Map<String, Object> written(LayerGroup group) {
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
