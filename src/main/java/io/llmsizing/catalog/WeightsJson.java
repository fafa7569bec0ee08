package io.llmsizing.catalog;

import io.llmsizing.document.JsonObject;
import io.llmsizing.quantization.BlockFormat;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.quantization.WeightSchemes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How an entry states its weights: by a scheme's name, or by an object of the name and the exceptions of single tensors,
 * each under its block and its own name.
 */
final class WeightsJson {
    private static final String KEY = "weights";

    private WeightsJson() {}

    /** The scheme that an entry states, if it states one. */
    static Optional<WeightScheme> read(JsonObject entry) {
        if (!entry.holdsObject(KEY)) {
            return entry.text(KEY).map(WeightSchemes::named);
        }
        JsonObject weights = entry.requiredObject(KEY);
        weights.refuseOtherKeysThan(Set.of("scheme", "exceptions"));
        JsonObject blocks = weights.requiredObject("exceptions");
        Map<String, Map<String, BlockFormat>> exceptions = new LinkedHashMap<>();
        for (String block : blocks.keys()) {
            JsonObject tensors = blocks.requiredObject(block);
            Map<String, BlockFormat> formats = new LinkedHashMap<>();
            for (String tensor : tensors.keys()) {
                String name = tensors.requiredText(tensor);
                formats.put(
                        tensor,
                        WeightSchemes.format(name)
                                .orElseThrow(() ->
                                        tensors.problem(tensor, "\"" + name + "\"; expected a format such as bf16")));
            }
            exceptions.put(block, formats);
        }
        return Optional.of(WeightSchemes.named(weights.requiredText("scheme")).withExceptions(exceptions));
    }

    /** What {@link #read} reads back. */
    static Object written(WeightScheme scheme) {
        if (scheme.exceptions().isEmpty()) {
            return scheme.name();
        }
        Map<String, Map<String, String>> exceptions = new LinkedHashMap<>();
        scheme.exceptions().forEach((block, tensors) -> {
            Map<String, String> names = new LinkedHashMap<>();
            tensors.forEach((tensor, format) -> names.put(tensor, format.name()));
            exceptions.put(block, names);
        });
        Map<String, Object> written = new LinkedHashMap<>();
        written.put("scheme", scheme.name());
        written.put("exceptions", exceptions);
        return written;
    }
}
