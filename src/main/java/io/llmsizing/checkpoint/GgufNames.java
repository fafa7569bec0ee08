package io.llmsizing.checkpoint;

import com.google.common.base.Splitter;
import io.llmsizing.document.Bundled;
import io.llmsizing.document.CsvTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What published checkpoints call the tensors of a GGUF file: {@code blk.17.attn_q.weight} is
 * {@code model.layers.17.self_attn.q_proj.weight}. The names stand in {@code gguf-tensors.csv}; every norm of a layer ends in
 * {@code layernorm}. Experts that a file holds stacked lose their number: {@code model.layers.3.mlp.experts.gate_proj.weight}.
 */
public final class GgufNames {
    private static final String EVERY_ARCHITECTURE = "";
    private static final Pattern NUMBER = Pattern.compile("(?<=\\.)\\d{1,9}(?=\\.|$)");
    private static final Set<String> ENDS = Set.of("weight", "bias");
    private static final Set<String> WITHOUT_COUNTERPART =
            Set.of("rope_freqs", "rope_factors_long", "rope_factors_short", "blk.*.attn_rot_embd");
    private static final Map<String, Map<String, String>> NAMES = names();

    private GgufNames() {}

    private static Map<String, Map<String, String>> names() {
        Map<String, Map<String, String>> names = new HashMap<>();
        for (CsvTable.Row row :
                Bundled.rows(GgufNames.class, "gguf-tensors.csv", List.of("architectures", "gguf", "published"))) {
            for (String architecture : Splitter.on(' ').splitToList(row.text("architectures"))) {
                names.computeIfAbsent(architecture, name -> new HashMap<>())
                        .put(row.required("gguf"), row.required("published"));
            }
        }
        return names;
    }

    /**
     * The name that published checkpoints have.
     *
     * @param architecture the file's {@code general.architecture}
     * @param name the tensor's name in the file
     * @return such as {@code lm_head.weight} for {@code output.weight}; nothing for a name that is not known, and for tables
     *     that are made when a file is written
     */
    public static Optional<String> published(String architecture, String name) {
        List<String> numbers =
                NUMBER.matcher(name).results().map(found -> found.group()).toList();
        String pattern = NUMBER.matcher(name).replaceAll("*");
        int dot = pattern.lastIndexOf('.');
        String end = dot < 0 ? "" : pattern.substring(dot + 1);
        return stated(architecture, pattern)
                .or(() -> ENDS.contains(end)
                        ? stated(architecture, pattern.substring(0, dot)).map(stem -> stem + "." + end)
                        : Optional.empty())
                .map(published -> numbered(published, numbers));
    }

    private static Optional<String> stated(String architecture, String pattern) {
        Map<String, String> own = NAMES.getOrDefault(architecture, Map.of());
        Map<String, String> all = NAMES.getOrDefault(EVERY_ARCHITECTURE, Map.of());
        return Optional.ofNullable(own.getOrDefault(pattern, all.get(pattern)));
    }

    private static String numbered(String published, List<String> numbers) {
        StringBuilder name = new StringBuilder(published.length() + 8);
        int number = 0;
        for (int i = 0; i < published.length(); i++) {
            if (published.charAt(i) == '*') {
                name.append(numbers.get(number));
                number++;
            } else {
                name.append(published.charAt(i));
            }
        }
        return name.toString();
    }

    /**
     * Whether a tensor is a table that is made when a file is written, which no published checkpoint holds: the frequencies
     * of rotary positions. It is no parameter of the model.
     *
     * @param name the tensor's name in the file, such as {@code rope_freqs.weight}
     * @return whether it is one
     */
    public static boolean isMadeForTheFile(String name) {
        Matcher number = NUMBER.matcher(name);
        String pattern = number.replaceAll("*");
        int dot = pattern.lastIndexOf('.');
        return WITHOUT_COUNTERPART.contains(dot < 0 ? pattern : pattern.substring(0, dot));
    }
}
