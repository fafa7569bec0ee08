package io.llmsizing.reader;

import io.llmsizing.document.Bundled;
import io.llmsizing.document.CsvTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One spelling for the names of modules. Configs and checkpoints call the same block {@code mlp} or {@code ffn} and put
 * {@code model.} or {@code language_model.model.} in front; both sides are written in the words of {@code
 * module-words.csv}, without what stands in front.
 */
public final class ModuleNames {
    /** What full names may begin with, for patterns that speak of it. */
    static final List<String> FRONTS = List.of("", "model.", "model.language_model.", "language_model.model.");

    /** The one of them that holds the words of all, for patterns that begin with anything. */
    static final List<String> LONGEST_FRONT = List.of("model.language_model.");

    private static final Set<String> OUTER =
            Set.of("model", "language_model", "text_model", "transformer", "backbone", "base_model", "gpt_neox", "llm");
    private static final String LAYERS = "layers.";
    private static final String EXPERTS = "experts.";
    private static final int MOST_EXPERTS = 1 << 20;
    private static final Map<String, String> WORDS = words();

    private ModuleNames() {}

    private static Map<String, String> words() {
        Map<String, String> words = new LinkedHashMap<>();
        for (CsvTable.Row row : Bundled.rows(ModuleNames.class, "module-words.csv", List.of("written", "ours"))) {
            words.put(row.required("written"), row.required("ours"));
        }
        return Map.copyOf(words);
    }

    /**
     * A name or a glob in our words.
     *
     * @param written as a config or a checkpoint has it, such as {@code model.layers.3.feed_forward.w1.weight}
     * @return {@code layers.3.mlp.gate_proj.weight} for it
     */
    public static String canonical(String written) {
        String inner = written;
        int dot = inner.indexOf('.');
        while (dot > 0 && OUTER.contains(inner.substring(0, dot))) {
            inner = inner.substring(dot + 1);
            dot = inner.indexOf('.');
        }
        StringBuilder canonical = new StringBuilder(inner.length() + 8);
        int start = 0;
        while (start <= inner.length()) {
            int end = inner.indexOf('.', start);
            end = end < 0 ? inner.length() : end;
            canonical.append(start == 0 ? "" : ".").append(word(inner.substring(start, end)));
            start = end + 1;
        }
        return canonical.toString();
    }

    private static String word(String component) {
        if (!component.endsWith("*")) {
            return WORDS.getOrDefault(component, component);
        }
        String stem = component.substring(0, component.length() - 1);
        String ours = WORDS.getOrDefault(stem, stem);
        return ours.startsWith(stem) ? component : ours + "*";
    }

    /**
     * A regular expression in our words. A word that is part of ours ({@code attn} of {@code self_attn}) stays where no dot
     * bounds it, since the expression may mean others that end like it.
     */
    static String canonicalExpression(String expression) {
        StringBuilder canonical = new StringBuilder(expression.length() + 16);
        int at = 0;
        while (at < expression.length()) {
            if (expression.charAt(at) == '\\') {
                int next = Math.min(at + 2, expression.length());
                canonical.append(expression, at, next);
                at = next;
            } else if (isWord(expression.charAt(at))) {
                int end = at;
                while (end < expression.length() && isWord(expression.charAt(end))) {
                    end++;
                }
                canonical.append(expressionWord(expression, at, end));
                at = end;
            } else {
                canonical.append(expression.charAt(at));
                at++;
            }
        }
        return canonical.toString();
    }

    private static String expressionWord(String expression, int from, int to) {
        String word = expression.substring(from, to);
        String ours = WORDS.getOrDefault(word, word);
        boolean begins = from == 0 || ".^".indexOf(expression.charAt(from - 1)) >= 0;
        boolean ends = endsAt(expression, to);
        boolean kept = (ours.startsWith(word) && !ends)
                || (ours.endsWith(word) && !begins)
                || (word.equals("gate") && !(begins && ends));
        return kept ? word : ours;
    }

    private static boolean endsAt(String expression, int to) {
        if (to == expression.length() || expression.charAt(to) == '$' || expression.startsWith("\\.", to)) {
            return true;
        }
        boolean wildcard = to + 1 < expression.length() && "*+?{".indexOf(expression.charAt(to + 1)) >= 0;
        return expression.charAt(to) == '.' && !wildcard;
    }

    private static boolean isWord(char character) {
        return character == '_'
                || (character >= 'a' && character <= 'z')
                || (character >= 'A' && character <= 'Z')
                || (character >= '0' && character <= '9');
    }

    /** The number of the layer to which a canonical name or glob belongs for sure, -1 if it may be any. */
    static int layerOf(String canonical) {
        if (!canonical.startsWith(LAYERS)) {
            return -1;
        }
        int end = LAYERS.length();
        while (end < canonical.length() && Character.isDigit(canonical.charAt(end))) {
            end++;
        }
        boolean whole = end > LAYERS.length() && (end == canonical.length() || canonical.charAt(end) == '.');
        return whole ? number(canonical, LAYERS.length(), 1 << 20) : -1;
    }

    /** What stands behind the layer in the name of a module of a layer; nothing for the layer itself. */
    static String withinLayer(String canonical) {
        int dot = canonical.indexOf('.', LAYERS.length());
        return dot < 0 ? "" : canonical.substring(dot + 1);
    }

    /** The number of the expert that a name or pattern speaks of, -1 for none. */
    static int expertOf(String name) {
        int at = name.indexOf(EXPERTS);
        int start = at + EXPERTS.length();
        if (at < 0 || start == name.length() || !Character.isDigit(name.charAt(start))) {
            return -1;
        }
        return number(name, start, MOST_EXPERTS);
    }

    /** The same name of the first expert. */
    static String ofFirstExpert(String name) {
        int start = name.indexOf(EXPERTS) + EXPERTS.length();
        int end = start;
        while (end < name.length() && Character.isDigit(name.charAt(end))) {
            end++;
        }
        return name.substring(0, start) + "0" + name.substring(end);
    }

    /** The number that begins somewhere, at most another. */
    private static int number(String text, int start, int most) {
        int number = 0;
        for (int at = start; at < text.length() && Character.isDigit(text.charAt(at)) && number < most; at++) {
            number = number * 10 + Character.digit(text.charAt(at), 10);
        }
        return Math.min(number, most);
    }
}
