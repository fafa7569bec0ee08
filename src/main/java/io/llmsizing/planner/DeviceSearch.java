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
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
     * @throws InvalidLayoutException if what is asked for can't be laid out on any number of them
     * @throws IllegalArgumentException if a number is out of range, or all of them are fewer than the ranks that are asked for
     */
    public Optional<Deployment> fewest(Accelerator accelerator, int perNode, int nodes) {
        checkArgument(nodes >= 1 && nodes <= MOST_NODES, "%s machines; 1 to %s allowed", nodes, MOST_NODES);
        return first(Stream.concat(
                        IntStream.rangeClosed(1, perNode).mapToObj(devices -> Cluster.of(accelerator, devices)),
                        IntStream.rangeClosed(2, nodes).mapToObj(count -> Cluster.of(accelerator, perNode, count)))
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
        return first(accelerators.stream()
                .sorted(Comparator.comparing((Accelerator each) -> each.memory().usable())
                        .thenComparing(Accelerator::id))
                .map(accelerator -> Cluster.of(accelerator, devices))
                .toList());
    }

    /** The first that is enough. Where none could be asked, the reason that the last could not. */
    private Optional<Deployment> first(List<Cluster> clusters) {
        @Nullable IllegalArgumentException refused = null;
        boolean isAnyAsked = clusters.isEmpty();
        for (Cluster cluster : clusters) {
            try {
                Deployment deployment = question.apply(cluster).build();
                isAnyAsked = true;
                if (Sizing.fits(deployment)) {
                    return Optional.of(deployment);
                }
            } catch (InvalidLayoutException impossible) {
                refused = impossible;
            } catch (IllegalArgumentException impossible) {
                if (!hasTooFew(cluster)) {
                    throw impossible;
                }
                refused = impossible;
            }
        }
        if (!isAnyAsked) {
            throw Objects.requireNonNull(refused);
        }
        return Optional.empty();
    }

    private boolean hasTooFew(Cluster cluster) {
        return question.apply(cluster).fewestDevices() > cluster.devices();
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
        if (hasTooFew(cluster)) {
            return Stream.empty();
        }
        try {
            return Stream.of(question.apply(cluster).build()).filter(Sizing::fits);
        } catch (InvalidLayoutException impossible) {
            return Stream.empty();
        }
    }
}
