package io.llmsizing.planner;

import static com.google.common.base.Preconditions.checkArgument;

import io.llmsizing.DeploymentBuilder;
import io.llmsizing.hardware.Cluster;
import java.util.Locale;
import java.util.function.Function;

/**
 * Replicas of a model that are to be placed, each a server of its own.
 *
 * @param name by which it is told from others
 * @param replicas how many, 1 to 1,000
 * @param question one replica with everything but the machines it is on, whose layout may be left open
 */
public record Order(String name, int replicas, Function<Cluster, DeploymentBuilder> question) {
    /** The most replicas of an order, and of all orders of a fleet together. */
    public static final int MOST_REPLICAS = 1_000;

    private static final int MOST_SHOWN = 100;

    /**
     * Checks the range.
     *
     * @param name as documented above
     * @param replicas as documented above
     * @param question as documented above
     * @throws IllegalArgumentException if the name is blank or can't be printed, or the number is out of range
     */
    public Order {
        checkName(name);
        checkArgument(
                replicas >= 1 && replicas <= MOST_REPLICAS,
                "%s replicas of %s; 1 to %s allowed",
                replicas,
                name,
                MOST_REPLICAS);
    }

    /**
     * Checks a name, which reports print as it is.
     *
     * @param name any text
     * @return the name
     * @throws IllegalArgumentException if it is blank, or holds a character that a terminal would obey or not show, such as
     *     U+001B or a line feed
     */
    public static String checkName(String name) {
        checkArgument(!name.isBlank(), "a deployment without a name; give each one of its own");
        name.codePoints().filter(Order::isUnprintable).findFirst().ifPresent(character -> {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "a deployment's name with the character U+%04X, which can't be printed; leave it out of '%s'",
                    character,
                    printable(name)));
        });
        return name;
    }

    private static String printable(String name) {
        StringBuilder shown = new StringBuilder();
        name.codePoints()
                .limit(MOST_SHOWN)
                .map(character -> isUnprintable(character) ? '?' : character)
                .forEach(shown::appendCodePoint);
        return shown.toString();
    }

    private static boolean isUnprintable(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
