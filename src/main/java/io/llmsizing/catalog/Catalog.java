package io.llmsizing.catalog;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.llmsizing.document.JsonObject;
import io.llmsizing.document.MalformedFileException;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.HardwareNames;
import io.llmsizing.hardware.Node;
import io.llmsizing.hardware.NodeType;
import io.llmsizing.hardware.Partition;
import io.llmsizing.hardware.Reading;
import io.llmsizing.model.Model;
import io.llmsizing.units.ByteSize;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Models and accelerators by name. {@link #bundled} holds what comes with the library; {@link #overlaidBy} puts a
 * directory of the user's own on top. Models are read when they are first asked for. Thread-safe.
 */
public final class Catalog implements HardwareNames {
    private static final int DEEPEST_BORROWING = 4;
    private static final List<String> HARDWARE_TABLES = List.of("accelerators.csv", "nodes.csv", "mig-profiles.csv");

    private final Map<String, HardwareShelf.Directory> hardwareDirectories;
    private final HardwareShelf hardware;
    private final List<ModelShelf> shelves;
    private final NameIndex modelNames = new NameIndex("model", List.of(NameIndex::caseFolded));
    private final Map<String, Model> models = new ConcurrentHashMap<>();

    private Catalog(Map<String, HardwareShelf.Directory> hardwareDirectories, List<ModelShelf> shelves) {
        this.hardwareDirectories = hardwareDirectories;
        this.hardware = new HardwareShelf(hardwareDirectories);
        this.shelves = ImmutableList.copyOf(shelves);
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
                ImmutableMap.of("", Catalog.class::getResourceAsStream),
                List.of(new ModelShelf("models", file -> resource("models/" + file))));
    }

    private static InputStream resource(String file) {
        return Objects.requireNonNull(Catalog.class.getResourceAsStream(file), file);
    }

    /**
     * This catalogue under a user's own: {@code accelerators.csv}, {@code nodes.csv}, {@code mig-profiles.csv}, their
     * {@code readings.csv} and {@code node-readings.csv}, and {@code models/index.csv} with its files, each as documented
     * beside the bundled ones and each optional. An entry with a known id replaces that one.
     *
     * @param directory where the files are
     * @return the combined catalogue
     * @throws MalformedFileException naming file, line, column and value of what can't be read, or the directory if it
     *     holds neither
     */
    public Catalog overlaidBy(Path directory) {
        Path models = directory.resolve("models");
        boolean knowsModels = Files.isRegularFile(models.resolve("index.csv"));
        if (!knowsModels
                && HARDWARE_TABLES.stream().noneMatch(table -> Files.isRegularFile(directory.resolve(table)))) {
            throw new MalformedFileException(
                    directory.toString(),
                    "directory",
                    "holds none of " + String.join(", ", HARDWARE_TABLES) + " and models/index.csv");
        }
        Map<String, HardwareShelf.Directory> tables = ImmutableMap.<String, HardwareShelf.Directory>builder()
                .putAll(hardwareDirectories)
                .put(directory.toString(), file -> opened(directory.resolve(file)))
                .buildKeepingLast();
        List<ModelShelf> combinedShelves = new ArrayList<>();
        if (knowsModels) {
            combinedShelves.add(new ModelShelf(models.toString(), file -> Files.newInputStream(models.resolve(file))));
        }
        combinedShelves.addAll(shelves);
        return new Catalog(tables, combinedShelves);
    }

    private static @Nullable InputStream opened(Path file) throws IOException {
        return Files.isRegularFile(file) ? Files.newInputStream(file) : null;
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
     * An accelerator by its id, name, alias or what its driver prints; letter case, blanks, hyphens and underscores do not
     * matter. A name with its memory, such as {@code RTX 3080 10GB}, tells cards of one name apart, and {@code H100-SXM MIG
     * 1g.10gb} is a part of a card.
     *
     * @param name such as {@code H200}, {@code rtx3090} or {@code NVIDIA A100-SXM4-80GB}
     * @return the accelerator
     * @throws UnknownNameException with the nearest names, or with all that an ambiguous name may mean
     */
    @Override
    public Accelerator accelerator(String name) {
        return hardware.accelerator(name);
    }

    @Override
    public Accelerator accelerator(String name, ByteSize memory) {
        return hardware.accelerator(name, memory);
    }

    @Override
    public List<Accelerator> candidates(String name) {
        return hardware.candidates(name);
    }

    @Override
    public List<Accelerator> namesakes(String name) {
        return hardware.namesakes(name);
    }

    @Override
    public Optional<Node> node(String name) {
        return hardware.node(name);
    }

    /**
     * All accelerators.
     *
     * @return in the order of the table
     */
    public List<Accelerator> accelerators() {
        return hardware.accelerators();
    }

    /**
     * All types of machines.
     *
     * @return in the order of the table
     */
    public List<NodeType> nodeTypes() {
        return hardware.nodeTypes();
    }

    /**
     * A type of machine by any of its names.
     *
     * @param name such as {@code p5en.48xlarge} or {@code DGX H100}
     * @return the type
     * @throws UnknownNameException with the nearest names, or with all that an ambiguous name may mean
     */
    public NodeType nodeType(String name) {
        return hardware.nodeType(name);
    }

    /**
     * The parts into which a device can be cut.
     *
     * @param accelerator the device
     * @return its MIG profiles, none if it has none
     */
    public List<Partition> partitions(Accelerator accelerator) {
        return hardware.partitions(accelerator);
    }

    /**
     * What sources say about the figures of an accelerator or a type of machine.
     *
     * @param id its id
     * @return what was read, figure by figure, sources that disagree each with theirs; none if the id is unknown
     */
    public List<Reading> readings(String id) {
        return hardware.readings(id);
    }
}
