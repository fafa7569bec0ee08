package io.llmsizing.engine;

import com.google.common.base.Ascii;
import com.google.common.base.CharMatcher;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How engines are called: by letters and digits alone, so that {@code tensorrt_llm} and {@code llamacpp} are names too. */
final class EngineNames {
    static final List<String> KNOWN =
            ImmutableList.of("none", "vllm", "llama.cpp", "sglang", "tensorrt-llm", "transformers");

    private static final CharMatcher SAID = CharMatcher.inRange('a', 'z').or(CharMatcher.inRange('0', '9'));
    private static final Map<String, String> SHORT = ImmutableMap.of("trtllm", "tensorrt-llm", "hf", "transformers");
    private static final Map<String, String> BY_KEY = ImmutableMap.<String, String>builder()
            .putAll(Maps.uniqueIndex(KNOWN, EngineNames::key))
            .putAll(SHORT)
            .buildOrThrow();

    /** Servers that run an engine that is known; they set it as they like. */
    private static final Map<String, String> BUILT_ON = ImmutableMap.of("ollama", "llama.cpp", "lmstudio", "llama.cpp");

    private EngineNames() {}

    private static String key(String name) {
        return SAID.retainFrom(Ascii.toLowerCase(name));
    }

    /** The name that is meant, of {@link #KNOWN}. */
    static Optional<String> meant(String name) {
        return Optional.ofNullable(BY_KEY.get(key(name)));
    }

    static IllegalArgumentException unknown(String name) {
        String engine = BUILT_ON.get(key(name));
        return new IllegalArgumentException("'" + name + "' is not an engine that is known here; known: "
                + String.join(", ", KNOWN)
                + (engine == null ? "" : "; " + name.strip() + " runs on " + engine + ", whose facts may do"));
    }
}
