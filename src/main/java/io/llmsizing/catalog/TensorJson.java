package io.llmsizing.catalog;

import com.google.common.collect.ImmutableSet;
import io.llmsizing.document.JsonObject;
import io.llmsizing.tensor.ShardRule;
import io.llmsizing.tensor.ShardRule.Cut;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** One weight tensor, or several equal ones, in the catalogue's own form. */
final class TensorJson {
    private static final long MOST = 1L << 40;
    static final Set<String> KEYS =
            ImmutableSet.of("name", "fused_into", "role", "rows", "columns", "count", "active_count", "cut", "granule");

    private TensorJson() {}

    static WeightTensor read(JsonObject tensor) {
        tensor.refuseOtherKeysThan(KEYS);
        String name = tensor.requiredText("name");
        long count = tensor.whole("count", 1, 1 << 20, 1);
        return new WeightTensor(
                name,
                tensor.text("fused_into").orElse(name),
                RecordJson.constant(
                        tensor, "role", TensorRole.class, tensor.text("role").orElse("vision")),
                tensor.whole("rows", 1, MOST),
                tensor.whole("columns", 1, MOST, 1),
                count,
                tensor.whole("active_count", 0, count, count),
                new ShardRule(
                        RecordJson.constant(
                                tensor, "cut", Cut.class, tensor.text("cut").orElse("none")),
                        tensor.whole("granule", 1, MOST, 1)));
    }

    static Map<String, Object> written(WeightTensor tensor) {
        Map<String, Object> written = new LinkedHashMap<>();
        written.put("name", tensor.name());
        if (!tensor.fusedInto().equals(tensor.name())) {
            written.put("fused_into", tensor.fusedInto());
        }
        if (tensor.role() != TensorRole.VISION) {
            written.put("role", tensor.role().name().toLowerCase(Locale.ROOT));
        }
        written.put("rows", tensor.rows());
        if (tensor.columns() != 1) {
            written.put("columns", tensor.columns());
        }
        if (tensor.count() != 1) {
            written.put("count", tensor.count());
        }
        if (tensor.activeCount() != tensor.count()) {
            written.put("active_count", tensor.activeCount());
        }
        if (tensor.shardRule().cut() != Cut.NONE) {
            written.put("cut", tensor.shardRule().cut().name().toLowerCase(Locale.ROOT));
        }
        if (tensor.shardRule().granule() != 1) {
            written.put("granule", tensor.shardRule().granule());
        }
        return written;
    }
}
