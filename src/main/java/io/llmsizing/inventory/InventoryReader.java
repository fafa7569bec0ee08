package io.llmsizing.inventory;

import io.llmsizing.document.MalformedFileException;
import io.llmsizing.hardware.HardwareNames;
import java.io.BufferedInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Reads what tools print about machines and their devices. The form is told by the content, never by the file's name:
 *
 * <ul>
 *   <li>{@code nvidia-smi --query-gpu=index,name,memory.total,memory.free --format=csv}, {@code nvidia-smi -L},
 *       {@code nvidia-smi -q -x};
 *   <li>{@code rocm-smi --showproductname --showmeminfo vram --json}, {@code amd-smi static --asic --vram --json};
 *   <li>{@code kubectl get nodes -o json};
 *   <li>{@code scontrol show node}, with or without {@code -o};
 *   <li>a table by hand with the columns {@code node,accelerator,count,nodes,memory_total,memory_free,host_memory}.
 * </ul>
 *
 * What can't be used or read becomes a finding, and the rest is returned. Worked value: of a list of 5,000 Kubernetes nodes of
 * which 3 are cordoned, 4,997 machines and one finding that names the first 3.
 */
public final class InventoryReader {
    private InventoryReader() {}

    /**
     * Reads a file.
     *
     * @param file the file
     * @param names finds devices and types of machines
     * @return the machines that can be used, and findings
     * @throws MalformedFileException if it can't be opened, is in no form that is known, or nothing of it can be read
     */
    public static InventoryReading read(Path file, HardwareNames names) {
        if (Files.isDirectory(file)) {
            throw new MalformedFileException(file.toString(), "file", "a folder; give a file in it");
        }
        try (InputStream bytes = opened(file)) {
            return read(bytes, file.toString(), names);
        } catch (NoSuchFileException absent) {
            throw new MalformedFileException(file.toString(), "file", "is not there");
        } catch (AccessDeniedException barred) {
            throw new MalformedFileException(file.toString(), "file", "may not be read by this user");
        } catch (IOException unreadable) {
            throw new MalformedFileException(
                    file.toString(),
                    "file",
                    "can't be read: " + unreadable.getClass().getSimpleName());
        }
    }

    /** A pipe has no position that could be asked for, as the stream of a path does. */
    private static InputStream opened(Path file) throws IOException {
        return Files.isRegularFile(file) || !Files.exists(file)
                ? Files.newInputStream(file)
                : new FileInputStream(file.toFile());
    }

    /**
     * Reads a stream.
     *
     * @param bytes what a tool printed; read to its end, left open or closed
     * @param file its name, for messages
     * @param names finds devices and types of machines
     * @return the machines that can be used, and findings
     * @throws MalformedFileException if it is in no form that is known, or nothing of it can be read
     */
    public static InventoryReading read(InputStream bytes, String file, HardwareNames names) {
        Findings findings = new Findings(file);
        Machines machines = new Machines(findings);
        try {
            BufferedInputStream input = new BufferedInputStream(bytes, InventoryForm.HEAD + 1);
            InventoryForm form = InventoryForm.of(input, file);
            form.read(input, new Recognition(names, findings), machines, findings);
        } catch (MalformedFileException broken) {
            if (machines.isEmpty() && !findings.any()) {
                throw broken;
            }
            findings.add(broken, "; nothing behind it was read");
        } catch (IOException unreadable) {
            throw new MalformedFileException(
                    file,
                    "bytes",
                    "can't be read: " + unreadable.getClass().getSimpleName() + ", " + unreadable.getMessage());
        }
        if (machines.isEmpty() && !findings.any()) {
            throw new MalformedFileException(file, "text", "no device stands in it; " + InventoryForm.KNOWN);
        }
        return machines.reading();
    }
}
