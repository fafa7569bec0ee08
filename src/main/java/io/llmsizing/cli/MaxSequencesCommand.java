package io.llmsizing.cli;

import io.llmsizing.Deployment;
import io.llmsizing.DeploymentBuilder;
import io.llmsizing.planner.Limits;
import io.llmsizing.report.LimitReport;
import io.llmsizing.workload.Workload;
import java.util.Optional;
import picocli.CommandLine.Command;

/** {@code max-sequences MODEL CLUSTER}. */
@Command(
        name = "max-sequences",
        description = "The most sequences that fit for sure, what binds them, and that one more does not fit.",
        mixinStandardHelpOptions = true)
final class MaxSequencesCommand extends LimitCommand {
    @Override
    LimitReport.Kind kind() {
        return LimitReport.Kind.SEQUENCES;
    }

    @Override
    void refuse(Question asked, Workload workload) {
        if (workload.sequences() != 1) {
            throw new IllegalArgumentException(
                    "--sequences is what max-sequences finds out; leave it out, or ask fits whether they are few enough");
        }
    }

    @Override
    Optional<Deployment> last(DeploymentBuilder builder, Workload workload) {
        return Limits.mostSequences(builder, workload);
    }
}
