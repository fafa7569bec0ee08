package io.llmsizing.hardware;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** How what could not be read is written, so that an error says it. */
final class ClusterSpelling {
    private static final Pattern LONG_COUNT = Pattern.compile("(?<![\\w.])(\\d{10,})\\s*[xX*×]");
    private static final Pattern PLUS_IN_BRACKETS = Pattern.compile("\\[([^\\[\\]]*\\s\\+\\s[^\\[\\]]*)]");
    private static final Pattern BLANK_FOR_TIMES = Pattern.compile("[xX*×]?\\s*(\\d{1,9})\\s+(\\S.*)");

    private static final Pattern NO_TERMS = Pattern.compile("\\(\\s*\\)");
    private static final Pattern LONE_BRACKET = Pattern.compile("\\[[^\\]]*(?:\\[|$)|(?:^|])[^\\[]*]");

    private ClusterSpelling() {}

    /**
     * Refuses what is wrong whatever the names mean.
     *
     * @throws IllegalArgumentException if a count has more digits than any may have, machines stand in brackets, brackets are not in
     *     pairs side by side, or parentheses hold nothing
     */
    static void check(String text) {
        Matcher count = LONG_COUNT.matcher(text);
        if (count.find()) {
            throw new IllegalArgumentException("'" + text + "': a count of " + count.group(1)
                    + "; 1 to 1,024 devices in a node and 1 to 65,536 nodes allowed");
        }
        Matcher plus = PLUS_IN_BRACKETS.matcher(text);
        if (plus.find()) {
            throw new IllegalArgumentException(
                    "'" + text + "': brackets hold the devices of one machine, joined by &: ["
                            + plus.group(1).replaceAll("\\s\\+\\s", " & ") + "]");
        }
        if (LONE_BRACKET.matcher(text).find()) {
            throw new IllegalArgumentException("'" + text
                    + "': brackets stand in pairs around the devices of one machine and in no other brackets, such as"
                    + " 3x[RTX 4090 & RTX 3090]");
        }
        if (NO_TERMS.matcher(text).find()) {
            throw new IllegalArgumentException("'" + text + "': parentheses with nothing in them; leave them out");
        }
    }

    /**
     * The parts that joints hold together.
     *
     * @throws IllegalArgumentException if there is nothing on one side of a joint
     */
    static List<String> noneEmpty(List<String> parts, String text) {
        if (parts.contains("")) {
            throw new IllegalArgumentException("'" + text
                    + "': nothing stands beside a + or &, or in brackets; write what does, such as 8xH200 + 2xL4,"
                    + " or leave them out");
        }
        return parts;
    }

    /**
     * What was meant by a part.
     *
     * @param isReadable whether a text is a cluster
     * @return the nearest text that is one, if any of those that come to mind is
     */
    static Optional<String> meant(String part, Predicate<String> isReadable) {
        Matcher blank = BLANK_FOR_TIMES.matcher(part);
        Stream<String> counted = blank.matches() ? Stream.of(blank.group(1) + "x " + blank.group(2)) : Stream.of();
        Stream<String> joined = List.of("\\s*\\+\\s*", "\\s*[,;]\\s*").stream()
                .map(joint -> part.replaceAll(joint, " + "))
                .filter(other -> !other.equals(part));
        return Stream.concat(counted, joined).filter(isReadable).findFirst();
    }
}
