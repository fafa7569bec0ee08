package io.llmsizing.engine;

import java.util.Locale;

/** What some engines can do, by version, and others can't. */
public enum EngineFeature {
    /** Sequences that begin with the same tokens hold full pages of these together. */
    SHARED_PREFIX,
    /** The cached tokens of a sequence are spread over tensor ranks while it is decoded. */
    CONTEXT_PARALLEL,
    /** Copies of experts are dealt out beside the experts. */
    REDUNDANT_EXPERTS,
    /** Room for LoRA adapters beside the linear layers is set aside when the engine starts. */
    LORA_SLOTS,
    /** Routed experts have such room too. */
    LORA_EXPERTS,
    /** A second, whole model drafts on the ranks of the last stage. */
    DRAFT_MODEL;

    /** The name of the fact that says since when. */
    String constant() {
        return name().toLowerCase(Locale.ROOT);
    }
}
