package io.llmsizing.calibration;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Observations made up for tests, from a vLLM row that closes: 0.9 of 80 GB are 72 GB. */
public final class Rows {
    private static final List<String> COLUMNS = List.of(
            ("id,model,shape,engine,version,weights,cache,accelerator,vendor,devices,usable_bytes,fraction,tensor,pipeline,data,"
                            + "expert,context,sequences,batched_tokens,max_sequences,eager,loaded,activation,runtime,graphs,"
                            + "pool_bytes,pool_tokens,outcome,grade,source")
                    .split(","));

    private Rows() {}

    public static Map<String, String> with(String... columnsAndValues) {
        Map<String, String> row = new LinkedHashMap<>();
        COLUMNS.forEach(column -> row.put(column, ""));
        row.put("id", "made-up");
        row.put("model", "meta-llama/Llama-3.1-8B-Instruct");
        row.put("engine", "vllm");
        row.put("version", "0.19.0");
        row.put("accelerator", "H100-SXM");
        row.put("devices", "1");
        row.put("usable_bytes", "80000000000");
        row.put("fraction", "0.9");
        row.put("tensor", "1");
        row.put("loaded", "16000000000");
        row.put("activation", "2000000000");
        row.put("runtime", "250000000");
        row.put("pool_bytes", "53750000000");
        row.put("outcome", "runs");
        row.put("grade", "A");
        row.put("source", "made up");
        for (int i = 0; i < columnsAndValues.length; i += 2) {
            row.put(columnsAndValues[i], columnsAndValues[i + 1]);
        }
        return row;
    }

    @SafeVarargs
    public static List<Observation> read(Map<String, String>... rows) {
        StringBuilder text = new StringBuilder(String.join(",", COLUMNS)).append('\n');
        for (Map<String, String> row : rows) {
            text.append(String.join(",", row.values())).append('\n');
        }
        return ObservationTable.read(
                new ByteArrayInputStream(text.toString().getBytes(StandardCharsets.UTF_8)), "mine.csv");
    }

    public static Observation one(String... columnsAndValues) {
        return read(with(columnsAndValues)).get(0);
    }
}
