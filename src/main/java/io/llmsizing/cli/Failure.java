package io.llmsizing.cli;

import io.llmsizing.InvalidLayoutException;
import io.llmsizing.catalog.UnknownNameException;
import io.llmsizing.document.MalformedFileException;
import io.llmsizing.hub.HubException;
import io.llmsizing.reader.UnsupportedArchitectureException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Why a question was not answered, as the commands say it. */
final class Failure {
    private Failure() {}

    static Map<String, Object> of(RuntimeException refused) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", code(refused));
        error.put("message", String.valueOf(refused.getMessage()));
        if (refused instanceof MalformedFileException malformed) {
            error.put("at", malformed.file() + ": " + malformed.at());
        } else if (refused instanceof UnsupportedArchitectureException unsupportedArchitectureException) {
            error.put("at", unsupportedArchitectureException.at());
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("error", error);
        return answer;
    }

    static Map<String, Object> of(IOException unreadable) {
        return of("malformed_file", message(unreadable));
    }

    /** A fault of this library, so that the other questions of a file are answered all the same. */
    static Map<String, Object> ofOurs(IllegalStateException fault) {
        return of("internal_error", String.valueOf(fault.getMessage()));
    }

    private static Map<String, Object> of(String code, String message) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", code);
        error.put("message", message);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("error", error);
        return answer;
    }

    /** What went wrong, in words; the kind of exception stands before those of others that say little without. */
    static String message(Exception problem) {
        if (problem instanceof NoSuchFileException absent) {
            return absent.getFile() + " is not there";
        }
        boolean bare =
                problem.getMessage() == null || (problem instanceof IOException && !(problem instanceof HubException));
        return (bare ? problem.getClass().getSimpleName() + ": " : "") + problem.getMessage();
    }

    private static String code(RuntimeException refused) {
        if (refused instanceof UnknownNameException unknownNameException) {
            return "unknown_" + unknownNameException.kind();
        }
        if (refused instanceof UnsupportedArchitectureException) {
            return "unsupported_architecture";
        }
        if (refused instanceof InvalidLayoutException) {
            return "invalid_layout";
        }
        return refused instanceof MalformedFileException malformedFileException
                        && !malformedFileException.file().startsWith("question ")
                ? "malformed_file"
                : "invalid_question";
    }
}
