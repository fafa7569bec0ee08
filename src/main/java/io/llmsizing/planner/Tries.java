package io.llmsizing.planner;

import io.llmsizing.Deployment;
import io.llmsizing.DeploymentBuilder;
import io.llmsizing.InvalidLayoutException;
import io.llmsizing.Sizing;
import io.llmsizing.hardware.Cluster;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One question asked of clusters in turn, of which some may be unable to hold the layout that is asked for. */
final class Tries {
    private final Function<Cluster, DeploymentBuilder> question;
    private @Nullable Deployment last;
    private boolean isAnyAsked;
    private @Nullable IllegalArgumentException refused;

    Tries(Function<Cluster, DeploymentBuilder> question) {
        this.question = question;
    }

    /**
     * Whether a cluster is enough for sure.
     *
     * @throws IllegalArgumentException if the cluster is not the reason that it can't be asked
     */
    boolean fits(Cluster cluster) {
        last = null;
        DeploymentBuilder builder = question.apply(cluster);
        try {
            last = builder.build();
            isAnyAsked = true;
            return Sizing.fits(last);
        } catch (InvalidLayoutException impossible) {
            refused = impossible;
        } catch (IllegalArgumentException impossible) {
            if (builder.fewestDevices() <= cluster.devices()) {
                throw impossible;
            }
            refused = refused instanceof InvalidLayoutException ? refused : impossible;
        }
        return false;
    }

    /** The deployment of the last try, if that was enough. */
    Optional<Deployment> enough() {
        return Optional.ofNullable(last).filter(Sizing::fits);
    }

    /** Whether the engine of the last try puts layers on all devices there are, so that more of them may hold less. */
    boolean spreadsLayers() {
        return last != null && last.engine().spreadsLayers();
    }

    /** Refuses what could be asked of no cluster, for the reason that the last could not. */
    void throwIfNoneAsked() {
        if (!isAnyAsked && refused != null) {
            throw refused;
        }
    }
}
