package io.llmsizing.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An output kept under {@code src/test/resources/golden}, compared byte for byte. To take the new output for right, run
 * the test with {@code -Dgolden.update=true} and read the difference before it is committed.
 */
final class GoldenFile {
    private static final Path FOLDER = Path.of("src", "test", "resources", "golden");

    private GoldenFile() {}

    static void holds(String name, String output) {
        try {
            if (Boolean.getBoolean("golden.update")) {
                Files.createDirectories(FOLDER);
                Files.writeString(FOLDER.resolve(name), output);
            } else {
                assertThat(output).as(name).isEqualTo(kept(name));
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static String kept(String name) throws IOException {
        try (InputStream bytes = GoldenFile.class.getResourceAsStream("/golden/" + name)) {
            assertThat(bytes)
                    .as("no golden file %s: run with -Dgolden.update=true", name)
                    .isNotNull();
            return new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
