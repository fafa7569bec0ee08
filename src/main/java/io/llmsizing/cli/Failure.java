package io.llmsizing.cli;

import io.llmsizing.InvalidLayoutException;
import io.llmsizing.catalog.UnknownNameException;
import io.llmsizing.document.MalformedFileException;
import io.llmsizing.reader.UnsupportedArchitectureException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Why a question was not answered, as the batch command says it. */
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
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", "malformed_file");
        error.put("message", unreadable.getClass().getSimpleName() + ": " + unreadable.getMessage());
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("error", error);
        return answer;
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
