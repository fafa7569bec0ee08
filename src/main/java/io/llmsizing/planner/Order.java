package io.llmsizing.planner;

import static com.google.common.base.Preconditions.checkArgument;

import io.llmsizing.DeploymentBuilder;
import io.llmsizing.hardware.Cluster;
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

    /**
     * Checks the range.
     *
     * @param name as documented above
     * @param replicas as documented above
     * @param question as documented above
     * @throws IllegalArgumentException if the name is blank, or the number out of range
     */
    public Order {
        checkArgument(!name.isBlank(), "a deployment without a name; give each one of its own");
        checkArgument(
                replicas >= 1 && replicas <= MOST_REPLICAS,
                "%s replicas of %s; 1 to %s allowed",
                replicas,
                name,
                MOST_REPLICAS);
    }
}
