package io.llmsizing.serverlog;

import com.google.common.collect.ImmutableList;
import io.llmsizing.document.Bundled;
import io.llmsizing.document.MalformedFileException;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the log of a server's start, line by line in memory that does not grow with the file. Whose log it is, is told by
 * the texts in it. What stands before the last start is put aside.
 *
 * <p>Texts are those of vLLM from 0.5 on (both engines), SGLang, and llama.cpp with its server and ollama; they are listed in
 * {@code texts.csv} beside this class.
 */
public final class ServerLogReader {
    private static final List<LogText> TEXTS = texts();
    private static final LogHints HINTS = new LogHints(TEXTS);

    private ServerLogReader() {}

    private static List<LogText> texts() {
        return Bundled.rows(ServerLogReader.class, "texts.csv", List.of("engine", "text", "starts", "outcome")).stream()
                .map(LogText::new)
                .collect(ImmutableList.toImmutableList());
    }

    /** The texts that are looked for. */
    static List<LogText> known() {
        return TEXTS;
    }

    /**
     * Reads a file.
     *
     * @param file the log, a file or a pipe, UTF-8 or, with its mark, UTF-16
     * @return what its last start says
     * @throws MalformedFileException if it has no figure of a known engine, naming what is looked for
     * @throws IOException if the file can't be read
     */
    public static ServerLog read(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new MalformedFileException(file.toString(), "the file", "it is a folder; name the log in it");
        }
        try (InputStream bytes = opened(file)) {
            return read(bytes, file.toString());
        }
    }

    /** A pipe has no position that could be asked for, as the stream of a path does. */
    private static InputStream opened(Path file) throws IOException {
        return Files.isRegularFile(file) || Files.notExists(file)
                ? Files.newInputStream(file)
                : new FileInputStream(file.toFile());
    }

    /**
     * Reads a stream to its end.
     *
     * @param bytes the log, UTF-8 or, with its mark, UTF-16; left open
     * @param name what it is called in messages
     * @return what its last start says
     * @throws MalformedFileException if it has no figure of a known engine, naming what is looked for
     * @throws IOException if the stream can't be read
     */
    public static ServerLog read(InputStream bytes, String name) throws IOException {
        Map<LogEngine, LogCollector> collectors = new EnumMap<>(LogEngine.class);
        for (LogEngine engine : LogEngine.values()) {
            collectors.put(engine, new LogCollector(engine));
        }
        LogLines lines = new LogLines(bytes);
        long skipped = 0;
        long firstSkipped = 0;
        for (String line = lines.next(); line != null; line = lines.next()) {
            boolean tried = false;
            boolean read = false;
            List<LogText> texts = HINTS.in(line);
            BoundedLine bounded = new BoundedLine(line);
            for (LogText text : texts) {
                tried |= text.hasFigures();
                read |= collector(collectors, text).read(text, bounded, lines.number());
            }
            if ((tried && !read) || lines.wasCut()) {
                skipped++;
                firstSkipped = firstSkipped == 0 ? lines.number() : firstSkipped;
            }
        }
        LogCollector fullest = collector(collectors, TEXTS.get(0));
        for (LogCollector collector : collectors.values()) {
            fullest = collector.weight() > fullest.weight() ? collector : fullest;
        }
        if (!fullest.saysEnough()) {
            throw new MalformedFileException(name, "lines 1 to " + lines.number(), lookedFor());
        }
        return fullest.log(lines.number(), skipped, firstSkipped);
    }

    private static LogCollector collector(Map<LogEngine, LogCollector> collectors, LogText text) {
        LogCollector collector = collectors.get(text.engine());
        if (collector == null) {
            throw new AssertionError(text.engine());
        }
        return collector;
    }

    private static String lookedFor() {
        return "no figure of a server's start in it; looked for lines such as 'Model loading took 14.99 GiB' and 'Available KV"
                + " cache memory' of vLLM, 'Load weight end' and 'KV Cache is allocated' of SGLang, 'model buffer size' and 'KV"
                + " buffer size' of llama.cpp, which prints them with -lv 4 alone: start it so";
    }
}
