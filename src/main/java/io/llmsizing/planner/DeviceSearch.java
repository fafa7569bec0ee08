package io.llmsizing.planner;

import static com.google.common.base.Preconditions.checkArgument;

import io.llmsizing.Deployment;
import io.llmsizing.DeploymentBuilder;
import io.llmsizing.InvalidLayoutException;
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
 * The least hardware that is enough: how many devices of a kind, which kind, which clusters. Data parallelism is tried only where
 * the question asks for it, so that a {@link Planner}, which tries it, may find fewer devices for a mixture whose experts are
 * dealt out over replicas.
 */
public final class DeviceSearch {
    /** The most machines that are tried. */
    public static final int MOST_NODES = 128;

    private static final int MOST_PER_NODE = 1024;

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
     * The fewest devices of a kind, whose machines are filled one after the other: of eleven with eight in a machine, three stand
     * in the second.
     *
     * <p>Worked value: DeepSeek-R1 in its own FP8 with 8,192 tokens takes 11 H100 under vLLM 0.26, as tp1 pp11.
     *
     * @param accelerator the kind
     * @param perNode the most devices of one machine, 1 to 1,024
     * @param nodes the most machines, 1 to 128
     * @return the deployment with the best layout; nothing where even all of them are not enough
     * @throws InvalidLayoutException if what is asked for can't be laid out on any number of them
     * @throws IllegalArgumentException if a number is out of range, or all of them are fewer than the ranks that are asked for
     */
    public Optional<Deployment> fewest(Accelerator accelerator, int perNode, int nodes) {
        checkArgument(nodes >= 1 && nodes <= MOST_NODES, "%s machines; 1 to %s allowed", nodes, MOST_NODES);
        checkArgument(
                perNode >= 1 && perNode <= MOST_PER_NODE,
                "%s devices in a machine; 1 to %s allowed",
                perNode,
                MOST_PER_NODE);
        Tries tries = new Tries(question);
        for (int devices = 1; devices <= perNode; devices++) {
            if (tries.fits(Cluster.of(accelerator, devices))) {
                return tries.enough();
            }
        }
        for (int count = 2; count <= nodes; count++) {
            if (tries.fits(Cluster.of(accelerator, perNode, count)) || tries.spreadsLayers()) {
                Optional<Deployment> whole = tries.enough();
                for (int devices = 1; devices < perNode; devices++) {
                    if (tries.fits(filled(accelerator, perNode, count - 1, devices))) {
                        return tries.enough();
                    }
                }
                if (whole.isPresent()) {
                    return whole;
                }
            }
        }
        tries.throwIfNoneAsked();
        return Optional.empty();
    }

    private static Cluster filled(Accelerator accelerator, int perNode, int whole, int inLast) {
        return new Cluster(Stream.of(Cluster.of(accelerator, perNode, whole), Cluster.of(accelerator, inLast))
                .flatMap(machines -> machines.groups().stream())
                .toList());
    }

    /**
     * The fewest machines of a type.
     *
     * @param node the type
     * @param nodes the most machines, 1 to 128
     * @return the deployment with the best layout; nothing where even all of them are not enough
     * @throws InvalidLayoutException if what is asked for can't be laid out on any number of them
     * @throws IllegalArgumentException if the number is out of range, or all of them have fewer devices than the ranks that are
     *     asked for
     */
    public Optional<Deployment> fewest(Node node, int nodes) {
        checkArgument(nodes >= 1 && nodes <= MOST_NODES, "%s machines; 1 to %s allowed", nodes, MOST_NODES);
        return first(IntStream.rangeClosed(1, nodes)
                .mapToObj(count -> new Cluster(List.of(new Cluster.Group(node, count))))
                .toList());
    }

    /**
     * The accelerator with the least memory of which some devices are enough.
     *
     * @param accelerators to choose from
     * @param devices in one machine, 1 to 1,024
     * @return the deployment on it; of several with equal memory the first by name
     * @throws InvalidLayoutException if what is asked for can't be laid out on any of them
     * @throws IllegalArgumentException if the devices are fewer than the ranks that are asked for
     */
    public Optional<Deployment> smallest(List<Accelerator> accelerators, int devices) {
        return smallest(accelerators, devices, 1);
    }

    /**
     * The accelerator with the least memory of which some machines are enough.
     *
     * @param accelerators to choose from
     * @param perNode devices of a machine, 1 to 1,024
     * @param nodes machines, 1 to 65,536
     * @return the deployment on it; of several with equal memory the first by name
     * @throws InvalidLayoutException if what is asked for can't be laid out on any of them
     * @throws IllegalArgumentException if the devices are fewer than the ranks that are asked for
     */
    public Optional<Deployment> smallest(List<Accelerator> accelerators, int perNode, int nodes) {
        return first(accelerators.stream()
                .sorted(Comparator.comparing((Accelerator each) -> each.memory().usable())
                        .thenComparing(Accelerator::id))
                .map(accelerator -> Cluster.of(accelerator, perNode, nodes))
                .toList());
    }

    private Optional<Deployment> first(List<Cluster> clusters) {
        Tries tries = new Tries(question);
        if (clusters.stream().noneMatch(tries::fits)) {
            tries.throwIfNoneAsked();
        }
        return tries.enough();
    }

    /**
     * The clusters that are enough.
     *
     * @param clusters to choose from
     * @return a deployment for each, in the given order, made when it is asked for; none where it can't be laid out
     */
    public Stream<Deployment> fitting(List<Cluster> clusters) {
        return clusters.stream().flatMap(this::fitting);
    }

    private Stream<Deployment> fitting(Cluster cluster) {
        Tries tries = new Tries(question);
        tries.fits(cluster);
        return tries.enough().stream();
    }
}
