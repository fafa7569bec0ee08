package io.llmsizing;

import static com.google.common.base.Preconditions.checkArgument;

import io.llmsizing.engine.EngineFeature;
import io.llmsizing.engine.EngineLayouts;
import io.llmsizing.engine.PrefixSharing;
import io.llmsizing.parallel.ParallelLayout;

/** Which deployments make sense; what does not is refused with its value and a way out. */
final class DeploymentRules {
    private final Deployment deployment;

    DeploymentRules(Deployment deployment) {
        this.deployment = deployment;
    }

    /** What does not depend on the layout. */
    void checkAskedFor() {
        checkArgument(
                deployment.workload().contextTokens() <= deployment.model().contextTokens(),
                "a context of %s tokens is beyond the %s that %s is made for; ask for 1 to %s",
                deployment.workload().contextTokens(),
                deployment.model().contextTokens(),
                deployment.model().name(),
                deployment.model().contextTokens());
        deployment
                .askedFraction()
                .ifPresent(fraction -> checkArgument(
                        fraction.numerator() > 0 && fraction.numerator() <= fraction.denominator(),
                        "a memory fraction of %s; above 0 and up to 1 allowed",
                        fraction));
        checkArgument(
                !deployment.isSpeculative()
                        || deployment.model().speculativeHead().isPresent(),
                "speculative tokens, but %s has no multi-token prediction; leave them out",
                deployment.model().name());
        PrefixSharing.held(deployment.engine(), deployment.workload().sequences(), deployment.workload());
        checkLora();
        Drafting.check(deployment);
        checkHost();
        EngineRefusals.checkAskedFor(deployment);
    }

    /** All but how tensors are cut. */
    void checkLayout() {
        ParallelLayout layout = deployment.layout();
        if (layout.ranks() > deployment.cluster().devices()) {
            throw new IllegalArgumentException("layout " + layout + " needs " + layout.ranks() + " devices; "
                    + deployment.cluster() + " has " + deployment.cluster().devices());
        }
        if (layout.context() > 1) {
            checkDrafting(layout);
        }
        EngineRefusals.checkLayout(deployment);
        EngineLayouts.violation(deployment.engine(), layout)
                .or(deployment.placement()::violation)
                .or(() -> Drafting.violation(deployment))
                .ifPresent(reason -> {
                    throw new InvalidLayoutException(reason);
                });
    }

    private void checkDrafting(ParallelLayout layout) {
        if (deployment.isSpeculative()) {
            throw new InvalidLayoutException(
                    "speculative tokens with context parallel " + layout.context() + "; leave one of them out");
        }
        deployment.draft().ifPresent(draft -> {
            throw new InvalidLayoutException(
                    "draft " + draft.name() + " with context parallel " + layout.context() + "; leave one of them out");
        });
    }

    private void checkHost() {
        int layers = deployment.model().layers().size();
        checkArgument(
                deployment.hostShare().isNone() || deployment.engine().sharesWithHost(),
                "layers or experts on the host, but %s computes on devices alone; leave them out, or use llama.cpp",
                deployment.engine());
        checkArgument(
                deployment.hostShare().expertLayers() == 0 || deployment.model().hasExperts(),
                "the experts of %s layers on the host, but %s has no routed experts; leave them out",
                deployment.hostShare().expertLayers(),
                deployment.model().name());
        checkArgument(
                deployment.hostShare().layers() <= layers
                        && deployment.hostShare().expertLayers() <= layers,
                "%s layers and the experts of %s on the host; %s has %s layers",
                deployment.hostShare().layers(),
                deployment.hostShare().expertLayers(),
                deployment.model().name(),
                layers);
        if (!deployment.hostShare().isNone()) {
            HostOffload.withoutHost(deployment.cluster()).ifPresent(reason -> {
                throw new InvalidLayoutException(reason);
            });
        }
    }

    private void checkLora() {
        deployment
                .loraSlots()
                .ifPresent(slots -> checkArgument(
                        deployment.engine().features().contains(EngineFeature.LORA_SLOTS),
                        "LoRA slots: %s, but the room that %s sets aside for adapters is not known; leave them out, or take vllm",
                        slots.count(),
                        deployment.engine()));
    }
}
