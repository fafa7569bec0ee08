package io.llmsizing.reader;

import io.llmsizing.document.JsonObject;
import io.llmsizing.document.MalformedFileException;
import io.llmsizing.quantization.BlockFormat;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.tensor.TensorRole;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * In which format a checkpoint stores a module. What is kept goes first, then what is stated for the module by name or
 * pattern, then what linear layers of its role are stored in; all else is plain.
 */
final class ModuleFormats {
    private final BlockFormat plain;
    private final WeightScheme unquantized;
    private final MatchBudget budget;
    private final JsonObject place;
    private final String key;
    private final ModuleTable<Boolean> kept = new ModuleTable<>();
    private final ModuleTable<BlockFormat> stated = new ModuleTable<>();
    private final Map<TensorRole, BlockFormat> byRole = new EnumMap<>(TensorRole.class);

    /**
     * Nothing is quantised yet.
     *
     * @param plain the type of what is not quantised
     * @param place the config and the key to blame for patterns that take too long
     */
    ModuleFormats(BlockFormat plain, JsonObject place, String key) {
        this.plain = plain;
        this.unquantized = WeightScheme.uniform(plain);
        this.place = place;
        this.key = key;
        this.budget = new MatchBudget(() ->
                problem("its patterns take too many steps; expected names, globs, or simpler regular expressions"));
    }

    /** Every linear layer is stored in a format. */
    ModuleFormats linear(BlockFormat format) {
        WeightScheme.LINEAR_LAYERS.forEach(role -> byRole.put(role, format));
        return this;
    }

    /** Every tensor of a role is stored in a format. */
    ModuleFormats role(TensorRole role, BlockFormat format) {
        byRole.put(role, format);
        return this;
    }

    /** The modules that a list names are not quantised. */
    ModuleFormats keep(JsonObject owner, String list) {
        for (String written : owner.texts(list)) {
            add(kept, written, true, owner, list);
        }
        return this;
    }

    /** The modules that a name or pattern means are stored in a format. */
    ModuleFormats state(String written, BlockFormat format, JsonObject owner, String key) {
        add(stated, written, format, owner, key);
        return this;
    }

    /** The modules that a name or pattern means are not quantised. */
    ModuleFormats keepOne(String written, JsonObject owner, String key) {
        add(kept, written, true, owner, key);
        return this;
    }

    private static <T> void add(ModuleTable<T> table, String written, T value, JsonObject owner, String key) {
        try {
            table.add(written, value);
        } catch (MalformedFileException placed) {
            throw placed;
        } catch (IllegalArgumentException malformed) {
            String shown = written.length() <= 80 ? written : written.substring(0, 77) + "...";
            throw owner.problem(key, "\"" + shown + "\": " + malformed.getMessage());
        }
    }

    /** What is wrong with the config as a whole. */
    MalformedFileException problem(String what) {
        return place.problem(key, what);
    }

    BlockFormat plain() {
        return plain;
    }

    /** What linear layers of a role are stored in where nothing is said about the module. */
    BlockFormat ofRole(TensorRole role) {
        return byRole.getOrDefault(role, unquantized.formatOf(role));
    }

    /** Whether the role of a tensor says it all. */
    boolean isByRole() {
        return kept.isEmpty() && stated.isEmpty();
    }

    /** Whether blocks of a layer are called its {@code mixer}. */
    boolean speaksOfMixers() {
        return kept.speaksOfMixers() || stated.speaksOfMixers();
    }

    /** Whether equal tensors of all layers are stored alike. */
    boolean treatsLayersAlike() {
        return kept.treatsLayersAlike() && stated.treatsLayersAlike();
    }

    /** Whether something is said about some of a layer's experts, and not the same about all. */
    boolean saysOfSome(int layer, List<ModuleName> names, long experts) {
        return names.stream()
                .anyMatch(name -> kept.saysOfSome(layer, name, experts) || stated.saysOfSome(layer, name, experts));
    }

    /** Whether patterns may mean one expert and not its neighbour. */
    boolean distinguishesExperts() {
        return kept.distinguishesExperts() || stated.distinguishesExperts();
    }

    /** Whether all linear layers are stored alike, whatever their role. */
    boolean isUniform() {
        BlockFormat any = ofRole(TensorRole.ATTENTION);
        return isByRole()
                && WeightScheme.LINEAR_LAYERS.stream()
                        .allMatch(role -> ofRole(role).equals(any));
    }

    /**
     * The format of a module's matrix. What is said about it under any of its names holds.
     *
     * @param layer the layer in which it stands, below 0 for none
     * @param inLayer its names there
     * @param outside its names in the model where it stands in no layer, or may be said to
     * @param role what it does
     */
    BlockFormat of(int layer, List<ModuleName> inLayer, List<ModuleName> outside, TensorRole role) {
        if (find(kept, layer, inLayer, outside).isPresent()) {
            return plain;
        }
        return find(stated, layer, inLayer, outside).orElseGet(() -> ofRole(role));
    }

    private <T> Optional<T> find(ModuleTable<T> table, int layer, List<ModuleName> inLayer, List<ModuleName> outside) {
        if (table.isEmpty()) {
            return Optional.empty();
        }
        for (ModuleName name : inLayer) {
            Optional<T> found = table.find(layer, name, budget);
            if (found.isPresent()) {
                return found;
            }
        }
        for (ModuleName name : outside) {
            Optional<T> found = table.find(-1, name, budget);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }
}
