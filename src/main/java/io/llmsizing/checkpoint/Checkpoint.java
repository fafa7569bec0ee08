package io.llmsizing.checkpoint;

import com.google.common.base.Suppliers;
import com.google.common.collect.ImmutableList;
import io.llmsizing.document.JsonObject;
import io.llmsizing.document.JsonReader;
import io.llmsizing.document.MalformedFileException;
import io.llmsizing.ledger.Assumption;
import io.llmsizing.model.Model;
import io.llmsizing.reader.HuggingFaceReader;
import io.llmsizing.reader.UnsupportedArchitectureException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

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
    private static final int LONGEST_CONFIG = 8 << 20;
    private static final String GGUF = ".gguf";
    private static final String CONFIG = "config.json";
    private static final String QUANTIZATION = "hf_quant_config.json";

    private final String name;
    private final Optional<String> revision;
    private final boolean gguf;
    private final List<String> files;
    private final Map<String, String> leftOut;
    private final List<StoredTensor> tensors;
    private final List<StoredTensor> published;
    private final Supplier<Model> shape;

    private Checkpoint(
            Repository repository,
            CheckpointFiles files,
            List<StoredTensor> tensors,
            List<StoredTensor> published,
            Supplier<Model> shape) {
        this.name = repository.modelName();
        this.revision = repository.revision();
        this.gguf = files.gguf();
        this.files = files.weights();
        this.leftOut = Collections.unmodifiableMap(files.leftOut());
        this.tensors = ImmutableList.copyOf(tensors);
        this.published = ImmutableList.copyOf(published);
        this.shape = Suppliers.memoize(() -> atRevision(shape.get()));
    }

    private Model atRevision(Model described) {
        return revision.map(commit -> described.toBuilder()
                        .assumptions(ImmutableList.<Assumption>builder()
                                .addAll(described.assumptions())
                                .add(new Assumption("revision", "commit " + commit + " of " + name))
                                .build())
                        .build())
                .orElse(described);
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
                || file.endsWith(GGUF);
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
        Path there = folder == null ? Path.of("") : folder;
        String file = String.valueOf(path.getFileName());
        LocalFolder around = file.endsWith(GGUF)
                ? LocalFolder.of(there, file.substring(0, file.length() - GGUF.length()))
                : LocalFolder.of(there);
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
        String name = repository.modelName();
        if (files.gguf()) {
            GgufFile file = gguf(repository, files.weights());
            return new Checkpoint(
                    repository,
                    files,
                    file.tensors(),
                    published(file),
                    () -> GgufConfig.of(file).read(name).model());
        }
        List<StoredTensor> tensors = Headers.read(repository, files.weights());
        Optional<JsonObject> config = json(repository, CONFIG);
        Optional<JsonObject> quantization =
                json(repository, QUANTIZATION).map(beside -> beside.requiredObject("quantization"));
        return new Checkpoint(
                repository,
                files,
                tensors,
                tensors,
                () -> HuggingFaceReader.read(
                                config.orElseThrow(() -> new MalformedFileException(
                                        name, CONFIG, "not there; it says what the tensors mean and what is cached")),
                                name,
                                quantization)
                        .model());
    }

    private static GgufFile gguf(Repository repository, List<String> files) throws IOException {
        List<ByteSource> parts = new ArrayList<>();
        try {
            for (String file : files) {
                parts.add(repository.open(file));
            }
            return GgufSplit.read(parts);
        } finally {
            for (ByteSource part : parts) {
                part.close();
            }
        }
    }

    /** The tensors of a GGUF file under the names that published checkpoints give them. */
    private static List<StoredTensor> published(GgufFile file) {
        String architecture = file.metadata().architecture();
        return file.tensors().stream()
                .map(tensor -> new StoredTensor(
                        GgufNames.published(architecture, tensor.name()).orElse(tensor.name()),
                        tensor.type(),
                        tensor.shape(),
                        tensor.bytes(),
                        tensor.file(),
                        tensor.offset()))
                .collect(Collectors.toList());
    }

    private static Optional<JsonObject> json(Repository repository, String file) throws IOException {
        if (!repository.files().containsKey(file)) {
            return Optional.empty();
        }
        try (ByteSource source = repository.open(file)) {
            if (source.length() > LONGEST_CONFIG) {
                throw new MalformedFileException(
                        source.name(), "length", source.length() + " B; at most " + LONGEST_CONFIG + " B are read");
            }
            byte[] bytes = new byte[(int) source.length()];
            source.read(0, bytes, 0, bytes.length);
            return Optional.of(JsonReader.read(new ByteArrayInputStream(bytes), source.name()));
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
     * The commit that was read.
     *
     * @return its hash, or nothing where the files have no history
     */
    public Optional<String> revision() {
        return revision;
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
     * What the config alone says, or the metadata of a GGUF file.
     *
     * @return the model, its weights in the formats that the config states
     * @throws MalformedFileException if there is no config.json, or something is wrong with it
     * @throws UnsupportedArchitectureException if the architecture or a key is not known
     */
    public Model described() {
        return shape.get();
    }

    /**
     * The model whose weights are this checkpoint's bytes.
     *
     * @return it, with what differs from the config
     * @throws MalformedFileException if there is no config.json, or something is wrong with it
     * @throws UnsupportedArchitectureException if the architecture or a key is not known
     */
    public CheckpointReading reading() {
        return CheckpointJoin.join(described(), published);
    }
}
