package io.llmsizing.report;

import com.google.common.collect.ImmutableMap;
import io.llmsizing.Deployment;
import io.llmsizing.Sizing;
import io.llmsizing.Verdict;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.model.Model;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The fewest devices of each kind, for people and for programs.
 *
 * @param model what is served
 * @param found for each kind the deployment on the fewest, nothing where all of them are not enough
 * @param refused kinds on which what is asked for can't be laid out, with the reason
 * @param perNode devices of a machine that were tried at most
 * @param nodes machines that were tried at most
 */
public record DeviceCountReport(
        Model model,
        Map<Accelerator, Optional<Deployment>> found,
        Map<Accelerator, String> refused,
        int perNode,
        int nodes) {
    /** Fewest devices first, then the least memory. */
    private List<Deployment> enough() {
        return found.values().stream()
                .flatMap(Optional::stream)
                .sorted(Comparator.comparingInt(
                                (Deployment each) -> each.cluster().devices())
                        .thenComparing(each ->
                                each.cluster().firstAccelerator().memory().usable())
                        .thenComparing(each -> each.cluster().firstAccelerator().id()))
                .toList();
    }

    private static int machines(Deployment deployment) {
        return deployment.cluster().groups().stream()
                .mapToInt(Cluster.Group::count)
                .sum();
    }

    private List<Accelerator> tooSmall() {
        return found.entrySet().stream()
                .filter(kind -> kind.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .toList();
    }

    /**
     * The answer for people.
     *
     * @return lines ending in line feeds
     */
    public String text() {
        List<List<String>> table = new ArrayList<>();
        table.add(List.of(
                "DEVICES",
                "MACHINES",
                "ACCELERATOR",
                "USABLE",
                "LAYOUT",
                "WEIGHTS",
                "ENGINE",
                "HEADROOM",
                "SEQUENCES"));
        for (Deployment each : enough()) {
            Verdict verdict = Sizing.size(each);
            Accelerator kind = each.cluster().firstAccelerator();
            table.add(List.of(
                    String.format(Locale.ROOT, "%,d", each.cluster().devices()),
                    String.format(Locale.ROOT, "%,d", machines(each)),
                    kind.name(),
                    kind.memory().usable().toDisplay(),
                    each.layout().toString(),
                    each.weights().name(),
                    each.engine().toString(),
                    verdict.headroom().toDisplay(),
                    String.format(Locale.ROOT, "%,d", verdict.finding().maxSequences())));
        }
        List<String> lines = new ArrayList<>();
        enough().stream().findFirst().ifPresent(first -> {
            lines.add(String.format(
                    Locale.ROOT,
                    "%s, %,d sequence%s of %,d tokens",
                    model.name(),
                    first.workload().sequences(),
                    first.workload().sequences() == 1 ? "" : "s",
                    first.workload().contextTokens()));
            lines.add("");
            lines.addAll(TextTable.aligned(table, Set.of(2, 4, 5, 6)));
        });
        if (!tooSmall().isEmpty()) {
            String tried =
                    (nodes == 1 ? "" : nodes + " machines of ") + perNode + (perNode == 1 ? " device" : " devices");
            lines.add((lines.isEmpty() ? "NOTHING FITS  " + model.name() + ": " : "") + "even " + tried
                    + " are too few of "
                    + tooSmall().stream().map(Accelerator::name).collect(Collectors.joining(", ")));
        }
        refused.forEach((kind, reason) -> lines.add("not on " + kind.name() + ": " + reason));
        return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    /**
     * The answer for programs.
     *
     * @return {@code model}, {@code fewest} with an entry for each kind that is enough, {@code not_enough} with the ids of
     *     others, and {@code refused} with the ids and {@code reason} of those that can't be asked
     */
    public Map<String, Object> json() {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("model", model.name());
        answer.put("fewest", enough().stream().map(DeviceCountReport::json).collect(Collectors.toList()));
        answer.put("not_enough", tooSmall().stream().map(Accelerator::id).collect(Collectors.toList()));
        answer.put(
                "refused",
                refused.entrySet().stream()
                        .map(kind ->
                                ImmutableMap.of("accelerator", kind.getKey().id(), "reason", kind.getValue()))
                        .collect(Collectors.toList()));
        return answer;
    }

    private static Map<String, Object> json(Deployment each) {
        Verdict verdict = Sizing.size(each);
        Map<String, Object> written = new LinkedHashMap<>();
        written.put("accelerator", each.cluster().firstAccelerator().id());
        written.put("devices", each.cluster().devices());
        written.put("nodes", machines(each));
        written.putAll(PlanReport.setup(each));
        written.put("headroom_bytes", verdict.headroom().bytes());
        written.put("max_context_tokens", verdict.finding().maxContext());
        written.put("max_sequences", verdict.finding().maxSequences());
        written.put("assumptions", Answer.texts(each.assumptions()));
        return written;
    }
}
