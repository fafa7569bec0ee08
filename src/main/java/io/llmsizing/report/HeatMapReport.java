package io.llmsizing.report;

import io.llmsizing.Deployment;
import io.llmsizing.planner.HeatMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A heat map for people and for programs.
 *
 * @param map the cells
 */
public record HeatMapReport(HeatMap map) {
    /**
     * The map for people: one character for each context and number of sequences.
     *
     * @return lines ending in line feeds
     */
    public String text() {
        Deployment deployment = map.deployment();
        List<String> lines = new ArrayList<>();
        lines.add(deployment.model().name() + "  (weights " + deployment.weights() + ", cache "
                + deployment.cache().name() + ") on " + deployment.cluster() + ", " + deployment.layout() + ", "
                + deployment.engine());
        lines.add("");
        List<List<String>> table = new ArrayList<>();
        List<String> heads = new ArrayList<>();
        heads.add("context");
        map.sequences().forEach(held -> heads.add(String.format(Locale.ROOT, "%d", held)));
        table.add(heads);
        for (int row = 0; row < map.contexts().size(); row++) {
            List<String> cells = new ArrayList<>();
            cells.add(String.format(Locale.ROOT, "%,d", map.contexts().get(row)));
            map.rows().get(row).forEach(cell -> cells.add(sign(cell)));
            table.add(cells);
        }
        lines.addAll(TextTable.aligned(table, Set.of()));
        lines.add("");
        lines.add("# fits   ? too close to call   . does not fit; tokens of each sequence down, sequences across");
        long prefix = deployment.workload().sharedPrefixTokens();
        if (prefix > 0) {
            lines.add(String.format(
                    Locale.ROOT, "all sequences share their first %,d tokens; none is shorter than that", prefix));
        }
        return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    private static String sign(HeatMap.Cell cell) {
        return switch (cell) {
            case FITS -> "#";
            case TOO_CLOSE_TO_CALL -> "?";
            case DOES_NOT_FIT -> ".";
        };
    }

    /**
     * The map for programs.
     *
     * @return what the deployment is made of, {@code sequences}, and {@code rows} with their {@code context_tokens} and a
     *     verdict for each number of sequences
     */
    public Map<String, Object> json() {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("model", map.deployment().model().name());
        answer.putAll(PlanReport.setup(map.deployment()));
        answer.put("shared_prefix_tokens", map.deployment().workload().sharedPrefixTokens());
        answer.put("sequences", map.sequences());
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int row = 0; row < map.contexts().size(); row++) {
            Map<String, Object> written = new LinkedHashMap<>();
            written.put("context_tokens", map.contexts().get(row));
            written.put(
                    "verdicts",
                    map.rows().get(row).stream()
                            .map(cell -> cell.name().toLowerCase(Locale.ROOT))
                            .collect(Collectors.toList()));
            rows.add(written);
        }
        answer.put("rows", rows);
        answer.put("assumptions", Answer.texts(map.deployment().assumptions()));
        return answer;
    }
}
