package io.llmsizing.catalog;

import com.google.common.collect.ImmutableList;
import io.llmsizing.document.JsonObject;
import io.llmsizing.document.MalformedFileException;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.model.Model;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Models and accelerators by name. {@link #bundled} holds what comes with the library; {@link #overlaidBy} puts a
 * directory of the user's own on top. Models are read when they are first asked for. Thread-safe.
 */
public final class Catalog {
    private static final int DEEPEST_BORROWING = 4;

    private final Map<String, Accelerator> accelerators;
    private final List<ModelShelf> shelves;
    private final NameIndex acceleratorNames = new NameIndex("accelerator", NameIndex::spellingFolded);
    private final NameIndex modelNames = new NameIndex("model", NameIndex::caseFolded);
    private final Map<String, Model> models = new ConcurrentHashMap<>();

    private Catalog(Map<String, Accelerator> accelerators, List<ModelShelf> shelves) {
        this.accelerators = accelerators;
        this.shelves = ImmutableList.copyOf(shelves);
        for (Accelerator accelerator : accelerators.values()) {
            acceleratorNames.add(accelerator.id(), accelerator.id());
            acceleratorNames.add(accelerator.name(), accelerator.id());
            accelerator.aliases().forEach(alias -> acceleratorNames.add(alias, accelerator.id()));
        }
        for (ModelShelf shelf : shelves) {
            for (String id : shelf.ids()) {
                modelNames.add(id, id);
                shelf.aliases(id).forEach(alias -> modelNames.add(alias, id));
            }
        }
    }

    /**
     * What comes with the library.
     *
     * @return a catalogue of its own; nothing is shared or global
     * @throws MalformedFileException if a bundled file is damaged
     */
    public static Catalog bundled() {
        return new Catalog(
                accelerators(resource("accelerators.csv"), "accelerators.csv"),
                List.of(new ModelShelf("models", file -> resource("models/" + file))));
    }

    private static InputStream resource(String file) {
        return Objects.requireNonNull(Catalog.class.getResourceAsStream(file), file);
    }

    private static Map<String, Accelerator> accelerators(InputStream opened, String name) {
        try (InputStream bytes = opened) {
            return AcceleratorTable.read(bytes, name);
        } catch (IOException unreadable) {
            throw new MalformedFileException(name, "file", "can't be read: " + unreadable.getMessage());
        }
    }

    /**
     * This catalogue under a user's own: {@code accelerators.csv} and {@code models/index.csv} with its files, each as
     * documented beside the bundled ones and each optional. An entry with a known id replaces that one.
     *
     * @param directory where the files are
     * @return the combined catalogue
     * @throws MalformedFileException naming file, line, column and value of what can't be read, or the directory if it
     *     holds neither
     */
    public Catalog overlaidBy(Path directory) {
        Path table = directory.resolve("accelerators.csv");
        Path models = directory.resolve("models");
        if (!Files.isRegularFile(table) && !Files.isRegularFile(models.resolve("index.csv"))) {
            throw new MalformedFileException(
                    directory.toString(), "directory", "holds neither accelerators.csv nor models/index.csv");
        }
        Map<String, Accelerator> combined = new LinkedHashMap<>(accelerators);
        if (Files.isRegularFile(table)) {
            try (InputStream bytes = Files.newInputStream(table)) {
                combined.putAll(accelerators(bytes, table.toString()));
            } catch (IOException unreadable) {
                throw new MalformedFileException(table.toString(), "file", "can't be read: " + unreadable.getMessage());
            }
        }
        List<ModelShelf> combinedShelves = new ArrayList<>();
        if (Files.isRegularFile(models.resolve("index.csv"))) {
            combinedShelves.add(new ModelShelf(models.toString(), file -> Files.newInputStream(models.resolve(file))));
        }
        combinedShelves.addAll(shelves);
        return new Catalog(combined, combinedShelves);
    }

    /**
     * A model by its id or an alias, in any letter case.
     *
     * @param name such as {@code deepseek-ai/DeepSeek-R1} or {@code r1}
     * @return the model
     * @throws UnknownNameException with the nearest names, or with all that an ambiguous name may mean
     */
    public Model model(String name) {
        return modelOf(modelNames.idOf(name), DEEPEST_BORROWING);
    }

    private Model modelOf(String id, int borrowings) {
        Model known = models.get(id);
        if (known != null) {
            return known;
        }
        JsonObject entry = entry(id);
        if (entry.has("shape_of") && borrowings == 0) {
            throw entry.problem(
                    "shape_of",
                    entry.shown("shape_of") + ": shapes are borrowed in a circle, or more than " + DEEPEST_BORROWING
                            + " deep");
        }
        Model model = entry.has("shape_of")
                ? ModelShelf.borrowed(entry, modelOf(entry.requiredText("shape_of"), borrowings - 1))
                : ModelJson.read(entry);
        models.put(id, model);
        return model;
    }

    private JsonObject entry(String id) {
        @Nullable ModelShelf holder = null;
        for (ModelShelf shelf : shelves) {
            if (holder == null && shelf.ids().contains(id)) {
                holder = shelf;
            }
        }
        if (holder == null) {
            throw new UnknownNameException("model", "no model '" + id + "' in the catalogue", List.of());
        }
        return holder.entry(id);
    }

    /**
     * The ids of all models.
     *
     * @return the user's own first, then in the order of the index
     */
    public Set<String> modelIds() {
        Set<String> ids = new LinkedHashSet<>();
        shelves.forEach(shelf -> ids.addAll(shelf.ids()));
        return ids;
    }

    /**
     * The other names of a model.
     *
     * @param id its id
     * @return aliases, none if the id is unknown
     */
    public List<String> aliases(String id) {
        return shelves.stream()
                .filter(shelf -> shelf.ids().contains(id))
                .findFirst()
                .map(shelf -> shelf.aliases(id))
                .orElse(List.of());
    }

    /**
     * An accelerator by its id, name or alias; letter case, blanks and hyphens do not matter.
     *
     * @param name such as {@code H200}, {@code rtx3090} or {@code NVIDIA A100-SXM4-80GB}
     * @return the accelerator
     * @throws UnknownNameException with the nearest names, or with all that an ambiguous name may mean
     */
    public Accelerator accelerator(String name) {
        return Objects.requireNonNull(accelerators.get(acceleratorNames.idOf(name)));
    }

    /**
     * All accelerators.
     *
     * @return in the order of the table
     */
    public List<Accelerator> accelerators() {
        return ImmutableList.copyOf(accelerators.values());
    }
}
