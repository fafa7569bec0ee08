package io.llmsizing.model;

import com.google.common.collect.ImmutableList;
import io.llmsizing.ledger.Assumption;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.quantization.WeightSchemes;
import java.util.List;
import java.util.Optional;

/** Collects what a model is made of. */
public final class ModelBuilder {
    final String name;
    final long hidden;
    Embedding embedding;
    LayerStack layers;
    final long contextTokens;
    int outputNormVectors = 1;
    Optional<SpeculativeHead> speculativeHead = Optional.empty();
    Optional<VisionTower> visionTower = Optional.empty();
    Optional<RotaryTable> rotaryTable = Optional.empty();
    WeightScheme weights = WeightSchemes.BF16;
    String source = "";
    List<Assumption> assumptions = ImmutableList.of();

    ModelBuilder(String name, long hidden, Embedding embedding, LayerStack layers, long contextTokens) {
        this.name = name;
        this.hidden = hidden;
        this.embedding = embedding;
        this.layers = layers;
        this.contextTokens = contextTokens;
    }

    /**
     * A model that only embeds: there is no output head.
     *
     * @return this builder
     */
    public ModelBuilder withoutHead() {
        this.embedding = embedding.withoutHead();
        return this;
    }

    /**
     * Embedding and head, where they turn out otherwise than thought at first.
     *
     * @param changed embedding and head
     * @return this builder
     */
    public ModelBuilder embedding(Embedding changed) {
        this.embedding = changed;
        return this;
    }

    /**
     * Embedding and head so far.
     *
     * @return their shape
     */
    public Embedding embedding() {
        return embedding;
    }

    /**
     * The layers, where they turn out otherwise than thought at first.
     *
     * @param stack from the bottom up
     * @return this builder
     */
    public ModelBuilder layers(LayerStack stack) {
        this.layers = stack;
        return this;
    }

    /**
     * The layers so far.
     *
     * @return from the bottom up
     */
    public LayerStack layers() {
        return layers;
    }

    /**
     * The width of the stream.
     *
     * @return elements
     */
    public long hidden() {
        return hidden;
    }

    /**
     * The norm in front of the head.
     *
     * @param vectors 1 for an RMS norm, 2 for a layer norm, 0 for none
     * @return this builder
     */
    public ModelBuilder outputNormVectors(int vectors) {
        this.outputNormVectors = vectors;
        return this;
    }

    /**
     * Multi-token prediction.
     *
     * @param head the head
     * @return this builder
     */
    public ModelBuilder speculativeHead(SpeculativeHead head) {
        this.speculativeHead = Optional.of(head);
        return this;
    }

    /**
     * The vision encoder.
     *
     * @param tower the tower
     * @return this builder
     */
    public ModelBuilder visionTower(VisionTower tower) {
        this.visionTower = Optional.of(tower);
        return this;
    }

    /**
     * Rotary positions.
     *
     * @param table the table that engines keep
     * @return this builder
     */
    public ModelBuilder rotaryTable(RotaryTable table) {
        this.rotaryTable = Optional.of(table);
        return this;
    }

    /**
     * How the published checkpoint stores the weights.
     *
     * @param scheme the scheme
     * @return this builder
     */
    public ModelBuilder weights(WeightScheme scheme) {
        this.weights = scheme;
        return this;
    }

    /**
     * Where the shape comes from.
     *
     * @param citation for people
     * @return this builder
     */
    public ModelBuilder source(String citation) {
        this.source = citation;
        return this;
    }

    /**
     * What was taken for granted.
     *
     * @param taken the assumptions
     * @return this builder
     */
    public ModelBuilder assumptions(List<Assumption> taken) {
        this.assumptions = ImmutableList.copyOf(taken);
        return this;
    }

    /**
     * The model.
     *
     * @return an immutable model
     * @throws IllegalArgumentException naming the value out of range
     * @throws ArithmeticException if the parameters are beyond 2^63
     */
    public Model build() {
        return new Model(this);
    }
}
