package io.llmsizing.report;

import com.google.common.collect.ImmutableList;
import io.llmsizing.Finding;
import io.llmsizing.Sizing;
import io.llmsizing.Verdict;
import io.llmsizing.ledger.LineItem;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Two verdicts about the same model and cluster, line by line: the tightest rank of each. Nothing in it knows an engine, so
 * that any two can be compared.
 *
 * @param left the first verdict
 * @param right the second
 * @param lines the lines of both, section by section, those of the first in front
 */
public record Comparison(Verdict left, Verdict right, List<ComparedLine> lines) {
    /**
     * Copies the lines.
     *
     * @param left as documented above
     * @param right as documented above
     * @param lines as documented above
     */
    public Comparison {
        lines = ImmutableList.copyOf(lines);
    }

    /**
     * Joins the lines of two verdicts by section and name.
     *
     * @param left the first verdict
     * @param right the second
     * @return both
     */
    public static Comparison of(Verdict left, Verdict right) {
        LineItem one = tightest(left);
        LineItem other = tightest(right);
        List<ComparedLine> lines = new ArrayList<>();
        join(one, other, lines);
        join(outside(left), outside(right), lines);
        return new Comparison(left, right, lines);
    }

    private static void join(LineItem one, LineItem other, List<ComparedLine> lines) {
        for (String section : sections(one, other)) {
            Map<String, LineItem> first = leaves(one, section);
            Map<String, LineItem> second = leaves(other, section);
            for (String name : inOrder(first, second)) {
                lines.add(new ComparedLine(
                        section,
                        name.substring(0, name.lastIndexOf('\n')),
                        Optional.ofNullable(first.get(name)),
                        Optional.ofNullable(second.get(name))));
            }
        }
    }

    /** What stands beside the budget of the same rank. */
    private static LineItem outside(Verdict verdict) {
        Finding finding = verdict.finding();
        return Sizing.explainOutside(finding.deployment(), finding.stage());
    }

    private static LineItem tightest(Verdict verdict) {
        Finding finding = verdict.finding();
        return Sizing.explain(finding.deployment(), finding.stage());
    }

    /** The sections of both. */
    static List<String> sections(LineItem one, LineItem other) {
        return inOrder(titles(one), titles(other));
    }

    private static Map<String, LineItem> titles(LineItem root) {
        Map<String, LineItem> titles = new LinkedHashMap<>();
        root.children().forEach(section -> titles.put(section.id(), section));
        return titles;
    }

    /** Single postings by name; equal names count up, so that none is lost. */
    private static Map<String, LineItem> leaves(LineItem root, String section) {
        Map<String, LineItem> leaves = new LinkedHashMap<>();
        root.children().stream()
                .filter(child -> child.id().equals(section))
                .flatMap(child -> child.children().stream())
                .forEach(child -> collect(child, "", leaves));
        return leaves;
    }

    private static void collect(LineItem item, String above, Map<String, LineItem> leaves) {
        String name = above + item.title();
        if (item.children().isEmpty()) {
            int number = 1;
            while (leaves.putIfAbsent(name + "\n" + item.id() + number, item) != null) {
                number++;
            }
        }
        item.children().forEach(child -> collect(child, name + " / ", leaves));
    }

    /** The names of the first in its order; those of the second alone stand behind what they stand behind there. */
    private static List<String> inOrder(Map<String, LineItem> first, Map<String, LineItem> second) {
        List<String> names = new ArrayList<>();
        Iterator<String> others = second.keySet().iterator();
        List<String> waiting = new ArrayList<>();
        Map<String, List<String>> behind = new LinkedHashMap<>();
        while (others.hasNext()) {
            String other = others.next();
            if (first.containsKey(other)) {
                behind.put(other, List.copyOf(waiting));
                waiting.clear();
            } else {
                waiting.add(other);
            }
        }
        for (String name : first.keySet()) {
            names.addAll(behind.getOrDefault(name, List.of()));
            names.add(name);
        }
        names.addAll(waiting);
        return names;
    }
}
