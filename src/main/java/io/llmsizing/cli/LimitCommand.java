package io.llmsizing.cli;

import io.llmsizing.Deployment;
import io.llmsizing.DeploymentBuilder;
import io.llmsizing.Sizing;
import io.llmsizing.catalog.Catalog;
import io.llmsizing.report.LimitReport;
import io.llmsizing.workload.Workload;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** A command about how far one number of the workload can go. */
abstract class LimitCommand extends PlannerCommand {
    @Parameters(index = "0", paramLabel = "MODEL", description = "As for fits.")
    private String model = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "CLUSTER", description = "As for fits.")
    private @Nullable String cluster;

    @Mixin
    private Question question = new Question();

    /** What is pushed to its limit. */
    abstract LimitReport.Kind kind();

    /** Refuses a workload that says already what is asked. */
    abstract void refuse(Question asked, Workload workload);

    /** The deployment at the limit. */
    abstract Optional<Deployment> last(DeploymentBuilder builder, Workload workload);

    @Override
    int answer(Catalog opened) throws IOException {
        DeploymentBuilder builder = question.about(model, cluster, err()).builder(opened);
        Workload workload = builder.build().workload();
        refuse(question, workload);
        Optional<Deployment> last = last(builder, workload);
        Optional<Deployment> next = kind().beyond(workload, last)
                .map(beyond -> builder.workload(beyond).build());
        LimitReport report = new LimitReport(kind(), last, next);
        print(report::text, report::json);
        return last.isPresent()
                ? ExitCodes.FITS
                : next.map(smallest -> ExitCodes.of(Sizing.size(smallest))).orElse(ExitCodes.DOES_NOT_FIT);
    }
}
