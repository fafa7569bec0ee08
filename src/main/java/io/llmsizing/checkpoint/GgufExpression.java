package io.llmsizing.checkpoint;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.ArrayList;
import java.util.List;

/**
 * How a value follows from a GGUF file: a line of {@code gguf-keys.csv}. Words are keys of the architecture, texts stand in
 * single quotes, {@code ||} takes its right side where the left is absent, {@code + - * /} work on whole numbers from left
 * to right, and {@code f(x)} is one of {@link GgufFunctions}.
 */
final class GgufExpression {
    /** What an expression may come to beside numbers, texts, truth values and lists. */
    enum Nothing {
        /** The config does not have the key. */
        NONE,
        /** The config has the key with {@code null}. */
        NULL
    }

    /** What a key comes to that is absent and has no other side. */
    record Missing(String key) {}

    /** One part of an expression. */
    interface Node {
        Object value(GgufSizes sizes);
    }

    private final String text;
    private int at;

    private GgufExpression(String text) {
        this.text = text;
    }

    /** Parses an expression, with an error that shows it. */
    static Node parse(String text) {
        GgufExpression parser = new GgufExpression(text);
        Node whole = parser.alternatives();
        parser.check(parser.at == text.length(), "the end");
        return whole;
    }

    private void check(boolean held, String expected) {
        checkArgument(held, "%s: at %s expected %s", text, at, expected);
    }

    private void skipBlanks() {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
    }

    private boolean accept(String token) {
        skipBlanks();
        if (!text.startsWith(token, at)) {
            return false;
        }
        at += token.length();
        skipBlanks();
        return true;
    }

    private void expect(String token) {
        check(accept(token), token);
    }

    private Node alternatives() {
        Node first = sum();
        if (!accept("||")) {
            return first;
        }
        Node second = alternatives();
        return sizes -> {
            Object value = first.value(sizes);
            return value instanceof Missing ? second.value(sizes) : value;
        };
    }

    private Node sum() {
        Node left = product();
        while (true) {
            boolean plus = accept("+");
            if (!plus && !accept("-")) {
                return left;
            }
            left = both(left, plus ? Math::addExact : Math::subtractExact, product());
        }
    }

    private Node product() {
        Node left = atom();
        while (true) {
            boolean times = accept("*");
            if (!times && !accept("/")) {
                return left;
            }
            left = both(left, times ? Math::multiplyExact : GgufExpression::quotient, atom());
        }
    }

    private interface Operation {
        long of(long left, long right);
    }

    private static long quotient(long dividend, long divisor) {
        checkArgument(divisor != 0, "%s is divided by a size of 0", dividend);
        return dividend / divisor;
    }

    private static Node both(Node left, Operation operation, Node right) {
        return sizes -> {
            Object first = left.value(sizes);
            Object second = right.value(sizes);
            if (first instanceof Missing || second instanceof Missing) {
                return first instanceof Missing ? first : second;
            }
            return operation.of(GgufFunctions.whole(first), GgufFunctions.whole(second));
        };
    }

    private Node atom() {
        skipBlanks();
        if (accept("(")) {
            Node inner = alternatives();
            expect(")");
            return inner;
        }
        if (accept("'")) {
            int end = text.indexOf('\'', at);
            check(end >= 0, "a quote that closes");
            String quoted = text.substring(at, end);
            at = end + 1;
            skipBlanks();
            return sizes -> quoted;
        }
        String word = word();
        return accept("(") ? call(word) : named(word);
    }

    private String word() {
        int start = at;
        while (at < text.length() && isWord(text.charAt(at))) {
            at++;
        }
        check(at > start, "a key, a number, a text or a function");
        return text.substring(start, at);
    }

    private static boolean isWord(char character) {
        return character == '_'
                || character == '.'
                || (character >= 'a' && character <= 'z')
                || (character >= '0' && character <= '9');
    }

    private static Node named(String word) {
        return switch (word) {
            case "none" -> sizes -> Nothing.NONE;
            case "null" -> sizes -> Nothing.NULL;
            case "true" -> sizes -> true;
            case "false" -> sizes -> false;
            default -> {
                if (Character.isDigit(word.charAt(0))) {
                    long number = Long.parseLong(word);
                    yield sizes -> number;
                }
                yield sizes -> sizes.value(word);
            }
        };
    }

    private Node call(String function) {
        if (function.equals("list") || function.equals("flag")) {
            String key = word();
            expect(")");
            return function.equals("list") ? sizes -> sizes.list(key) : sizes -> sizes.flag(key);
        }
        GgufFunctions known = GgufFunctions.of(function);
        List<Node> arguments = new ArrayList<>();
        if (!accept(")")) {
            do {
                arguments.add(alternatives());
            } while (accept(","));
            expect(")");
        }
        return sizes -> {
            List<Object> values = new ArrayList<>();
            for (Node argument : arguments) {
                values.add(argument.value(sizes));
            }
            return known.value(sizes, values);
        };
    }
}
