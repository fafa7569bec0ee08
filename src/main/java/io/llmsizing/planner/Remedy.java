package io.llmsizing.planner;

import io.llmsizing.Deployment;
import io.llmsizing.Sizing;
import io.llmsizing.Verdict;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Changes with which a deployment fits for sure, sized.
 *
 * @param changes one or two, in words of the settings they change
 * @param deployment the changed deployment
 */
public record Remedy(List<Change> changes, Deployment deployment) {
    /**
     * One changed setting.
     *
     * @param key the setting, as a question's key has it, such as {@code kv_cache}
     * @param value its new value
     */
    public record Change(String key, String value) {
        /**
         * The written form.
         *
         * @return such as {@code kv_cache=fp8}
         */
        @Override
        public String toString() {
            return key + "=" + value;
        }
    }

    /**
     * Copies the changes.
     *
     * @param changes as documented above
     * @param deployment as documented above
     */
    public Remedy {
        changes = List.copyOf(changes);
    }

    /**
     * All changes in one line.
     *
     * @return such as {@code kv_cache=fp8 enforce_eager=true}
     */
    public String change() {
        return changes.stream().map(Change::toString).collect(Collectors.joining(" "));
    }

    /**
     * The verdict with the changes.
     *
     * @return that it fits, with its figures
     */
    public Verdict verdict() {
        return Sizing.size(deployment);
    }
}
