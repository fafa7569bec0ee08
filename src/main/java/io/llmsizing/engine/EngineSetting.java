package io.llmsizing.engine;

/** What a user may set of an engine beside formats and layout. Engines differ in which of these they have. */
public enum EngineSetting {
    /** The share of each device that it takes. */
    MEMORY_FRACTION("memory fraction", "leave it out, or say in the cluster what may be used, such as 8xH200 (90%)"),
    /** Tokens that one step processes at most. */
    BATCHED_TOKENS("batched tokens", "leave them out"),
    /** Sequences that one step processes at most. */
    MAX_SEQUENCES("sequences in a step", "leave them out"),
    /** Running without captured graphs. */
    EAGER("eager", "leave it out"),
    /** Drafting with the model's own multi-token prediction. */
    SPECULATIVE("speculative tokens", "leave them out");

    private final String title;
    private final String wayOut;

    EngineSetting(String title, String wayOut) {
        this.title = title;
        this.wayOut = wayOut;
    }

    /**
     * The setting for people.
     *
     * @return such as {@code memory fraction}
     */
    public String title() {
        return title;
    }

    /**
     * What to do where an engine has no such setting.
     *
     * @return such as {@code leave it out}
     */
    public String wayOut() {
        return wayOut;
    }
}
