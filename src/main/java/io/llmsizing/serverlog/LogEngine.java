package io.llmsizing.serverlog;

/** The engines whose logs are read. */
public enum LogEngine {
    /** vLLM: its GB are GiB. */
    VLLM("vllm", "GiB"),
    /** SGLang: its GB are GiB. */
    SGLANG("sglang", "GiB"),
    /** llama.cpp, its server and ollama: MiB. */
    LLAMA_CPP("llama.cpp", "MiB");

    private final String id;
    private final String usualUnit;

    LogEngine(String id, String usualUnit) {
        this.id = id;
        this.usualUnit = usualUnit;
    }

    /**
     * The engine's name, as profiles of engines have it.
     *
     * @return such as {@code llama.cpp}
     */
    public String id() {
        return id;
    }

    /** The unit of sizes that stand without one. */
    String usualUnit() {
        return usualUnit;
    }

    static LogEngine named(String id) {
        for (LogEngine engine : values()) {
            if (engine.id.equals(id)) {
                return engine;
            }
        }
        throw new IllegalArgumentException("no logs of '" + id + "' are read");
    }
}
