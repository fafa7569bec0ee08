package io.llmsizing.inventory;

import static java.util.stream.Collectors.joining;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.Stream;

/** Inventories as tools print them, and readings as people see them. */
final class Samples {
    static final SomeHardware NAMES = new SomeHardware();

    private Samples() {}

    static InventoryReading sample(String file) {
        return InventoryReader.read(new ByteArrayInputStream(bytesOf(file)), file, NAMES);
    }

    static String textOf(String file) {
        return new String(bytesOf(file), StandardCharsets.UTF_8);
    }

    private static byte[] bytesOf(String file) {
        try (InputStream bytes = Objects.requireNonNull(Samples.class.getResourceAsStream(file), file)) {
            return bytes.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static InventoryReading text(String text) {
        return InventoryReader.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "some.txt", NAMES);
    }

    /** A line for each machine, then one for each finding. */
    static String shown(InventoryReading reading) {
        return Stream.concat(
                        reading.inventory().nodes().stream()
                                .map(node -> "%s: %s; host %s, %s"
                                        .formatted(
                                                node.name(),
                                                node,
                                                node.hostMemory(),
                                                node.network().name())),
                        reading.findings().stream().map(finding -> finding.place() + " > " + finding.problem()))
                .collect(joining("\n", "", "\n"));
    }
}
