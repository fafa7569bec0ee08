package io.llmsizing.report;

import io.llmsizing.Finding;
import io.llmsizing.Verdict;
import io.llmsizing.planner.Remedy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What would make a deployment fit, for people and for programs. */
public final class RemedyReport {
    private RemedyReport() {}

    /**
     * The remedies for people, the cheapest first.
     *
     * @param verdict what they are for
     * @param remedies of it
     * @return lines ending in line feeds; nothing where it fits
     */
    public static String text(Verdict verdict, List<Remedy> remedies) {
        return verdict instanceof Verdict.Fits ? "" : "\n" + text(remedies);
    }

    static String text(List<Remedy> remedies) {
        if (remedies.isEmpty()) {
            return "nothing that is known here would make it fit for sure\n";
        }
        List<List<String>> table = new ArrayList<>();
        for (Remedy remedy : remedies) {
            Verdict verdict = remedy.verdict();
            Finding finding = verdict.finding();
            table.add(List.of(
                    "  " + remedy.change(),
                    verdict.id().replace('_', ' '),
                    finding.needed().toDisplay() + " of " + finding.budget().toDisplay()));
        }
        return "what would make it fit\n"
                + TextTable.aligned(table, Set.of(0, 1)).stream()
                        .map(line -> line + "\n")
                        .collect(Collectors.joining());
    }

    /**
     * The remedies for programs.
     *
     * @param remedies the cheapest first
     * @return a map of each for {@link io.llmsizing.document.JsonWriter}
     */
    public static List<Map<String, Object>> json(List<Remedy> remedies) {
        return remedies.stream().map(RemedyReport::json).collect(Collectors.toList());
    }

    private static Map<String, Object> json(Remedy remedy) {
        Verdict verdict = remedy.verdict();
        Finding finding = verdict.finding();
        Map<String, Object> written = new LinkedHashMap<>();
        written.put("change", remedy.change());
        written.put("verdict", verdict.id());
        written.put("needed_bytes", finding.needed().bytes());
        written.put("budget_bytes", finding.budget().bytes());
        written.put("max_context_tokens", finding.maxContext());
        written.put("max_sequences", finding.maxSequences());
        return written;
    }
}
