package io.llmsizing.reader;

import io.llmsizing.model.ModelBuilder;
import io.llmsizing.tensor.TensorInventory;
import io.llmsizing.tensor.TensorRole;
import java.util.Set;

/** Models of one lineage: what their config.json means. */
interface Family {
    /** The architectures that it reads, by their {@code model_type}. */
    Set<String> modelTypes();

    /**
     * The model without weights, source and assumptions, which are read for all families alike.
     *
     * @param config the keys; {@link Config#type} is one of {@link #modelTypes}
     * @param name the model's name
     * @return a builder with the shape
     */
    ModelBuilder read(Config config, String name);

    /**
     * What the class that a config names has on top of the layers: a decoder's head, or none where it only
     * embeds. Families whose classes have other heads say so themselves.
     *
     * @param config the keys
     * @param architecture the class
     * @param model the builder that {@link #read} gave
     */
    default void readHead(Config config, String architecture, ModelBuilder model) {
        if (architecture.endsWith("ForCausalLM")
                || architecture.endsWith("LMHeadModel")
                || architecture.endsWith("CausalLM")
                || architecture.endsWith("ForConditionalGeneration")) {
            return;
        }
        if (architecture.endsWith("ForSequenceClassification")) {
            model.withoutHead();
            model.embedding(model.embedding()
                    .behind(TensorInventory.of(TensorRole.OUTPUT_HEAD)
                            .linear("score", EncoderHead.labels(config), model.hidden(), false)
                            .tensors()));
            return;
        }
        if (!architecture.endsWith("Model")) {
            throw new UnsupportedArchitectureException(
                    config.file() + ": architectures",
                    architecture + ": known are language models, whose classes end in ForCausalLM, LMHeadModel or"
                            + " ForConditionalGeneration, rerankers and reward models, whose classes end in"
                            + " ForSequenceClassification, and bare ones, which end in Model");
        }
        model.withoutHead();
    }
}
