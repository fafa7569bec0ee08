package io.llmsizing.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.document.JsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigClassTest {
    @ParameterizedTest
    @ValueSource(strings = {"clip_vision_model", "siglip_vision_model", "pixtral", "llava", "vq_16"})
    void theTableHasTheClass(String type) {
        assertThat(ConfigClass.isKnown(type)).isTrue();
    }

    @Test
    void aClassThatIsNotKnownHasTheKeysOfAll() {
        assertThat(ConfigClass.isKnown("unknown")).isFalse();
        assertThat(ConfigClass.of("unknown").type()).isEqualTo("unknown");
        assertThat(ConfigClass.of("unknown").names())
                .isEqualTo(ConfigClass.of("any").names())
                .contains("vocab_size");
    }

    @Test
    void aKeyMayHaveOtherNames() {
        assertThat(ConfigClass.of("voxtral_encoder").namesOf("d_model")).containsExactly("d_model", "hidden_size");
        assertThat(ConfigClass.of("voxtral_encoder").names()).contains("d_model", "hidden_size", "vocab_size");
        assertThat(ConfigClass.of("pixtral").namesOf("hidden_size")).containsExactly("hidden_size");
    }

    @Test
    void everyPartThatIsNoLanguageModelIsKnown() throws IOException {
        try (InputStream bytes = Objects.requireNonNull(ConfigClass.class.getResourceAsStream("towers.jsonl"))) {
            new String(bytes.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> JsonReader.read(line, "towers.jsonl"))
                    .flatMap(line -> line.object("parts").stream())
                    .forEach(parts -> parts.keys().stream()
                            .filter(key -> !Set.of("text_config", "llm_config", "language_config")
                                    .contains(key))
                            .map(key -> parts.requiredObject(key).requiredText("type"))
                            .forEach(type -> assertThat(ConfigClass.isKnown(type))
                                    .as(type)
                                    .isTrue()));
        }
    }
}
