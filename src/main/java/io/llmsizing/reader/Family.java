package io.llmsizing.reader;

import io.llmsizing.model.ModelBuilder;
import java.util.Set;

/** Models of one lineage: what their config.json means. */
interface Family {
    /** The {@code model_type} values that it reads. */
    Set<String> modelTypes();

    /**
     * The model without name, weights, source and assumptions, which are read for all families alike.
     *
     * @param config the keys
     * @param name the model's name
     * @return a builder with the shape
     */
    ModelBuilder read(Config config, String name);
}
