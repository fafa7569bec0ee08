package io.llmsizing.reader;

import java.util.Locale;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** A pattern that means several modules. */
sealed interface ModulePattern {
    /** The longest pattern that is tried. */
    int LONGEST = 512;

    /** Whether a module, named in our words, is meant. */
    boolean matches(String module, MatchBudget budget);

    /**
     * Whether it means the same modules in every layer: what it says itself can match no digit, so the numbers in a name fall
     * to its stars.
     */
    boolean ignoresNumbers();

    /** Whether a text is a pattern, and not a name. */
    static boolean isPattern(String written) {
        return written.startsWith("re:")
                || written.indexOf('*') >= 0
                || written.indexOf('?') >= 0
                || written.indexOf('[') >= 0;
    }

    /**
     * Reads a pattern: {@code re:} and a regular expression, or a glob.
     *
     * @throws IllegalArgumentException saying what is wrong with it
     */
    static ModulePattern of(String written) {
        refuseTooLong(written);
        return written.startsWith("re:") ? expression(written.substring(3)) : new Glob(ModuleNames.canonical(written));
    }

    /** Reads a regular expression, which means the names that begin with it, as Python's {@code re.match} does. */
    static ModulePattern expression(String written) {
        refuseTooLong(written);
        try {
            return new Expression(Pattern.compile(ModuleNames.canonicalExpression(written)));
        } catch (PatternSyntaxException malformed) {
            throw new IllegalArgumentException("no regular expression: " + malformed.getDescription(), malformed);
        } catch (StackOverflowError deep) {
            throw new IllegalArgumentException("no regular expression: nested too deep", deep);
        }
    }

    private static void refuseTooLong(String written) {
        if (written.length() > LONGEST) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "%d characters long; at most %d", written.length(), LONGEST));
        }
    }

    /** A glob, which means what it matches and everything below. */
    record Glob(String glob) implements ModulePattern {
        @Override
        public boolean matches(String module, MatchBudget budget) {
            boolean open = glob.startsWith("*") || glob.startsWith("?");
            return matchesName(module, budget) || (open && matchesName("model.language_model." + module, budget));
        }

        @Override
        public boolean ignoresNumbers() {
            return glob.chars().allMatch(character -> character == '*' || isNoDigit(character));
        }

        private boolean matchesName(String name, MatchBudget budget) {
            int at = 0;
            int inName = 0;
            int star = -1;
            int afterStar = 0;
            while (true) {
                budget.step();
                if (at == glob.length() && (inName == name.length() || name.charAt(inName) == '.')) {
                    return true;
                }
                int next = at < glob.length() && inName < name.length() ? step(at, name.charAt(inName)) : -1;
                if (at < glob.length() && glob.charAt(at) == '*') {
                    star = ++at;
                    afterStar = inName;
                } else if (next > 0) {
                    at = next;
                    inName++;
                } else if (star >= 0 && afterStar < name.length()) {
                    at = star;
                    inName = ++afterStar;
                } else {
                    return false;
                }
            }
        }

        /** Where the glob goes on after one character, -1 if that does not fit. */
        private int step(int at, char character) {
            char wanted = glob.charAt(at);
            int end = wanted == '[' ? glob.indexOf(']', at + 2) : -1;
            if (end < 0) {
                return wanted == '?' || wanted == character ? at + 1 : -1;
            }
            boolean not = glob.charAt(at + 1) == '!';
            boolean in = false;
            for (int i = not ? at + 2 : at + 1; i < end; i++) {
                boolean range = i + 2 < end && glob.charAt(i + 1) == '-';
                char last = range ? glob.charAt(i + 2) : glob.charAt(i);
                in |= glob.charAt(i) <= character && character <= last;
                i += range ? 2 : 0;
            }
            return in != not ? end + 1 : -1;
        }
    }

    private static boolean isNoDigit(int character) {
        return character == '.' || character == '_' || Character.isLetter(character);
    }

    /** A regular expression, tried with everything that may stand in front of a module's name. */
    record Expression(Pattern pattern) implements ModulePattern {
        @Override
        public boolean matches(String module, MatchBudget budget) {
            boolean open = pattern.pattern().startsWith(".*");
            for (String front : open ? ModuleNames.LONGEST_FRONT : ModuleNames.FRONTS) {
                try {
                    if (pattern.matcher(budget.counting(front + module)).lookingAt()) {
                        return true;
                    }
                } catch (StackOverflowError deep) {
                    throw budget.spent();
                }
            }
            return false;
        }

        @Override
        public boolean ignoresNumbers() {
            String literal = pattern.pattern().replace(".*", "").replace("\\.", "");
            return literal.chars()
                    .allMatch(character -> "(|)".indexOf(character) >= 0 || (character != '.' && isNoDigit(character)));
        }
    }
}
