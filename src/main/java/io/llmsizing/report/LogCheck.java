package io.llmsizing.report;

import com.google.common.collect.ImmutableList;
import io.llmsizing.Verdict;
import io.llmsizing.serverlog.LogEngine;
import io.llmsizing.serverlog.ServerLog;
import java.util.List;

/**
 * What a server printed against what is predicted for it, term by term.
 *
 * @param log what was printed
 * @param verdict about the deployment as it was reconstructed
 * @param terms the terms that both sides have
 * @param remarks what explains notable differences, as far as anything does
 */
public record LogCheck(ServerLog log, Verdict verdict, List<CheckedTerm> terms, List<String> remarks) {
    /**
     * Copies the lists.
     *
     * @param log as documented above
     * @param verdict as documented above
     * @param terms as documented above
     * @param remarks as documented above
     */
    public LogCheck {
        terms = ImmutableList.copyOf(terms);
        remarks = ImmutableList.copyOf(remarks);
    }

    /**
     * Compares a log with a prediction. Where the engine has no profile here, weights and the bytes of a cached token alone
     * are compared.
     *
     * @param log what was printed
     * @param verdict about the same deployment
     * @return both, term by term
     */
    public static LogCheck of(ServerLog log, Verdict verdict) {
        LoggedTerms terms = log.engine() == LogEngine.LLAMA_CPP
                ? LoggedTerms.ofBuffers(log, verdict)
                : LoggedTerms.ofPool(log, verdict);
        return new LogCheck(log, verdict, terms.list(), new LogResiduals(log, verdict, terms.list()).remarks());
    }

    /**
     * Whether every term lies inside its band.
     *
     * @return whether; true where nothing could be compared
     */
    public boolean isInside() {
        return terms.stream().allMatch(CheckedTerm::isInside);
    }

    /**
     * Whether the log ends for want of memory where the verdict says that it fits.
     *
     * @return whether
     */
    public boolean failedUnforeseen() {
        return log.failed() && verdict instanceof Verdict.Fits;
    }

    /**
     * Whether all went as predicted: every term, and a start that failed.
     *
     * @return whether
     */
    public boolean isAsPredicted() {
        return isInside() && !failedUnforeseen();
    }
}
