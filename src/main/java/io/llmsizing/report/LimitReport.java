package io.llmsizing.report;

import io.llmsizing.Constraint;
import io.llmsizing.Deployment;
import io.llmsizing.Footprint;
import io.llmsizing.Sizing;
import io.llmsizing.Verdict;
import io.llmsizing.workload.Workload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How far a number goes, what binds it, and that the next step does not fit, for people and for programs.
 *
 * @param kind which number
 * @param last the deployment at the limit, if anything fits for sure
 * @param next the one a step beyond, or the smallest where nothing fits; nothing where no more can be asked for
 */
public record LimitReport(Kind kind, Optional<Deployment> last, Optional<Deployment> next) {
    /** The number that is pushed to its limit. */
    public enum Kind {
        /** Tokens of each sequence. */
        CONTEXT,
        /** Sequences held at once. */
        SEQUENCES;

        /**
         * The workload a step beyond a limit.
         *
         * @param workload what else is asked for
         * @param last the deployment at the limit, if anything fits
         * @return with one token or one sequence more, with one, or with no more than all share, where nothing fits; nothing
         *     where no more can be asked for
         */
        public Optional<Workload> beyond(Workload workload, Optional<Deployment> last) {
            if (last.isPresent() && of(last.get()) == most(last.get())) {
                return Optional.empty();
            }
            long one = last.map(this::of).orElse(0L) + 1;
            return Optional.of(
                    this == CONTEXT
                            ? workload.contextTokens(Math.max(one, workload.sharedPrefixTokens()))
                            : workload.sequences(one));
        }

        /** The most that can be asked for, be there memory for it or not. */
        private long most(Deployment deployment) {
            return this == CONTEXT ? deployment.model().contextTokens() : Sizing.mostAsked(deployment);
        }

        private String end(Deployment deployment) {
            if (this == CONTEXT) {
                return "this is all that the model is made for";
            }
            return deployment.workload().maxSequences().isPresent()
                    ? "a step takes no more as it is set (--max-sequences)"
                    : "2^31 is the most that is counted";
        }

        private long of(Deployment deployment) {
            Workload workload = deployment.workload();
            return this == CONTEXT ? workload.contextTokens() : workload.sequences();
        }

        private String words(Deployment deployment) {
            Workload workload = deployment.workload();
            String tokens = TextReport.counted(workload.contextTokens(), "token");
            String sequences = TextReport.counted(workload.sequences(), "sequence");
            return (this == CONTEXT ? tokens + " for " + sequences : sequences + " of " + tokens)
                    + TextReport.prefix(workload.sharedPrefixTokens());
        }
    }

    /**
     * The answer for people.
     *
     * @return lines ending in line feeds
     */
    public String text() {
        List<String> lines = new ArrayList<>();
        Deployment shown = last.or(() -> next).orElseThrow();
        Verdict verdict = Sizing.size(shown);
        lines.add(headline(shown, verdict));
        lines.add("model     " + shown.model().name() + "  (weights " + shown.weights() + ", cache "
                + shown.cache().name() + ")");
        lines.add("cluster   " + shown.cluster());
        lines.add("layout    " + shown.layout() + "  under " + shown.engine());
        constraint().ifPresent(bound -> lines.add("bound by  " + bound.id().replace('_', ' ')));
        Doubts.of(verdict).forEach(line -> lines.add("hangs on  " + Doubts.text(line)));
        last.ifPresent(at -> lines.add(proof("needs", at)));
        lines.add(next.map(beyond -> proof(last.isEmpty() ? "smallest" : "next", beyond))
                .orElse("next      no more can be asked for: " + kind.end(shown)));
        Answer.texts(shown.assumptions()).forEach(assumption -> lines.add("note      " + assumption));
        return String.join("\n", lines) + "\n";
    }

    private String headline(Deployment shown, Verdict verdict) {
        if (last.isPresent()) {
            return kind.words(shown);
        }
        return verdict instanceof Verdict.TooCloseToCall
                ? "TOO CLOSE TO CALL  even " + kind.words(shown) + ": " + verdict.reason()
                : "NOTHING FITS  not even " + kind.words(shown);
    }

    /** What runs out with the next step; nothing where sequences end otherwise than for memory. */
    private Optional<Constraint> constraint() {
        Optional<Deployment> bound = kind == Kind.CONTEXT ? last.or(() -> next) : next;
        return bound.map(at -> Sizing.size(at).finding().bindingConstraint());
    }

    /** The most that the tightest rank may need, and the budget, to the byte. */
    private String proof(String label, Deployment deployment) {
        Verdict verdict = Sizing.size(deployment);
        long left = left(deployment);
        return String.format(
                Locale.ROOT,
                "%-9s %s: %s may need up to %,d B of %,d B, %,d B %s: %s",
                label,
                kind.words(deployment),
                verdict.finding().rank(),
                verdict.finding().high().bytes(),
                verdict.finding().high().bytes() + left,
                Math.abs(left),
                left < 0 ? "too many" : "to spare",
                verdict.id().replace('_', ' '));
    }

    private static long left(Deployment deployment) {
        Footprint footprint = deployment.footprint();
        Workload workload = deployment.workload();
        int stage = Sizing.size(deployment).finding().stage();
        return footprint.headroom(stage, workload.contextTokens(), workload.sequences());
    }

    /**
     * The answer for programs.
     *
     * @return the number under {@code max_context_tokens} or {@code max_sequences}, 0 where nothing fits for sure; under
     *     {@code verdict} that of this number, or of the smallest where it is 0, and under {@code doubts} the widest bands that
     *     keep it from being sure; what the deployment is made of, {@code binding_constraint}, null where memory does not end it,
     *     {@code at_limit} and {@code next}, which is null where no more can be asked for
     */
    public Map<String, Object> json() {
        Deployment shown = last.or(() -> next).orElseThrow();
        Verdict verdict = Sizing.size(shown);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put(
                kind == Kind.CONTEXT ? "max_context_tokens" : "max_sequences",
                last.map(kind::of).orElse(0L));
        answer.put("verdict", verdict.id());
        answer.put("doubts", Doubts.of(verdict).stream().map(Doubts::json).toList());
        answer.put("model", shown.model().name());
        answer.putAll(PlanReport.setup(shown));
        answer.put("binding_constraint", constraint().map(Constraint::id).orElse(null));
        answer.put("at_limit", last.map(LimitReport::json).orElse(null));
        answer.put("next", next.map(LimitReport::json).orElse(null));
        answer.put("assumptions", Answer.texts(shown.assumptions()));
        return answer;
    }

    private static Map<String, Object> json(Deployment deployment) {
        Verdict verdict = Sizing.size(deployment);
        Map<String, Object> written = new LinkedHashMap<>();
        written.put("context_tokens", deployment.workload().contextTokens());
        written.put("sequences", deployment.workload().sequences());
        written.put("shared_prefix_tokens", deployment.workload().sharedPrefixTokens());
        written.put("layout", Answer.layout(deployment.layout()));
        written.put("verdict", verdict.id());
        written.put("high_bytes", verdict.finding().high().bytes());
        written.put("budget_bytes", verdict.finding().high().bytes() + left(deployment));
        return written;
    }
}
