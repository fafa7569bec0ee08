package io.llmsizing.catalog;

import com.google.common.collect.ImmutableSet;
import io.llmsizing.attention.Attention;
import io.llmsizing.document.JsonObject;
import io.llmsizing.document.MalformedFileException;
import io.llmsizing.feedforward.FeedForward;
import io.llmsizing.model.Embedding;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.LayerStack;
import io.llmsizing.model.Model;
import io.llmsizing.model.ModelBuilder;
import io.llmsizing.model.RotaryTable;
import io.llmsizing.model.SpeculativeHead;
import io.llmsizing.model.VisionTower;
import io.llmsizing.tensor.WeightTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The catalogue's own form of a model, read and written. Exact integers only. */
public final class ModelJson {
    private static final long MOST = 1L << 40;
    static final Set<String> MODEL_KEYS = ImmutableSet.of(
            "id",
            "shape_of",
            "hidden",
            "vocabulary",
            "tied",
            "positions",
            "embedding_norm_vectors",
            "head_bias",
            "embedding_width",
            "beside_embedding",
            "behind_layers",
            "headless",
            "layers",
            "order",
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
                    new Embedding(
                            entry.whole("vocabulary", 1, MOST),
                            entry.flag("tied", false),
                            entry.whole("positions", 0, MOST, 0),
                            (int) entry.whole("embedding_norm_vectors", 0, 64, 0),
                            entry.flag("head_bias", false),
                            entry.whole("embedding_width", 0, MOST, 0),
                            tensors(entry, "beside_embedding"),
                            tensors(entry, "behind_layers"),
                            entry.flag("headless", false)),
                    LayerStack.of(runs(entry)),
                    entry.whole("context_tokens", 1, MOST));
            model.outputNormVectors((int) entry.whole("output_norm_vectors", 0, 8, 1))
                    .weights(WeightsJson.read(entry)
                            .orElseThrow(() -> entry.problem("weights", "absent; expected a text or an object")))
                    .source(entry.requiredText("source"));
            entry.object("rotary")
                    .map(table -> knowing(table, Set.of("positions", "width", "element_bytes")))
                    .ifPresent(table -> model.rotaryTable(new RotaryTable(
                            table.whole("positions", 1, MOST),
                            table.whole("width", 1, MOST),
                            table.whole("element_bytes", 2, 4))));
            entry.object("speculative")
                    .map(head -> knowing(
                            head, Set.of("depth", "layer", "stores_embedding_copies", "others", "norm_vectors")))
                    .ifPresent(head -> model.speculativeHead(new SpeculativeHead(
                            (int) head.whole("depth", 1, 64),
                            layers(head.requiredObject("layer")),
                            head.flag("stores_embedding_copies", false),
                            tensors(head, "others"),
                            (int) head.whole("norm_vectors", 0, 64, SpeculativeHead.USUAL_NORM_VECTORS))));
            if (entry.has("vision")) {
                model.visionTower(new VisionTower(tensors(entry, "vision")));
            }
            return model.build();
        } catch (MalformedFileException placed) {
            throw placed;
        } catch (IllegalArgumentException | ArithmeticException outOfRange) {
            throw entry.problem("id", entry.shown("id") + ": " + outOfRange.getMessage());
        }
    }

    private static JsonObject knowing(JsonObject object, Set<String> keys) {
        object.refuseOtherKeysThan(keys);
        return object;
    }

    private static List<WeightTensor> tensors(JsonObject object, String key) {
        return object.objects(key).stream().map(TensorJson::read).collect(Collectors.toList());
    }

    /** The kinds of layers one above the other, or as the order says where they alternate. */
    private static List<LayerGroup> runs(JsonObject entry) {
        List<LayerGroup> kinds =
                entry.objects("layers").stream().map(ModelJson::layers).collect(Collectors.toList());
        if (!entry.has("order")) {
            return kinds;
        }
        List<LayerGroup> runs = new ArrayList<>();
        int[] counts = new int[kinds.size()];
        for (long kind : entry.wholes("order", 0, kinds.size() - 1L)) {
            counts[(int) kind]++;
            runs.add(kinds.get((int) kind).times(1));
        }
        for (int kind = 0; kind < counts.length; kind++) {
            if (counts[kind] != kinds.get(kind).count()) {
                throw entry.problem(
                        "order",
                        counts[kind] + " times " + kind + "; expected as many as the count of layers[" + kind
                                + "] says, " + kinds.get(kind).count());
            }
        }
        return runs;
    }

    /** The kind of each layer, from the bottom up; empty where no kind stands in two places. */
    private static List<Long> order(LayerStack layers) {
        List<Long> order = new ArrayList<>();
        boolean alternating = false;
        for (int layer = 0; layer < layers.size(); layer++) {
            long kind = layers.groupOf(layer);
            alternating |= layer > 0 && kind < order.get(layer - 1);
            order.add(kind);
        }
        return alternating ? order : List.of();
    }

    private static LayerGroup layers(JsonObject group) {
        group.refuseOtherKeysThan(Set.of("count", "attention", "feed_forward", "norm_vectors", "others", "variant"));
        return new LayerGroup(
                (int) group.whole("count", 1, LayerGroup.MOST_LAYERS),
                RecordJson.read(group.requiredObject("attention"), Attention.class),
                RecordJson.read(group.requiredObject("feed_forward"), FeedForward.class),
                (int) group.whole("norm_vectors", 0, 64, 0),
                tensors(group, "others"),
                group.text("variant").orElse(""));
    }

    /**
     * The form that {@link #read} reads back.
     *
     * @param model the model
     * @return keys and values in the catalogue's order
     */
    public static Map<String, Object> write(Model model) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("id", model.name());
        entry.put("hidden", model.hidden());
        entry.put("vocabulary", model.embedding().vocabulary());
        entry.put("tied", model.embedding().tied());
        if (model.embedding().positions() > 0) {
            entry.put("positions", model.embedding().positions());
        }
        if (model.embedding().normVectors() > 0) {
            entry.put("embedding_norm_vectors", model.embedding().normVectors());
        }
        if (model.embedding().headBias()) {
            entry.put("head_bias", true);
        }
        if (model.embedding().width() > 0) {
            entry.put("embedding_width", model.embedding().width());
        }
        putTensors(entry, "beside_embedding", model.embedding().beside());
        putTensors(entry, "behind_layers", model.embedding().behind());
        if (model.embedding().headless()) {
            entry.put("headless", true);
        }
        entry.put(
                "layers",
                model.layers().groups().stream().map(ModelJson::written).collect(Collectors.toList()));
        List<Long> order = order(model.layers());
        if (!order.isEmpty()) {
            entry.put("order", order);
        }
        entry.put("output_norm_vectors", model.outputNormVectors());
        model.speculativeHead().ifPresent(head -> {
            Map<String, Object> written = new LinkedHashMap<>();
            written.put("depth", head.depth());
            written.put("layer", written(head.layer()));
            written.put("stores_embedding_copies", head.storesEmbeddingCopies());
            putTensors(written, "others", head.others());
            if (head.normVectors() != SpeculativeHead.USUAL_NORM_VECTORS) {
                written.put("norm_vectors", head.normVectors());
            }
            entry.put("speculative", written);
        });
        model.visionTower().ifPresent(tower -> putTensors(entry, "vision", tower.tensors()));
        model.rotaryTable().ifPresent(table -> {
            Map<String, Object> written = new LinkedHashMap<>();
            written.put("positions", table.positions());
            written.put("width", table.width());
            written.put("element_bytes", table.elementBytes());
            entry.put("rotary", written);
        });
        entry.put("weights", WeightsJson.written(model.weights()));
        entry.put("context_tokens", model.contextTokens());
        entry.put("source", model.source());
        return entry;
    }

    private static Map<String, Object> written(LayerGroup group) {
        return RecordJson.written(group, LayerGroup.class);
    }

    private static void putTensors(Map<String, Object> object, String key, List<WeightTensor> tensors) {
        if (!tensors.isEmpty()) {
            object.put(key, tensors.stream().map(TensorJson::written).collect(Collectors.toList()));
        }
    }
}
