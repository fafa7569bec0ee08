package io.llmsizing.report;

import io.llmsizing.Deployment;
import io.llmsizing.Sizing;
import io.llmsizing.Verdict;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.planner.ModelSearch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which models fit a cluster, for people and for programs.
 *
 * @param cluster the cluster
 * @param found what was found
 * @param top models that are shown at most
 */
public record ModelChoiceReport(Cluster cluster, ModelSearch.Found found, int top) {
    private List<Deployment> shown() {
        return found.fitting().subList(0, Math.min(top, found.fitting().size()));
    }

    /**
     * The answer for people.
     *
     * @return lines ending in line feeds
     */
    public String text() {
        List<String> lines = new ArrayList<>();
        if (found.fitting().isEmpty()) {
            lines.add("NOTHING FITS  " + cluster);
        } else {
            List<List<String>> table = new ArrayList<>();
            table.add(
                    List.of("MODEL", "PARAMETERS", "LAYOUT", "ENGINE", "HEADROOM", "CONTEXT", "SEQUENCES", "WEIGHTS"));
            shown().forEach(each -> table.add(row(each)));
            lines.addAll(TextTable.aligned(table, Set.of(0, 2, 3, 7)));
        }
        lines.add("");
        lines.add(String.format(
                Locale.ROOT,
                "%,d models fit %s%s; %,d are too close to call, %,d do not fit, %,d can't be asked (a context beyond theirs, or a layout that they can't have)",
                found.fitting().size(),
                cluster,
                shown().size() < found.fitting().size()
                        ? ", of which the " + shown().size() + " largest are shown"
                        : "",
                found.tooClose(),
                found.tooLarge(),
                found.refused()));
        return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    private static List<String> row(Deployment each) {
        Verdict verdict = Sizing.size(each);
        return List.of(
                each.model().name(),
                String.format(Locale.ROOT, "%,d", each.model().parameters().total()),
                each.layout().toString(),
                each.engine().toString(),
                verdict.headroom().toDisplay(),
                String.format(Locale.ROOT, "%,d", verdict.finding().maxContext()),
                String.format(Locale.ROOT, "%,d", verdict.finding().maxSequences()),
                each.weights().name());
    }

    /**
     * The answer for programs.
     *
     * @return {@code cluster}, how many models fit, are too close to call, do not fit and can't be asked, and {@code models}
     */
    public Map<String, Object> json() {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("cluster", cluster.toString());
        answer.put("fits", found.fitting().size());
        answer.put("too_close_to_call", found.tooClose());
        answer.put("does_not_fit", found.tooLarge());
        answer.put("refused", found.refused());
        answer.put("models", shown().stream().map(ModelChoiceReport::json).collect(Collectors.toList()));
        return answer;
    }

    private static Map<String, Object> json(Deployment each) {
        Verdict verdict = Sizing.size(each);
        Map<String, Object> written = new LinkedHashMap<>();
        written.put("model", each.model().name());
        written.put("parameters", each.model().parameters().total());
        written.putAll(PlanReport.setup(each));
        written.put("headroom_bytes", verdict.headroom().bytes());
        written.put("max_context_tokens", verdict.finding().maxContext());
        written.put("max_sequences", verdict.finding().maxSequences());
        return written;
    }
}
