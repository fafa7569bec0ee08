package io.llmsizing.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Cells in columns, for people. */
final class TextTable {
    private TextTable() {}

    /**
     * Lines without blanks at their ends.
     *
     * @param table rows of cells; a row of one cell does not widen its column
     * @param texts the columns whose cells stand to the left; numbers stand to the right
     */
    static List<String> aligned(List<List<String>> table, Set<Integer> texts) {
        int[] widths = new int[table.stream().mapToInt(List::size).max().orElse(0)];
        for (List<String> row : table) {
            for (int i = 0; row.size() > 1 && i < row.size(); i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        List<String> lines = new ArrayList<>();
        for (List<String> row : table) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                String blanks = " ".repeat(Math.max(0, widths[i] - row.get(i).length()));
                line.append(i == 0 ? "" : "  ").append(texts.contains(i) ? row.get(i) + blanks : blanks + row.get(i));
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }
}
