package io.llmsizing.serverlog;

import com.google.common.base.CharMatcher;
import io.llmsizing.document.CsvTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A text that an engine prints, as {@code texts.csv} has it: the words as they stand, {@code ...} for a few that differ, and
 * in braces what is read: a {@link LogTerm}, a {@link LogSetting}, {@code place}, {@code device} or {@code arguments}. One
 * blank stands for any number, and for the lack of one around a figure.
 */
final class LogText {
    private static final Pattern PART = Pattern.compile("\\{([a-z_]+)}|\\.\\.\\.|\\s+|[^\\s{.]+|.");
    private static final CharMatcher QUOTES = CharMatcher.anyOf("\"'`\\ \t");

    private final LogEngine engine;
    private final String text;
    private final String hint;
    private final boolean begins;
    private final Optional<LogOutcome> outcome;
    private final Pattern pattern;
    private final List<String> names = new ArrayList<>();

    LogText(CsvTable.Row row) {
        engine = LogEngine.named(row.required("engine"));
        text = row.required("text");
        begins = row.text("starts").equals("yes");
        outcome = row.text("outcome").isEmpty()
                ? Optional.empty()
                : Optional.of(LogOutcome.valueOf(row.text("outcome").toUpperCase(Locale.ROOT)));
        StringBuilder expression = new StringBuilder();
        String longest = "";
        StringBuilder literal = new StringBuilder();
        Matcher part = PART.matcher(text);
        while (part.find()) {
            String found = part.group();
            if (part.group(1) != null || found.equals("...")) {
                longest = longer(longest, literal);
                literal.setLength(0);
                expression.append(
                        part.group(1) == null ? ".{0,200}?" : expression(part.group(1), text.substring(part.end())));
            } else if (found.isBlank()) {
                literal.append(' ');
                boolean aroundFigure = text.charAt(part.start() == 0 ? 0 : part.start() - 1) == '}'
                        || text.startsWith("{", part.end());
                longest = longer(longest, literal);
                expression.append(aroundFigure ? "\\s{0,40}" : "\\s{1,40}");
            } else {
                literal.append(found);
                expression.append(Pattern.quote(found));
            }
        }
        hint = longer(longest, literal);
        if (hint.length() < LogHints.GRAM) {
            throw row.problem("text", "'" + text + "' has no words by which a line could be told");
        }
        pattern = Pattern.compile(expression.toString());
    }

    /** Engines align what stands behind an equals sign, so that words end before it. */
    private static String longer(String longest, StringBuilder literal) {
        String words = literal.toString();
        int aligned = words.indexOf(" =");
        String one = (aligned < 0 ? words : words.substring(0, aligned)).strip();
        return one.length() > longest.length() ? one : longest;
    }

    private String expression(String name, String rest) {
        names.add(name);
        if (isTerm(name)) {
            return PrintedNumber.PATTERN;
        }
        if (name.equals("place")) {
            return "([A-Za-z][A-Za-z0-9_.-]{0,40})";
        }
        if (name.equals("arguments")) {
            return "(.*)";
        }
        if (isCount(name)) {
            return "([0-9]{1,3}(?:,[0-9]{3}){1,5}|[0-9]{1,18})";
        }
        if (rest.isEmpty()) {
            return "(\\S.{0,199}+)";
        }
        char end = rest.charAt(0);
        return end == ' ' ? "([^\\s,;]{1,200}+)" : "([^" + (end == ']' || end == '\\' ? "\\" : "") + end + "]{1,200}+)";
    }

    private static boolean isTerm(String name) {
        for (LogTerm term : LogTerm.values()) {
            if (term.id().equals(name)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isCount(String name) {
        for (LogSetting setting : LogSetting.values()) {
            if (setting.isCount() && setting.id().equals(name)) {
                return true;
            }
        }
        return false;
    }

    LogEngine engine() {
        return engine;
    }

    String text() {
        return text;
    }

    Optional<LogOutcome> outcome() {
        return outcome;
    }

    /** Whether a new start begins with it. */
    boolean begins() {
        return begins;
    }

    /** Whether it is of figures and not of settings or outcomes alone. */
    boolean hasFigures() {
        return names.stream().anyMatch(LogText::isTerm);
    }

    /** Words that stand in every line with this text. */
    String hint() {
        return hint;
    }

    /**
     * Reads one line.
     *
     * @param line without colours
     * @param taken takes each thing that stands there
     * @return whether the text stands in it; not if that takes too long to tell
     */
    boolean read(BoundedLine line, Consumer<Found> taken) {
        Matcher matcher = pattern.matcher(line);
        try {
            if (!matcher.find()) {
                return false;
            }
        } catch (BoundedLine.Exhausted hostile) {
            return false;
        }
        int group = 1;
        for (String name : names) {
            if (isTerm(name)) {
                taken.accept(new Found(name, matcher.group(group), matcher.group(group + 1)));
                group += 2;
            } else {
                String found = matcher.group(group);
                taken.accept(new Found(name, name.equals("arguments") ? found : QUOTES.trimFrom(found), null));
                group++;
            }
        }
        return true;
    }

    /** A named part of a line. */
    record Found(String name, String text, @Nullable String unit) {}
}
