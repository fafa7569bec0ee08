package io.llmsizing.catalog;

import io.llmsizing.document.CsvTable;
import io.llmsizing.document.JsonObject;
import io.llmsizing.document.JsonReader;
import io.llmsizing.document.MalformedFileException;
import io.llmsizing.model.Model;
import io.llmsizing.model.ModelBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The models of one directory: {@code index.csv} says which file holds which model under which names, and a file is read
 * when one of its models is first asked for. A file holds a list of {@code models}, or one entry by itself.
 */
final class ModelShelf {
    private static final List<String> COLUMNS = List.of("id", "aliases", "file");

    /** Opens a file of the directory. */
    interface Directory {
        InputStream open(String file) throws IOException;
    }

    private final String name;
    private final Directory directory;
    private final Map<String, String> fileOfId = new LinkedHashMap<>();
    private final Map<String, List<String>> aliasesOfId = new LinkedHashMap<>();
    private final Map<String, Map<String, JsonObject>> files = new ConcurrentHashMap<>();

    ModelShelf(String name, Directory directory) {
        this.name = name;
        this.directory = directory;
        try (InputStream bytes = directory.open("index.csv")) {
            for (CsvTable.Row row :
                    CsvTable.read(bytes, name + "/index.csv", COLUMNS).rows()) {
                String id = row.required("id");
                if (fileOfId.put(id, row.required("file")) != null) {
                    throw row.problem("id", "\"" + id + "\" stands twice");
                }
                aliasesOfId.put(id, row.list("aliases", ';'));
            }
        } catch (IOException unreadable) {
            throw new MalformedFileException(name + "/index.csv", "file", "can't be read: " + unreadable.getMessage());
        }
    }

    Set<String> ids() {
        return fileOfId.keySet();
    }

    List<String> aliases(String id) {
        return aliasesOfId.getOrDefault(id, List.of());
    }

    JsonObject entry(String id) {
        String file = fileOfId.get(id);
        if (file == null) {
            throw new IllegalArgumentException("no model " + id + " in " + name);
        }
        JsonObject entry = files.computeIfAbsent(file, this::read).get(id);
        if (entry == null) {
            throw new MalformedFileException(name + "/index.csv", id, "said to be in " + file + ", but is not there");
        }
        return entry;
    }

    private Map<String, JsonObject> read(String file) {
        try (InputStream bytes = directory.open(file)) {
            Map<String, JsonObject> entries = new LinkedHashMap<>();
            JsonObject content = JsonReader.read(bytes, name + "/" + file);
            if (content.has("id")) {
                return Map.of(content.requiredText("id"), content);
            }
            content.refuseOtherKeysThan(Set.of("models"));
            for (JsonObject entry : content.objects("models")) {
                if (entries.put(entry.requiredText("id"), entry) != null) {
                    throw entry.problem("id", entry.shown("id") + " stands twice");
                }
            }
            return entries;
        } catch (IOException unreadable) {
            throw new MalformedFileException(name + "/" + file, "file", "can't be read: " + unreadable.getMessage());
        }
    }

    /**
     * The model of an entry that borrows the shape of another.
     *
     * @param entry with {@code shape_of}
     * @param shape the model that it is shaped like
     * @return a model of its own name, context, weights and source
     */
    static Model borrowed(JsonObject entry, Model shape) {
        entry.refuseOtherKeysThan(Set.of("id", "shape_of", "context_tokens", "weights", "source", "retrieved"));
        ModelBuilder model = Model.builder(
                        entry.requiredText("id"),
                        shape.hidden(),
                        shape.embedding(),
                        shape.layers(),
                        entry.whole("context_tokens", 1, 1L << 40, shape.contextTokens()))
                .outputNormVectors(shape.outputNormVectors())
                .weights(WeightsJson.read(entry).orElse(shape.weights()))
                .source(entry.requiredText("source"));
        shape.rotaryTable().ifPresent(model::rotaryTable);
        shape.speculativeHead().ifPresent(model::speculativeHead);
        shape.visionTower().ifPresent(model::visionTower);
        return model.build();
    }
}
