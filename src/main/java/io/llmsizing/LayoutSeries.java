package io.llmsizing;

import io.llmsizing.hardware.Cluster;
import io.llmsizing.model.Model;
import io.llmsizing.parallel.LayoutRules;
import io.llmsizing.parallel.ParallelLayout;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Deployments that differ in their layouts alone. What holds for several layouts is checked and compiled once, so that the
 * hundredth takes a fraction of the first; each is equal to the one that is built by itself. Not thread-safe; it keeps what it
 * has compiled.
 */
public final class LayoutSeries {
    private final DeploymentBuilder settings;
    private final Cluster cluster;
    private final StageCompiler compiler = new StageCompiler();
    private final Map<ParallelLayout, Boolean> cuts = new HashMap<>();
    private boolean isAskedForChecked;

    LayoutSeries(DeploymentBuilder settings, Cluster cluster) {
        this.settings = settings;
        this.cluster = cluster;
    }

    /**
     * The deployment with a layout.
     *
     * @param layout how ranks share the model
     * @return an immutable deployment with its footprint
     * @throws InvalidLayoutException if the layout can't be, naming the sizes that work
     * @throws IllegalArgumentException naming a value out of range
     * @throws ArithmeticException naming the line whose bytes are beyond 2^63
     */
    public Deployment with(ParallelLayout layout) {
        return new Deployment(settings, cluster, settings.engine().laidOut(settings.model, layout), this);
    }

    StageCompiler compiler() {
        return compiler;
    }

    /** Refuses a deployment that makes no sense. */
    void check(Deployment deployment) {
        DeploymentRules rules = new DeploymentRules(deployment);
        if (!isAskedForChecked) {
            rules.checkAskedFor();
            isAskedForChecked = true;
        }
        rules.checkLayout();
        violation(deployment).ifPresent(reason -> {
            throw new InvalidLayoutException(reason);
        });
    }

    /** Stages cut no tensor, and without experts replicas don't. */
    private Optional<String> violation(Deployment deployment) {
        Model model = deployment.model();
        ParallelLayout layout = deployment.layout();
        ParallelLayout cut = layout.pipeline(1).data(model.hasExperts() || layout.expert() ? layout.data() : 1);
        boolean isValid = layout.pipeline() <= model.layers().size()
                && cuts.computeIfAbsent(cut, unseen -> LayoutRules.isValid(model, deployment.weights(), unseen));
        return isValid ? Optional.empty() : LayoutRules.violation(model, deployment.weights(), layout);
    }
}
