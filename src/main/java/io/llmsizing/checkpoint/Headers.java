package io.llmsizing.checkpoint;

import io.llmsizing.document.MalformedFileException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The headers of all files of a safetensors checkpoint, several at once where each has to be waited for. */
final class Headers {
    private static final int MOST_TENSORS = 1 << 20;

    private Headers() {}

    /**
     * The tensors of all files.
     *
     * @throws MalformedFileException if a header is wrong, or two files hold a tensor of the same name
     * @throws IOException if a file can't be read, or the thread is interrupted
     */
    static List<StoredTensor> read(Repository repository, List<String> files) throws IOException {
        int atOnce = Math.min(repository.readsAtOnce(), files.size());
        List<StoredTensor> tensors = new ArrayList<>();
        Map<String, String> fileOf = new HashMap<>();
        if (atOnce <= 1) {
            for (String file : files) {
                add(tensors, fileOf, file, read(repository, file));
            }
            return tensors;
        }
        ExecutorService readers = Executors.newFixedThreadPool(atOnce, task -> {
            Thread thread = new Thread(task, "checkpoint headers");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Future<List<StoredTensor>>> reading = new ArrayList<>();
            files.forEach(file -> reading.add(readers.submit(() -> read(repository, file))));
            for (int i = 0; i < reading.size(); i++) {
                add(tensors, fileOf, files.get(i), read(reading.get(i)));
            }
            return tensors;
        } finally {
            readers.shutdownNow();
        }
    }

    private static List<StoredTensor> read(Repository repository, String file) throws IOException {
        try (ByteSource source = repository.open(file)) {
            return SafetensorsReader.read(source);
        }
    }

    private static List<StoredTensor> read(Future<List<StoredTensor>> reading) throws IOException {
        try {
            return reading.get();
        } catch (InterruptedException cancelled) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("cancelled");
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof IOException unreadable) {
                throw unreadable;
            }
            if (failed.getCause() instanceof RuntimeException wrong) {
                throw wrong;
            }
            throw new IllegalStateException(failed.getCause());
        }
    }

    private static void add(
            List<StoredTensor> tensors, Map<String, String> fileOf, String file, List<StoredTensor> more) {
        for (StoredTensor tensor : more) {
            String other = fileOf.put(tensor.name(), file);
            if (other != null) {
                throw new MalformedFileException(tensor.file(), tensor.name(), "stands in " + other + " too");
            }
            if (tensors.size() == MOST_TENSORS) {
                throw new MalformedFileException(tensor.file(), tensor.name(), "one of more than 2^20 tensors");
            }
            tensors.add(tensor);
        }
    }
}
