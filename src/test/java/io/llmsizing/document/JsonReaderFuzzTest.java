package io.llmsizing.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class JsonReaderFuzzTest {
    private static final String CONFIG = """
            {
              "architectures": ["DeepseekV3ForCausalLM"],
              "hidden_size": 7168,
              "n_routed_experts": 256,
              "rope_scaling": {"type": "yarn", "factor": 40, "mscale": 1.0},
              "rms_norm_eps": 1e-06,
              "tie_word_embeddings": false,
              "head_dim": null,
              "quantization_config": {"weight_block_size": [128, 128], "fmt": "e4m3"}
            }
            """;

    private static final String TOKENS = "{}[]\",:\\ntrue-+.eE0123456789\u0000\u00d7\ud83d\ude00\ufeff/*'NaNInfinity";

    /** Asks for everything that the document may hold, as a reader of configurations does. */
    private static void readAll(JsonObject object) {
        for (String key : object.keys()) {
            attempt(() -> object.whole(key, Long.MIN_VALUE, Long.MAX_VALUE));
            attempt(() -> object.requiredText(key));
            attempt(() -> object.decimal(key));
            attempt(() -> object.flag(key, true));
            attempt(() -> readAll(object.requiredObject(key)));
            attempt(() -> object.objects(key).forEach(JsonReaderFuzzTest::readAll));
            attempt(() -> object.texts(key));
            attempt(() -> object.wholes(key, 0, 1 << 20));
            assertThat(object.shown(key).length()).isLessThanOrEqualTo(80);
        }
    }

    private static void attempt(Runnable reading) {
        try {
            reading.run();
        } catch (MalformedFileException expected) {
            assertThat(expected).hasMessageContaining("fuzz.json");
        }
    }

    private static String mutated(String text, Random random) {
        StringBuilder mutated = new StringBuilder(text);
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(mutated.length());
            char token = TOKENS.charAt(random.nextInt(TOKENS.length()));
            switch (random.nextInt(4)) {
                case 0 -> mutated.setCharAt(at, token);
                case 1 -> mutated.insert(at, String.valueOf(token).repeat(1 + random.nextInt(2000)));
                case 2 -> mutated.delete(at, Math.min(mutated.length(), at + 1 + random.nextInt(20)));
                default -> mutated.insert(at, mutated.substring(random.nextInt(mutated.length())));
            }
            if (mutated.isEmpty()) {
                mutated.append(token);
            }
        }
        return mutated.toString();
    }

    @Test
    void everyTruncationIsRefusedOrRead() {
        for (int end = 0; end < CONFIG.length(); end++) {
            String cut = CONFIG.substring(0, end);
            attempt(() -> readAll(JsonReader.read(cut, "fuzz.json")));
        }
    }

    @Property(tries = 20_000)
    void aMutatedTextIsRefusedOrRead(@ForAll long seed) {
        String text = mutated(CONFIG, new Random(seed));
        attempt(() -> readAll(JsonReader.read(text, "fuzz.json")));
    }

    @Provide
    Arbitrary<Charset> encodings() {
        return Arbitraries.of("UTF-8", "UTF-16BE", "UTF-16LE", "UTF-32BE", "UTF-32LE")
                .map(Charset::forName);
    }

    @Property(tries = 10_000)
    void mutatedBytesOfAnyEncodingAreRefusedOrRead(
            @ForAll("encodings") Charset encoding, @ForAll long seed, @ForAll @IntRange(min = 1, max = 8) int changes) {
        byte[] bytes = CONFIG.getBytes(encoding);
        Random random = new Random(seed);
        for (int i = 0; i < changes; i++) {
            // One in four falls on the first bytes, which tell the encoding.
            int at = random.nextInt(4) == 0 ? random.nextInt(4) : random.nextInt(bytes.length);
            bytes[at] = (byte) random.nextInt(256);
        }
        int length = random.nextInt(4) == 0 ? random.nextInt(bytes.length) : bytes.length;
        attempt(() -> readAll(JsonReader.read(new ByteArrayInputStream(bytes, 0, length), "fuzz.json")));
    }

    @Test
    void hostileDocumentsAreRefusedWithinSeconds() {
        String[] hostile = {
            "{\"k\":".repeat(1_000_000),
            "{\"k\":" + "[".repeat(1_000_000),
            "{\"k\": " + "9".repeat(5_000_000) + "}",
            "{\"k\": 0." + "0".repeat(5_000_000) + "1}",
            "{\"k\": \"" + "x".repeat(20_000_000),
            "{\"" + "k".repeat(20_000_000),
            "{\"k\": " + " ".repeat(20_000_000),
        };
        for (String text : hostile) {
            Assertions.assertTimeoutPreemptively(
                    Duration.ofSeconds(10),
                    () -> Assertions.assertThrows(
                            MalformedFileException.class, () -> JsonReader.read(text, "fuzz.json")));
        }
    }

    @Test
    void hugeExponentsAreNeverExpanded() {
        for (String number : new String[] {"1e999999999", "-1e999999999", "1e-999999999", "9.9e2147483640"}) {
            JsonObject object = JsonReader.read("{\"k\": " + number + "}", "fuzz.json");
            Assertions.assertTimeoutPreemptively(Duration.ofSeconds(2), () -> readAll(object));
        }
    }
}
