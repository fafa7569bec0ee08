package io.llmsizing.reader;

import java.util.List;

/** The class that a config is built as, which decides what stands on top of the layers. */
final class ModelClass {
    private ModelClass() {}

    /**
     * The first of {@code architectures}.
     *
     * @param otherwise the class that the transformers library builds where none is stated: its language model with a
     *     decoder's head, else its encoder-decoder, else the bare one
     */
    static String of(Config config, String otherwise) {
        List<String> stated = config.texts("architectures");
        if (stated.isEmpty()) {
            config.assumeAbsent("architectures", otherwise, "the class that the transformers library builds");
            return otherwise;
        }
        return stated.get(0);
    }

    static UnsupportedArchitectureException unsupported(Config config, String name, String known) {
        return new UnsupportedArchitectureException(
                config.file() + ": architectures", name + " is not known for " + config.type() + "; known: " + known);
    }
}
