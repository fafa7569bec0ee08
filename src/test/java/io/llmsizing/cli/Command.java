package io.llmsizing.cli;

import io.llmsizing.document.JsonObject;
import io.llmsizing.document.JsonReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A command that ran: its exit code and what it wrote, with line feeds whatever the system. */
public record Command(int code, String out, String err) {
    public static Command of(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        PrintWriter outPrinter = new PrintWriter(out);
        PrintWriter errPrinter = new PrintWriter(err);
        int code = Main.run(outPrinter, errPrinter, arguments);
        outPrinter.flush();
        errPrinter.flush();
        return new Command(code, unix(out), unix(err));
    }

    /** The batch command over lines in a file of its own. */
    public static Command batch(String... lines) {
        try {
            Path file = Files.createTempFile("questions", ".jsonl");
            Files.writeString(file, String.join("\n", lines) + "\n");
            Command ran = of("batch", file.toString());
            Files.delete(file);
            return ran;
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    /** The answers of a batch, one a line. */
    List<JsonObject> answers() {
        return out.lines().map(line -> JsonReader.read(line, "answer")).toList();
    }

    private static String unix(StringWriter text) {
        return text.toString().replace(System.lineSeparator(), "\n");
    }
}
