package io.llmsizing.cli;

import io.llmsizing.Sizing;
import io.llmsizing.Verdict;
import io.llmsizing.catalog.Catalog;
import io.llmsizing.document.JsonObject;
import io.llmsizing.document.JsonReader;
import io.llmsizing.document.JsonWriter;
import io.llmsizing.document.MalformedFileException;
import io.llmsizing.report.Answer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code batch [FILE]}: JSON lines in, JSON lines out, one at a time. */
@Command(
        name = "batch",
        description = {
            "Answers one question a line, JSON in and JSON out, in order; '-' or nothing reads standard input.",
            "A question that can't be answered gets an error on its own line. Exit code 2 if a line was not JSON."
        },
        mixinStandardHelpOptions = true)
final class BatchCommand implements Callable<Integer> {
    private static final int LONGEST_LINE = 1 << 20;

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "JSON lines.")
    private String file = "-";

    @Mixin
    private CatalogOption catalog = new CatalogOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Catalog opened = catalog.open();
        boolean allRead = true;
        try (BufferedReader lines = open()) {
            long number = 0;
            for (String line = next(lines); line != null; line = next(lines)) {
                number++;
                if (!line.isBlank()) {
                    allRead &= answer(line, number, opened, out);
                    out.flush();
                }
            }
        }
        out.flush();
        return allRead ? ExitCodes.FITS : ExitCodes.BAD_INPUT;
    }

    private BufferedReader open() throws IOException {
        return file.equals("-")
                ? new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
                : new BufferedReader(
                        new InputStreamReader(Files.newInputStream(Path.of(file)), StandardCharsets.UTF_8));
    }

    /** A line without its end, cut off behind the longest length so that an endless one takes no memory. */
    private static @Nullable String next(Reader lines) throws IOException {
        StringBuilder line = new StringBuilder();
        int character = lines.read();
        if (character < 0) {
            return null;
        }
        while (character >= 0 && character != '\n') {
            if (line.length() <= LONGEST_LINE) {
                line.append((char) character);
            }
            character = lines.read();
        }
        return line.toString();
    }

    private static boolean answer(String line, long number, Catalog catalog, PrintWriter out) {
        JsonObject question;
        try {
            if (line.length() > LONGEST_LINE) {
                throw new MalformedFileException("question " + number, "line", "longer than 2^20 characters");
            }
            question = JsonReader.read(line, "question " + number);
        } catch (MalformedFileException malformed) {
            out.println(JsonWriter.compact(withId(number, Failure.of(malformed))));
            return false;
        }
        Object id = number;
        try {
            id = question.scalar("id").orElse(number);
            out.println(JsonWriter.compact(withId(id, answer(Question.of(question), catalog))));
        } catch (IllegalArgumentException | ArithmeticException refused) {
            out.println(JsonWriter.compact(withId(id, Failure.of(refused))));
        } catch (IllegalStateException ourFault) {
            out.println(JsonWriter.compact(withId(id, Failure.ofOurs(ourFault))));
        } catch (IOException unreadable) {
            out.println(JsonWriter.compact(withId(id, Failure.of(unreadable))));
        }
        return true;
    }

    private static Map<String, Object> answer(Question question, Catalog catalog) throws IOException {
        return question.namesCluster()
                ? answer(Sizing.size(question.deployment(catalog)), question)
                : question.modelAnswer(catalog);
    }

    private static Map<String, Object> answer(Verdict verdict, Question question) {
        return Answer.of(
                verdict,
                question.isExplained(),
                question.wantsRemedies() ? VerdictCommand.remedies(verdict) : List.of());
    }

    private static Map<String, Object> withId(Object id, Map<String, Object> rest) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("id", id);
        answer.putAll(rest);
        return answer;
    }
}
