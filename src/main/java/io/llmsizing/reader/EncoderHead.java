package io.llmsizing.reader;

/** What a class has on top of an encoder. */
enum EncoderHead {
    /** Nothing but what it pools with: {@code BertModel}. */
    NONE,
    /** A transform and then the vocabulary: {@code BertForMaskedLM}. */
    LANGUAGE,
    /** A score for each label: {@code BertForSequenceClassification}, a reranker. */
    LABELS;

    private static final long USUAL_LABELS = 2;

    /**
     * What the config's class has.
     *
     * @param otherwise what the class has that the transformers library builds where none is stated
     */
    static EncoderHead of(Config config, EncoderHead otherwise) {
        String name = ModelClass.of(config, otherwise == LANGUAGE ? "its LMHeadModel" : "its bare Model");
        if (name.endsWith("ForMaskedLM")
                || name.endsWith("ForCausalLM")
                || name.endsWith("LMHeadModel")
                || name.endsWith("LMHead")) {
            return LANGUAGE;
        }
        if (name.endsWith("ForSequenceClassification")) {
            return LABELS;
        }
        if (name.endsWith("Model") || name.endsWith("LoRA")) {
            return NONE;
        }
        throw ModelClass.unsupported(
                config, name, "classes that end in Model, ForMaskedLM, ForCausalLM or ForSequenceClassification");
    }

    /** The labels of a classifier. */
    static long labels(Config config) {
        return config.object("id2label")
                .map(labels -> (long) labels.keys().size())
                .orElseGet(() -> config.size("num_labels", USUAL_LABELS, "the default of every configuration class"));
    }
}
