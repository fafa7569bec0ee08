package io.llmsizing.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What a program prints. Its output is bounded, and so is the time that it has, even where it says nothing and never ends. */
final class PrintedOutput {
    private static final int LONGEST = 1 << 20;

    private PrintedOutput() {}

    /**
     * Runs a program to its end.
     *
     * @throws IOException if it is not there
     * @throws IllegalArgumentException if it fails, says more than 1 MiB, or is not done in time; it is ended then
     */
    static byte[] of(List<String> command, Duration most) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String name = command.get(0);
        FutureTask<byte[]> reading = new FutureTask<>(() -> {
            byte[] bytes = process.getInputStream().readNBytes(LONGEST + 1);
            if (bytes.length <= LONGEST) {
                process.waitFor();
            }
            return bytes;
        });
        Thread reader = new Thread(reading, "output of " + name);
        reader.setDaemon(true);
        reader.start();
        try {
            byte[] bytes = reading.get(most.toMillis(), TimeUnit.MILLISECONDS);
            if (bytes.length > LONGEST) {
                throw new IllegalArgumentException(name + " prints more than 1 MiB");
            }
            if (process.exitValue() != 0) {
                throw new IllegalArgumentException(name + " failed: " + firstLine(bytes));
            }
            return bytes;
        } catch (TimeoutException silent) {
            throw new IllegalArgumentException(name + " is not done after " + most.toMillis() + " ms", silent);
        } catch (ExecutionException unreadable) {
            throw new IOException(name + " can't be read", unreadable);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalArgumentException(name + " was interrupted", stopped);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static String firstLine(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8)
                .strip()
                .lines()
                .findFirst()
                .orElse("it said nothing");
    }
}
