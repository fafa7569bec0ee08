package io.llmsizing.cli;

import io.llmsizing.InvalidLayoutException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Why a question could not be asked of some of the things that it is asked of.
 *
 * @param <T> the things
 */
final class Refusals<T> {
    private final Map<T, IllegalArgumentException> refusals = new LinkedHashMap<>();

    /** Asks, and keeps the reason where that can't be. */
    void of(T asked, Runnable question) {
        try {
            question.run();
        } catch (IllegalArgumentException refused) {
            refusals.put(asked, refused);
        }
    }

    /** The things with the reasons, in the order in which they were asked. */
    Map<T, String> reasons() {
        Map<T, String> reasons = new LinkedHashMap<>();
        refusals.forEach((asked, refused) -> reasons.put(asked, reason(refused)));
        return reasons;
    }

    /**
     * Refuses a question that could be asked of nothing, for the reason that is heard most; that a layout can't be says more
     * than that devices are few.
     */
    void throwIfAll(int asked) {
        if (asked == 0 || refusals.size() < asked) {
            return;
        }
        List<IllegalArgumentException> heard = new ArrayList<>(refusals.values());
        if (heard.stream().anyMatch(InvalidLayoutException.class::isInstance)) {
            heard.removeIf(refused -> !(refused instanceof InvalidLayoutException));
        }
        throw heard.stream()
                .max(Comparator.comparingLong(one -> heard.stream()
                        .filter(other -> reason(other).equals(reason(one)))
                        .count()))
                .orElseThrow();
    }

    private static String reason(IllegalArgumentException refused) {
        return String.valueOf(refused.getMessage());
    }
}
