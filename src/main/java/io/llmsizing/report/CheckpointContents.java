package io.llmsizing.report;

import com.google.common.collect.ImmutableList;
import io.llmsizing.checkpoint.Checkpoint;
import io.llmsizing.checkpoint.CheckpointReading;
import io.llmsizing.checkpoint.StoredTensor;
import io.llmsizing.document.MalformedFileException;
import io.llmsizing.model.Model;
import io.llmsizing.model.TensorBlock;
import io.llmsizing.quantization.BlockFormat;
import io.llmsizing.reader.UnsupportedArchitectureException;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a checkpoint holds: its tensors by role and format, or by type alone where its config can't be read. */
public final class CheckpointContents {
    private final Checkpoint checkpoint;
    private final Optional<CheckpointReading> reading;
    private final String whyNoModel;
    private final List<Share> shares;

    private CheckpointContents(Checkpoint checkpoint, Optional<CheckpointReading> reading, String whyNoModel) {
        this.checkpoint = checkpoint;
        this.reading = reading;
        this.whyNoModel = whyNoModel;
        this.shares = ImmutableList.copyOf(
                reading.map(joined -> byRole(joined.model())).orElseGet(() -> byType(checkpoint)));
    }

    /**
     * Tensors of one role in one format.
     *
     * @param role what they do; nothing where it is not known
     * @param format its name
     * @param tensors how many there are
     * @param elements parameters where the role is known, and stored elements otherwise
     * @param bytes of all of them
     */
    public record Share(Optional<TensorRole> role, String format, long tensors, long elements, long bytes) {
        private Share plus(Share other) {
            return new Share(
                    role,
                    format,
                    Math.addExact(tensors, other.tensors),
                    Math.addExact(elements, other.elements),
                    Math.addExact(bytes, other.bytes));
        }
    }

    /**
     * Joins a checkpoint with its config.
     *
     * @param checkpoint the checkpoint
     * @return its contents; a config that is absent, wrong or not known does not hide the tensors
     */
    public static CheckpointContents of(Checkpoint checkpoint) {
        try {
            return new CheckpointContents(checkpoint, Optional.of(checkpoint.reading()), "");
        } catch (MalformedFileException | UnsupportedArchitectureException refused) {
            return new CheckpointContents(checkpoint, Optional.empty(), String.valueOf(refused.getMessage()));
        }
    }

    private static List<Share> byRole(Model model) {
        Map<TensorRole, Map<String, Share>> shares = new TreeMap<>();
        for (TensorBlock block : model.blocks()) {
            for (WeightTensor tensor : block.tensors()) {
                BlockFormat format = model.weights().formatOf(block.name(), tensor);
                long copies = Math.multiplyExact((long) block.count(), tensor.count());
                long bytes = Math.multiplyExact(copies, format.bytes(tensor.rows(), tensor.columns()));
                if (bytes > 0) {
                    long elements = Math.multiplyExact((long) block.count(), tensor.elements());
                    shares.computeIfAbsent(tensor.role(), role -> new LinkedHashMap<>())
                            .merge(
                                    format.name(),
                                    new Share(Optional.of(tensor.role()), format.name(), copies, elements, bytes),
                                    Share::plus);
                }
            }
        }
        List<Share> all = new ArrayList<>();
        shares.values().forEach(formats -> all.addAll(formats.values()));
        return all;
    }

    private static List<Share> byType(Checkpoint checkpoint) {
        Map<String, Share> shares = new LinkedHashMap<>();
        for (StoredTensor tensor : checkpoint.tensors()) {
            String type = tensor.type().name();
            shares.merge(type, new Share(Optional.empty(), type, 1, tensor.elements(), tensor.bytes()), Share::plus);
        }
        return new ArrayList<>(shares.values());
    }

    /**
     * The checkpoint.
     *
     * @return what was looked at
     */
    public Checkpoint checkpoint() {
        return checkpoint;
    }

    /**
     * The checkpoint joined with its config.
     *
     * @return nothing where the config can't be read
     */
    public Optional<CheckpointReading> reading() {
        return reading;
    }

    /**
     * Why there is no model.
     *
     * @return the reason, empty where there is one
     */
    public String whyNoModel() {
        return whyNoModel;
    }

    /**
     * The tensors by role and format.
     *
     * @return in the order of the roles, and of the formats' first tensors
     */
    public List<Share> shares() {
        return shares;
    }

    /**
     * Parameters that the checkpoint may hold: those of the language model, of multi-token prediction and of towers,
     * without copies.
     *
     * @return the number, nothing where there is no model
     */
    public Optional<Long> parameters() {
        return reading.map(CheckpointReading::model)
                .map(Model::parameters)
                .map(count -> Math.addExact(count.total(), Math.addExact(count.speculative(), count.vision())));
    }
}
