package io.llmsizing.cli;

import io.llmsizing.engine.EngineProfile;
import io.llmsizing.engine.Engines;
import java.util.Locale;

/** An engine in one word: {@code NAME} or {@code NAME:VERSION}, of what {@code --engine} and {@code --engine-version} take. */
final class EngineName {
    private EngineName() {}

    /** Whether a word begins with the name of an engine. */
    static boolean isOne(String word) {
        int colon = word.indexOf(':');
        String name = colon < 0 ? word : word.substring(0, colon);
        return Engines.names().contains(name.strip().toLowerCase(Locale.ROOT));
    }

    static EngineProfile parse(String word) {
        int colon = word.indexOf(':');
        if (colon == word.length() - 1) {
            throw new IllegalArgumentException(
                    "'" + word + "' has no version behind the colon; write NAME or NAME:VERSION, such as vllm:0.19");
        }
        return colon < 0 ? Engines.named(word, "") : Engines.named(word.substring(0, colon), word.substring(colon + 1));
    }
}
