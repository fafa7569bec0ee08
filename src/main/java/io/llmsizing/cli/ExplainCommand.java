package io.llmsizing.cli;

import io.llmsizing.Finding;
import io.llmsizing.Sizing;
import io.llmsizing.Verdict;
import io.llmsizing.report.TextReport;
import picocli.CommandLine.Command;

/** {@code explain MODEL CLUSTER}. */
@Command(
        name = "explain",
        description = "Where every byte of the tightest rank comes from. Exit codes as for fits.",
        mixinStandardHelpOptions = true)
final class ExplainCommand extends VerdictCommand {
    @Override
    String text(Verdict verdict) {
        Finding finding = verdict.finding();
        return TextReport.of(Sizing.explain(finding.deployment(), finding.stage()));
    }

    @Override
    boolean listsLines() {
        return true;
    }
}
