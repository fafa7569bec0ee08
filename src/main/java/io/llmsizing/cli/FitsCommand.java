package io.llmsizing.cli;

import io.llmsizing.Verdict;
import io.llmsizing.report.RemedyReport;
import io.llmsizing.report.TextReport;
import picocli.CommandLine.Command;

/** {@code fits MODEL CLUSTER}. */
@Command(
        name = "fits",
        description = "Does a model fit a cluster? Exit code 0: it does, 1: it does not, 3: too close to call.",
        mixinStandardHelpOptions = true)
final class FitsCommand extends VerdictCommand {
    @Override
    String text(Verdict verdict) {
        return TextReport.of(verdict) + RemedyReport.text(verdict, remedies(verdict));
    }

    @Override
    boolean listsLines() {
        return false;
    }
}
