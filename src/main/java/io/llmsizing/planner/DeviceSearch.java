package io.llmsizing.planner;

import static com.google.common.base.Preconditions.checkArgument;

import io.llmsizing.Deployment;
import io.llmsizing.DeploymentBuilder;
import io.llmsizing.InvalidLayoutException;
import io.llmsizing.Sizing;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.hardware.Node;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The least hardware that is enough: how many devices of a kind, which kind, which clusters. Every number of devices is tried
 * from the smallest up, since more of them may be laid out worse: seven devices can share fewer heads than four.
 */
public final class DeviceSearch {
    /** The most machines that are tried. */
    public static final int MOST_NODES = 128;

    private final Function<Cluster, DeploymentBuilder> question;

    /**
     * A search.
     *
     * @param question the model with everything but the cluster, whose layout is left open
     */
    public DeviceSearch(Function<Cluster, DeploymentBuilder> question) {
        this.question = question;
    }

    /**
     * The fewest devices of a kind: in one machine from one device up, then in whole machines.
     *
     * @param accelerator the kind
     * @param perNode the most devices of one machine, 1 to 1,024
     * @param nodes the most machines, 1 to 128
     * @return the deployment with the best layout; nothing where even all of them are not enough
     * @throws IllegalArgumentException if a number is out of range
     */
    public Optional<Deployment> fewest(Accelerator accelerator, int perNode, int nodes) {
        checkArgument(nodes >= 1 && nodes <= MOST_NODES, "%s machines; 1 to %s allowed", nodes, MOST_NODES);
        return Stream.concat(
                        IntStream.rangeClosed(1, perNode).mapToObj(devices -> Cluster.of(accelerator, devices)),
                        IntStream.rangeClosed(2, nodes).mapToObj(count -> Cluster.of(accelerator, perNode, count)))
                .flatMap(this::fitting)
                .findFirst();
    }

    /**
     * The fewest machines of a type.
     *
     * @param node the type
     * @param nodes the most machines, 1 to 128
     * @return the deployment with the best layout; nothing where even all of them are not enough
     * @throws IllegalArgumentException if the number is out of range
     */
    public Optional<Deployment> fewest(Node node, int nodes) {
        checkArgument(nodes >= 1 && nodes <= MOST_NODES, "%s machines; 1 to %s allowed", nodes, MOST_NODES);
        return IntStream.rangeClosed(1, nodes)
                .mapToObj(count -> new Cluster(List.of(new Cluster.Group(node, count))))
                .flatMap(this::fitting)
                .findFirst();
    }

    /**
     * The accelerator with the least memory of which some devices are enough.
     *
     * @param accelerators to choose from
     * @param devices in one machine, 1 to 1,024
     * @return the deployment on it; of several with equal memory the first by name
     */
    public Optional<Deployment> smallest(List<Accelerator> accelerators, int devices) {
        return accelerators.stream()
                .sorted(Comparator.comparing((Accelerator each) -> each.memory().usable())
                        .thenComparing(Accelerator::id))
                .map(accelerator -> Cluster.of(accelerator, devices))
                .flatMap(this::fitting)
                .findFirst();
    }

    /**
     * The clusters that are enough.
     *
     * @param clusters to choose from
     * @return a deployment for each, in the given order, made when it is asked for
     */
    public Stream<Deployment> fitting(List<Cluster> clusters) {
        return clusters.stream().flatMap(this::fitting);
    }

    private Stream<Deployment> fitting(Cluster cluster) {
        try {
            return Stream.of(question.apply(cluster).build()).filter(Sizing::fits);
        } catch (InvalidLayoutException impossible) {
            return Stream.empty();
        }
    }
}
