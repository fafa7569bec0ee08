package io.llmsizing.checkpoint;

import io.llmsizing.document.JsonObject;
import io.llmsizing.document.JsonReader;
import io.llmsizing.quantization.Formats;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The metadata that llama.cpp's converters ({@code conversion/*.py}, 2026) write for a model of the catalogue, worked out from
 * its published config.json, and those tensors that say what metadata does not.
 */
record PublishedMetadata(String model, String architecture, JsonObject keys, List<String> tensors) {
    static Stream<PublishedMetadata> all() throws IOException {
        List<PublishedMetadata> all = new ArrayList<>();
        try (InputStream bytes = PublishedMetadata.class.getResourceAsStream("gguf-metadata.jsonl")) {
            String text = new String(Objects.requireNonNull(bytes).readAllBytes(), StandardCharsets.UTF_8);
            text.lines().forEach(line -> {
                JsonObject object = JsonReader.read(line, "gguf-metadata.jsonl");
                all.add(new PublishedMetadata(
                        object.requiredText("model"),
                        object.requiredText("architecture"),
                        object.requiredObject("keys"),
                        object.texts("tensors")));
            });
        }
        return all.stream();
    }

    static PublishedMetadata of(String model) throws IOException {
        return all().filter(line -> line.model().equals(model)).findFirst().orElseThrow();
    }

    GgufWriter writer() {
        GgufWriter writer = GgufWriter.ofArchitecture(architecture);
        for (String key : keys.keys()) {
            String whole = architecture + "." + key;
            if (keys.isList(key)) {
                List<?> items = keys.items(key);
                if (items.get(0) instanceof Boolean) {
                    writer.flags(whole, items.stream().map(Boolean.class::cast).toList());
                } else {
                    writer.wholes(whole, keys.wholes(key, 0, 1L << 40));
                }
                continue;
            }
            switch (keys.shown(key)) {
                case "true", "false" -> writer.flag(whole, keys.flag(key, false));
                default -> {
                    if (keys.shown(key).startsWith("\"")) {
                        writer.text(whole, keys.requiredText(key));
                    } else {
                        writer.whole(whole, keys.whole(key, 0, 1L << 40));
                    }
                }
            }
        }
        for (String tensor : tensors) {
            String[] parts = tensor.split(" ", -1);
            long[] shape = Stream.of(parts).skip(1).mapToLong(Long::parseLong).toArray();
            writer.tensor(parts[0], Formats.BF16, shape);
        }
        return writer;
    }

    GgufFile file() throws IOException {
        return GgufReader.read(writer().file());
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s as %s", model, architecture);
    }
}
