package io.llmsizing.planner;

import io.llmsizing.Deployment;
import io.llmsizing.DeploymentBuilder;
import io.llmsizing.InvalidLayoutException;
import io.llmsizing.Sizing;
import io.llmsizing.hardware.Cluster;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One question asked of clusters in turn, of some of which it can't be asked: they have too few devices, or too little memory for the engine. */
final class Tries {
    private final Function<Cluster, DeploymentBuilder> question;
    private @Nullable Deployment last;
    private boolean isAnyAsked;
    private @Nullable IllegalArgumentException refused;

    Tries(Function<Cluster, DeploymentBuilder> question) {
        this.question = question;
    }

    /** Whether a cluster is enough for sure; false also where it can't be asked. */
    boolean fits(Cluster cluster) {
        last = null;
        try {
            last = question.apply(cluster).build();
            isAnyAsked = true;
            return Sizing.fits(last);
        } catch (IllegalArgumentException impossible) {
            boolean saysLess =
                    refused instanceof InvalidLayoutException && !(impossible instanceof InvalidLayoutException);
            refused = saysLess ? refused : impossible;
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

    /** Refuses what could be asked of no cluster, for the reason that the last could not; that a layout can't be says more. */
    void throwIfNoneAsked() {
        if (!isAnyAsked && refused != null) {
            throw refused;
        }
    }
}
