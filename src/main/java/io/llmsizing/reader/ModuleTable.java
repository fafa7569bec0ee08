package io.llmsizing.reader;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a config says about modules by their names and by patterns. A name means the module and everything below it, and
 * stands for the end or the middle of a longer one too: {@code lm_head}, {@code gate}, {@code self_attn}. Names go before
 * patterns, longer names before shorter ones, earlier patterns before later ones.
 */
final class ModuleTable<T> {
    /** So many names without a layer are tried one by one; more are looked up. */
    private static final int FEW = 16;

    /** So many patterns are taken; real lists have some hundreds, since they name modules otherwise. */
    private static final int MOST_PATTERNS = 1_000;

    private final Map<Integer, Map<String, Named<T>>> ofLayers = new HashMap<>();
    private final Map<String, T> anywhere = new LinkedHashMap<>();
    private final Map<Integer, List<Entry<T>>> patternsOfLayer = new HashMap<>();
    private final List<Entry<T>> patterns = new ArrayList<>();
    private int patternCount;
    private boolean byExpert;
    private boolean mixers;

    private record Entry<T>(ModulePattern pattern, T value) {}

    /** What is said under a name; the first expert's name stands for those of all, which are counted. */
    private static final class Named<T> {
        private final T value;
        private final BitSet experts = new BitSet();
        private boolean unlike;

        Named(T value) {
            this.value = value;
        }
    }

    /**
     * Adds a name or a pattern.
     *
     * @throws IllegalArgumentException saying what is wrong with the pattern
     */
    void add(String written, T value) {
        mixers |= written.contains("mixer");
        if (!ModulePattern.isPattern(written)) {
            addName(ModuleNames.canonical(written), value);
            return;
        }
        if (++patternCount > MOST_PATTERNS) {
            throw new IllegalArgumentException(
                    "one of more than " + MOST_PATTERNS + " patterns; expected fewer, or names");
        }
        ModulePattern pattern = ModulePattern.of(written);
        int layer = pattern instanceof ModulePattern.Glob glob ? ModuleNames.layerOf(glob.glob()) : -1;
        byExpert |= namesAnExpert(written);
        (layer < 0 ? patterns : patternsOfLayer.computeIfAbsent(layer, number -> new ArrayList<>()))
                .add(new Entry<>(pattern, value));
    }

    private void addName(String name, T value) {
        int layer = ModuleNames.layerOf(name);
        if (layer < 0) {
            byExpert |= namesAnExpert(name);
            anywhere.putIfAbsent(name, value);
            return;
        }
        String path = ModuleNames.withinLayer(name);
        int expert = ModuleNames.expertOf(path);
        Named<T> named = ofLayers.computeIfAbsent(layer, number -> new HashMap<>())
                .computeIfAbsent(expert < 0 ? path : ModuleNames.ofFirstExpert(path), first -> new Named<>(value));
        if (expert >= 0) {
            named.experts.set(expert);
            named.unlike |= !named.value.equals(value);
        }
    }

    private static boolean namesAnExpert(String written) {
        return ModuleNames.expertOf(written) >= 0;
    }

    boolean isEmpty() {
        return ofLayers.isEmpty() && anywhere.isEmpty() && patternsOfLayer.isEmpty() && patterns.isEmpty();
    }

    /** Whether blocks of a layer are called its {@code mixer}. */
    boolean speaksOfMixers() {
        return mixers;
    }

    /** Whether what is said holds in every layer alike, so that one layer tells of all. */
    boolean treatsLayersAlike() {
        return ofLayers.isEmpty()
                && patternsOfLayer.isEmpty()
                && patterns.stream().allMatch(entry -> entry.pattern().ignoresNumbers());
    }

    /** Whether patterns, or names without a layer, speak of single experts. */
    boolean distinguishesExperts() {
        return byExpert;
    }

    /** Whether something is said about some of a layer's experts, and not the same about all. */
    boolean saysOfSome(int layer, ModuleName module, long experts) {
        Map<String, Named<T>> names = ofLayers.get(layer);
        if (names != null) {
            for (String path : module.upward()) {
                Named<T> named = names.get(path);
                if (named != null) {
                    int count = named.experts.cardinality();
                    return named.unlike || (count > 0 && count != experts);
                }
            }
        }
        return false;
    }

    /**
     * What is said about a module.
     *
     * @param layer in which it stands, below 0 for none
     * @param module its name there
     */
    Optional<T> find(int layer, ModuleName module, MatchBudget budget) {
        T value = ofLayers.isEmpty() || layer < 0 ? null : below(layer, module, budget);
        if (value == null && !anywhere.isEmpty()) {
            value = anywhere.size() <= FEW ? tried(module.path(), budget) : lookedUp(module.path(), budget);
            value = value == null && layer >= 0 ? anywhere.get("layers") : value;
        }
        List<Entry<T>> closer = value == null && !patternsOfLayer.isEmpty()
                ? patternsOfLayer.getOrDefault(layer, List.of())
                : List.of();
        if (value == null && !(closer.isEmpty() && patterns.isEmpty())) {
            String name = module.within(layer);
            value = first(closer, name, budget);
            value = value == null ? first(patterns, name, budget) : value;
        }
        return Optional.ofNullable(value);
    }

    private @Nullable T below(int layer, ModuleName module, MatchBudget budget) {
        Map<String, Named<T>> names = ofLayers.get(layer);
        if (names == null) {
            return null;
        }
        for (String path : module.upward()) {
            budget.step();
            Named<T> named = names.get(path);
            if (named != null) {
                return named.value;
            }
        }
        Named<T> whole = names.get("");
        return whole == null ? null : whole.value;
    }

    private @Nullable T tried(String module, MatchBudget budget) {
        for (Map.Entry<String, T> entry : anywhere.entrySet()) {
            budget.step();
            if (standsIn(module, entry.getKey())) {
                return entry.getValue();
            }
        }
        return null;
    }

    private static boolean standsIn(String module, String part) {
        for (int start = module.indexOf(part); start >= 0; start = module.indexOf(part, start + 1)) {
            int end = start + part.length();
            if ((start == 0 || module.charAt(start - 1) == '.')
                    && (end == module.length() || module.charAt(end) == '.')) {
                return !part.isEmpty();
            }
        }
        return false;
    }

    private @Nullable T lookedUp(String module, MatchBudget budget) {
        for (int end = module.length(); end > 0; end = module.lastIndexOf('.', end - 1)) {
            for (int start = 0; start >= 0 && start < end; start = module.indexOf('.', start) + 1) {
                budget.step();
                T value = anywhere.get(module.substring(start, end));
                if (value != null) {
                    return value;
                }
                if (module.indexOf('.', start) < 0) {
                    break;
                }
            }
        }
        return null;
    }

    private static <T> @Nullable T first(List<Entry<T>> entries, String module, MatchBudget budget) {
        for (Entry<T> entry : entries) {
            if (entry.pattern().matches(module, budget)) {
                return entry.value();
            }
        }
        return null;
    }
}
