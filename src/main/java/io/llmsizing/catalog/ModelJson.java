package io.llmsizing.catalog;

import com.google.common.collect.ImmutableSet;
import io.llmsizing.document.JsonObject;
import io.llmsizing.document.MalformedFileException;
import io.llmsizing.model.Embedding;
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
            "positions",
            "embedding_norm_vectors",
            "head_bias",
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
                    new Embedding(
                            entry.whole("vocabulary", 1, MOST),
                            entry.flag("tied", false),
                            entry.whole("positions", 0, MOST, 0),
                            (int) entry.whole("embedding_norm_vectors", 0, 64, 0),
                            entry.flag("head_bias", false)),
                    LayerStack.of(entry.objects("layers").stream()
                            .map(LayerJson::read)
                            .collect(Collectors.toList())),
                    entry.whole("context_tokens", 1, MOST));
            model.outputNormVectors((int) entry.whole("output_norm_vectors", 0, 8, 1))
                    .weights(WeightSchemes.named(entry.requiredText("weights")))
                    .source(entry.requiredText("source"));
            entry.object("rotary")
                    .map(table -> knowing(table, Set.of("positions", "width", "element_bytes")))
                    .ifPresent(table -> model.rotaryTable(new RotaryTable(
                            table.whole("positions", 1, MOST),
                            table.whole("width", 1, MOST),
                            table.whole("element_bytes", 2, 4))));
            entry.object("speculative")
                    .map(head -> knowing(head, Set.of("depth", "layer", "stores_embedding_copies")))
                    .ifPresent(head -> model.speculativeHead(new SpeculativeHead(
                            (int) head.whole("depth", 1, 64),
                            LayerJson.read(head.requiredObject("layer")),
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

    private static JsonObject knowing(JsonObject object, Set<String> keys) {
        object.refuseOtherKeysThan(keys);
        return object;
    }

    private static WeightTensor visionTensor(JsonObject tensor) {
        tensor.refuseOtherKeysThan(Set.of("name", "projector", "rows", "columns", "count"));
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
        if (model.embedding().positions() > 0) {
            entry.put("positions", model.embedding().positions());
        }
        if (model.embedding().normVectors() > 0) {
            entry.put("embedding_norm_vectors", model.embedding().normVectors());
        }
        if (model.embedding().headBias()) {
            entry.put("head_bias", true);
        }
        entry.put(
                "layers", model.layers().runs().stream().map(LayerJson::written).collect(Collectors.toList()));
        entry.put("output_norm_vectors", model.outputNormVectors());
        model.speculativeHead().ifPresent(head -> {
            Map<String, Object> written = new LinkedHashMap<>();
            written.put("depth", head.depth());
            written.put("layer", LayerJson.written(head.layer()));
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
}
