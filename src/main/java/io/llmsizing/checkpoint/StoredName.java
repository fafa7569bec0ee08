package io.llmsizing.checkpoint;

import io.llmsizing.document.Bundled;
import io.llmsizing.document.CsvTable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The name of a stored tensor, taken apart.
 *
 * @param parameter which parameter it belongs to: {@code mlp.down_proj.weight} for {@code mlp.down_proj.qweight} and
 *     {@code mlp.down_proj.scales}
 * @param part which part of that parameter it is: {@code weight}, {@code scales}
 * @param packed whether several of the parameter's elements share one stored element
 */
record StoredName(String parameter, String part, boolean packed) {
    private record Suffix(String suffix, String parameter, boolean elements) {}

    private static final List<Suffix> SUFFIXES = suffixes();

    private static List<Suffix> suffixes() {
        List<Suffix> suffixes = new ArrayList<>();
        for (CsvTable.Row row :
                Bundled.rows(StoredName.class, "stored-parts.csv", List.of("suffix", "parameter", "elements"))) {
            suffixes.add(new Suffix(
                    row.required("suffix"),
                    row.text("parameter"),
                    row.required("elements").equals("yes")));
        }
        return List.copyOf(suffixes);
    }

    /**
     * Takes a name apart. Scales are told from parameters that happen to be called so by what is stored beside them.
     *
     * @param name as the file has it
     * @param stored whether a tensor of this name is stored
     */
    static StoredName of(String name, Predicate<String> stored) {
        for (Suffix suffix : SUFFIXES) {
            if (name.endsWith(suffix.suffix())) {
                String module =
                        name.substring(0, name.length() - suffix.suffix().length());
                String parameter = module + suffix.parameter();
                if (suffix.elements() || stored.test(parameter) || isPacked(module, stored)) {
                    String part = suffix.suffix().substring(1);
                    return new StoredName(parameter, part, suffix.elements());
                }
            }
        }
        return new StoredName(name, name.substring(name.lastIndexOf('.') + 1), false);
    }

    private static boolean isPacked(String module, Predicate<String> stored) {
        return SUFFIXES.stream().anyMatch(other -> other.elements() && stored.test(module + other.suffix()));
    }
}
