package io.llmsizing.cli;

import io.llmsizing.Deployment;
import io.llmsizing.DeploymentBuilder;
import io.llmsizing.planner.Limits;
import io.llmsizing.report.LimitReport;
import io.llmsizing.workload.Workload;
import java.util.Optional;
import picocli.CommandLine.Command;

/** {@code max-context MODEL CLUSTER}. */
@Command(
        name = "max-context",
        description = "The longest context that fits for sure, what binds it, and that one token more does not fit.",
        mixinStandardHelpOptions = true)
final class MaxContextCommand extends LimitCommand {
    @Override
    LimitReport.Kind kind() {
        return LimitReport.Kind.CONTEXT;
    }

    @Override
    void refuse(Question asked, Workload workload) {
        if (asked.namesContext()) {
            throw new IllegalArgumentException(
                    "--context is what max-context finds out; leave it out, or ask fits whether it is short enough");
        }
    }

    @Override
    Optional<Deployment> last(DeploymentBuilder builder, Workload workload) {
        return Limits.longestContext(builder, workload);
    }
}
