package io.llmsizing.checkpoint;

import com.google.common.collect.ImmutableList;
import io.llmsizing.document.JsonObject;
import io.llmsizing.document.JsonReader;
import io.llmsizing.document.MalformedFileException;
import io.llmsizing.model.Model;
import io.llmsizing.reader.HuggingFaceReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A published checkpoint: its tensors as the headers of its files tell them, and the model that its config describes.
 *
 * <pre>{@code
 * Checkpoint checkpoint = Checkpoint.read(Path.of("DeepSeek-V3"));
 * checkpoint.bytes();                       // 688,574,839,360
 * checkpoint.reading().model();             // its weights are those bytes
 * }</pre>
 */
public final class Checkpoint {
    private static final int MOST_TENSORS = 1 << 20;
    private static final String CONFIG = "config.json";
    private static final String QUANTIZATION = "hf_quant_config.json";

    private final String name;
    private final boolean gguf;
    private final List<String> files;
    private final Map<String, String> leftOut;
    private final List<StoredTensor> tensors;
    private final Optional<Model> shape;

    private Checkpoint(String name, CheckpointFiles files, List<StoredTensor> tensors, Optional<Model> shape) {
        this.name = name;
        this.gguf = files.gguf();
        this.files = files.weights();
        this.leftOut = Collections.unmodifiableMap(files.leftOut());
        this.tensors = ImmutableList.copyOf(tensors);
        this.shape = shape;
    }

    /**
     * Whether a path can be read here.
     *
     * @param path of a file or folder
     * @return whether it is a folder, or a file that is called like a checkpoint or its index
     */
    public static boolean isOne(Path path) {
        String file = String.valueOf(path.getFileName());
        return Files.isDirectory(path)
                || file.endsWith(".safetensors")
                || file.endsWith(".safetensors.index.json")
                || file.endsWith(".gguf");
    }

    /**
     * Reads a folder, or one file of it with the parts that belong to it.
     *
     * @param path of the folder, of a safetensors file or the index of several, or of a GGUF file
     * @return the checkpoint
     * @throws MalformedFileException naming the file and the byte, if something is wrong with its header or config
     * @throws IOException if a file can't be read
     */
    public static Checkpoint read(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            return read(LocalFolder.of(path));
        }
        Path folder = path.toAbsolutePath().getParent();
        LocalFolder around = LocalFolder.of(folder == null ? Path.of("") : folder);
        return read(around, CheckpointFiles.with(around, String.valueOf(path.getFileName())));
    }

    /**
     * Reads a repository.
     *
     * @param repository the folder, here or on a Hub
     * @return the checkpoint
     * @throws MalformedFileException naming the file and the byte, if something is wrong with a header or the config
     * @throws IOException if a file can't be read
     */
    public static Checkpoint read(Repository repository) throws IOException {
        return read(repository, CheckpointFiles.in(repository));
    }

    private static Checkpoint read(Repository repository, CheckpointFiles files) throws IOException {
        List<StoredTensor> tensors = new ArrayList<>();
        Map<String, String> fileOf = new HashMap<>();
        for (String file : files.weights()) {
            try (ByteSource source = repository.open(file)) {
                for (StoredTensor tensor : SafetensorsReader.read(source)) {
                    String other = fileOf.put(tensor.name(), file);
                    if (other != null || tensors.size() == MOST_TENSORS) {
                        throw new MalformedFileException(
                                source.name(),
                                tensor.name(),
                                other != null ? "stands in " + other + " too" : "one of more than 2^20 tensors");
                    }
                    tensors.add(tensor);
                }
            }
        }
        return new Checkpoint(repository.modelName(), files, tensors, shape(repository));
    }

    private static Optional<Model> shape(Repository repository) throws IOException {
        if (!repository.files().containsKey(CONFIG)) {
            return Optional.empty();
        }
        Optional<JsonObject> quantization = repository.files().containsKey(QUANTIZATION)
                ? Optional.of(json(repository, QUANTIZATION).requiredObject("quantization"))
                : Optional.empty();
        return Optional.of(HuggingFaceReader.read(json(repository, CONFIG), repository.modelName(), quantization)
                .model());
    }

    private static JsonObject json(Repository repository, String file) throws IOException {
        try (ByteSource source = repository.open(file)) {
            return JsonReader.read(new HeaderInput(source, 0, source.length()), source.name());
        }
    }

    /**
     * The model's name.
     *
     * @return the folder's, or the id on a Hub
     */
    public String name() {
        return name;
    }

    /**
     * The files' format.
     *
     * @return {@code safetensors} or {@code gguf}
     */
    public String format() {
        return gguf ? "gguf" : "safetensors";
    }

    /**
     * The files that were read.
     *
     * @return their paths in the repository, in order
     */
    public List<String> files() {
        return files;
    }

    /**
     * Other files with weights, which engines do not load.
     *
     * @return the reason by the file's path
     */
    public Map<String, String> leftOut() {
        return leftOut;
    }

    /**
     * The tensors.
     *
     * @return in the order of the files and of their bytes
     */
    public List<StoredTensor> tensors() {
        return tensors;
    }

    /**
     * Bytes of all tensors, without the headers.
     *
     * @return the sum, which an index calls its total size
     * @throws ArithmeticException beyond 2^63
     */
    public long bytes() {
        return tensors.stream().mapToLong(StoredTensor::bytes).reduce(0, Math::addExact);
    }

    /**
     * Elements that are stored, scales and packed words among them: what a Hub shows as the number of parameters.
     *
     * @return the sum
     * @throws ArithmeticException beyond 2^63
     */
    public long elements() {
        return tensors.stream().mapToLong(StoredTensor::elements).reduce(0, Math::addExact);
    }

    /**
     * What the config alone says.
     *
     * @return the model, its weights in the formats that the config states; nothing where there is no config.json
     */
    public Optional<Model> shape() {
        return shape;
    }

    /**
     * What the config alone says, for those who need it.
     *
     * @return the model
     * @throws MalformedFileException if there is no config.json
     */
    public Model described() {
        return shape.orElseThrow(() -> new MalformedFileException(
                name, CONFIG, "not there; it says what the tensors mean and what is cached"));
    }

    /**
     * The model whose weights are this checkpoint's bytes.
     *
     * @return it, with what differs from the config
     * @throws MalformedFileException if there is no config.json
     */
    public CheckpointReading reading() {
        return CheckpointJoin.join(described(), tensors);
    }
}
