package io.llmsizing.planner;

import java.util.ArrayList;
import java.util.List;

/** Plans of which none is as good as another in everything. Of equal plans the first stays. */
final class Frontier {
    private final Objective objective;
    private final List<Candidate> candidates = new ArrayList<>();

    Frontier(Objective objective) {
        this.objective = objective;
    }

    /** Takes a plan in unless one that came before is as good in everything; plans that it beats leave. */
    void add(Candidate candidate) {
        for (Candidate before : candidates) {
            if (before.dominates(candidate, objective)) {
                return;
            }
        }
        candidates.removeIf(before -> candidate.dominates(before, objective));
        candidates.add(candidate);
    }

    List<Candidate> candidates() {
        return candidates;
    }
}
