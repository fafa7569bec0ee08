package io.llmsizing.model;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.llmsizing.ledger.Assumption;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.quantization.WeightSchemes;
import io.llmsizing.tensor.ShardRule;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import java.util.List;
import java.util.Optional;

/**
 * The shape of a language model. Immutable and thread-safe.
 *
 * <p>Worked value: DeepSeek-V3 is 7,168 wide, 129,280 tokens untied, 3 dense layers and 58 with 256 experts under latent
 * attention, and counts 671,026,419,200 parameters.
 */
public final class Model {
    private final String name;
    private final long hidden;
    private final Embedding embedding;
    private final LayerStack layers;
    private final int outputNormVectors;
    private final Optional<SpeculativeHead> speculativeHead;
    private final Optional<VisionTower> visionTower;
    private final Optional<RotaryTable> rotaryTable;
    private final WeightScheme weights;
    private final long contextTokens;
    private final String source;
    private final List<Assumption> assumptions;
    private final List<TensorBlock> blocks;
    private final ParameterCount parameters;
    private final boolean experts;

    Model(ModelBuilder builder) {
        name = builder.name;
        hidden = builder.hidden;
        embedding = builder.embedding;
        layers = builder.layers;
        outputNormVectors = builder.outputNormVectors;
        speculativeHead = builder.speculativeHead;
        visionTower = builder.visionTower;
        rotaryTable = builder.rotaryTable;
        weights = builder.weights;
        contextTokens = builder.contextTokens;
        source = builder.source;
        assumptions = builder.assumptions;
        checkArgument(!name.isBlank(), "a model has a name");
        checkArgument(hidden >= 1 && hidden <= 1 << 20, "model %s is %s wide; 1 to 2^20 allowed", name, hidden);
        checkArgument(
                contextTokens >= 1 && contextTokens <= 1L << 40,
                "model %s has a context of %s tokens; 1 to 2^40 allowed",
                name,
                contextTokens);
        checkArgument(
                outputNormVectors >= 0 && outputNormVectors <= 64,
                "model %s has %s vectors in its last norm; 0 to 64 allowed",
                name,
                outputNormVectors);
        blocks = blocksOf(this);
        parameters = ParameterCount.of(this);
        experts = blocks.stream()
                .flatMap(block -> block.tensors().stream())
                .anyMatch(tensor -> tensor.role() == TensorRole.EXPERT);
    }

    private static List<TensorBlock> blocksOf(Model model) {
        long hidden = model.hidden;
        ImmutableList.Builder<TensorBlock> blocks = ImmutableList.builder();
        model.visionTower.ifPresent(
                tower -> blocks.add(new TensorBlock(TensorBlock.Part.VISION, "vision", 0, 1, tower.tensors())));
        blocks.add(new TensorBlock(
                TensorBlock.Part.EMBEDDING, "embedding", 0, 1, ImmutableList.of(model.embeddingTable())));
        List<WeightTensor> beside = model.beside();
        if (!beside.isEmpty()) {
            blocks.add(new TensorBlock(TensorBlock.Part.POSITIONS, "positions", 0, 1, beside));
        }
        int group = 0;
        for (LayerGroup layer : model.layers.groups()) {
            blocks.add(new TensorBlock(
                    TensorBlock.Part.LAYERS, "layers[" + group + "]", group, layer.count(), layer.tensors(hidden)));
            group++;
        }
        blocks.add(new TensorBlock(TensorBlock.Part.OUTPUT, "output", 0, 1, model.output()));
        model.speculativeHead.ifPresent(head -> {
            blocks.add(new TensorBlock(
                    TensorBlock.Part.SPECULATIVE, "speculative", 0, head.depth(), head.tensors(hidden)));
            if (head.storesEmbeddingCopies()) {
                blocks.add(new TensorBlock(
                        TensorBlock.Part.SPECULATIVE_COPIES,
                        "speculative copies",
                        0,
                        head.depth(),
                        ImmutableList.of(model.embeddingTable(), model.headMatrix())));
            }
        });
        return blocks.build();
    }

    private WeightTensor embeddingTable() {
        return WeightTensor.matrix(
                "embed_tokens.weight",
                TensorRole.EMBEDDING,
                embedding.vocabulary(),
                embeddedWidth(),
                ShardRule.VOCABULARY);
    }

    /** Elements of an embedded token, which is what the head reads too. */
    long embeddedWidth() {
        return embedding.width() > 0 ? embedding.width() : hidden;
    }

    private List<WeightTensor> beside() {
        ImmutableList.Builder<WeightTensor> tensors = ImmutableList.builder();
        if (embedding.positions() > 0) {
            tensors.add(WeightTensor.matrix(
                    "embed_positions.weight",
                    TensorRole.EMBEDDING,
                    embedding.positions(),
                    hidden,
                    ShardRule.REPLICATED));
        }
        if (embedding.normVectors() > 0) {
            tensors.add(WeightTensor.vector("embed_layernorm.weight", TensorRole.NORM, hidden)
                    .times(embedding.normVectors(), embedding.normVectors()));
        }
        tensors.addAll(embedding.beside());
        return tensors.build();
    }

    private WeightTensor headMatrix() {
        return WeightTensor.matrix(
                "lm_head.weight",
                TensorRole.OUTPUT_HEAD,
                embedding.vocabulary(),
                embeddedWidth(),
                ShardRule.VOCABULARY);
    }

    private List<WeightTensor> output() {
        ImmutableList.Builder<WeightTensor> tensors = ImmutableList.builder();
        if (outputNormVectors > 0) {
            tensors.add(WeightTensor.vector("norm.weight", TensorRole.NORM, hidden)
                    .times(outputNormVectors, outputNormVectors));
        }
        tensors.addAll(embedding.behind());
        if (!embedding.tied()) {
            tensors.add(headMatrix());
        }
        if (embedding.headBias()) {
            tensors.add(WeightTensor.matrix(
                    "lm_head.bias", TensorRole.BIAS, embedding.vocabulary(), 1, ShardRule.VOCABULARY));
        }
        return tensors.build();
    }

    /**
     * Starts a model.
     *
     * @param name the id under which it is published, such as {@code deepseek-ai/DeepSeek-V3}
     * @param hidden width of the stream, 1 to 2^20
     * @param embedding the token embedding and head
     * @param layers the layers from the bottom up
     * @param contextTokens the longest sequence it is made for, 1 to 2^40
     * @return a builder with BF16 weights, one output norm vector, no speculative head and no vision tower
     */
    public static ModelBuilder builder(
            String name, long hidden, Embedding embedding, LayerStack layers, long contextTokens) {
        return new ModelBuilder(name, hidden, embedding, layers, contextTokens);
    }

    /**
     * Starts a changed model.
     *
     * @return a builder that holds all that this model is
     */
    public ModelBuilder toBuilder() {
        ModelBuilder builder = new ModelBuilder(name, hidden, embedding, layers, contextTokens);
        builder.outputNormVectors = outputNormVectors;
        builder.speculativeHead = speculativeHead;
        builder.visionTower = visionTower;
        builder.rotaryTable = rotaryTable;
        builder.weights = weights;
        builder.source = source;
        builder.assumptions = assumptions;
        return builder;
    }

    /**
     * Whether tokens are routed to experts.
     *
     * @return whether any tensor is one of a routed expert
     */
    public boolean hasExperts() {
        return experts;
    }

    /**
     * The published id.
     *
     * @return such as {@code deepseek-ai/DeepSeek-V3}
     */
    public String name() {
        return name;
    }

    /**
     * Width of the stream between layers.
     *
     * @return elements
     */
    public long hidden() {
        return hidden;
    }

    /**
     * Embedding and head.
     *
     * @return their shape
     */
    public Embedding embedding() {
        return embedding;
    }

    /**
     * The layers.
     *
     * @return groups and order
     */
    public LayerStack layers() {
        return layers;
    }

    /**
     * Vectors of the norm in front of the head.
     *
     * @return 1 for an RMS norm, 2 for a layer norm
     */
    public int outputNormVectors() {
        return outputNormVectors;
    }

    /**
     * Multi-token prediction.
     *
     * @return the head, if the model has one
     */
    public Optional<SpeculativeHead> speculativeHead() {
        return speculativeHead;
    }

    /**
     * The vision encoder.
     *
     * @return the tower, if the model has one
     */
    public Optional<VisionTower> visionTower() {
        return visionTower;
    }

    /**
     * The rotary table that engines keep.
     *
     * @return the table, if positions are rotary
     */
    public Optional<RotaryTable> rotaryTable() {
        return rotaryTable;
    }

    /**
     * How the published checkpoint stores the weights.
     *
     * @return the scheme
     */
    public WeightScheme weights() {
        return weights;
    }

    /**
     * A way to store the weights by its name, as it is meant of this model: a bare {@code fp8} is the checkpoint's own FP8
     * where it has one.
     *
     * @param name such as {@code bf16}, {@code fp8} or {@code awq}
     * @return the scheme
     * @throws IllegalArgumentException for an unknown name, naming the known ones
     */
    public WeightScheme weightsNamed(String name) {
        return name.equalsIgnoreCase("fp8") && weights.name().startsWith("fp8") ? weights : WeightSchemes.named(name);
    }

    /**
     * The longest sequence the model is made for.
     *
     * @return tokens
     */
    public long contextTokens() {
        return contextTokens;
    }

    /**
     * Where the shape comes from.
     *
     * @return a citation, for people
     */
    public String source() {
        return source;
    }

    /**
     * What a reader took for granted.
     *
     * @return in the order of the file; empty for a catalogue model
     */
    public List<Assumption> assumptions() {
        return assumptions;
    }

    /**
     * All tensors by their place.
     *
     * @return from the bottom up, each kind of layer once
     */
    public List<TensorBlock> blocks() {
        return blocks;
    }

    /**
     * The parameter counts.
     *
     * @return total, active, speculative and vision
     */
    public ParameterCount parameters() {
        return parameters;
    }

    @Override
    public String toString() {
        return name;
    }
}
