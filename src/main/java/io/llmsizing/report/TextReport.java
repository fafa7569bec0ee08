package io.llmsizing.report;

import io.llmsizing.Deployment;
import io.llmsizing.Finding;
import io.llmsizing.Sizing;
import io.llmsizing.Stage;
import io.llmsizing.Verdict;
import io.llmsizing.engine.MemoryBudget;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.ledger.Assumption;
import io.llmsizing.ledger.Certainty;
import io.llmsizing.ledger.LineItem;
import io.llmsizing.units.ByteSize;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Verdicts and explanations for people. Not to be parsed: there is JSON for that. */
public final class TextReport {
    private static final int BAR = 48;
    private static final String FILL = "#=+~:%*";

    private TextReport() {}

    /**
     * The verdict with a memory bar for the ranks of each stage.
     *
     * @param verdict the verdict
     * @return lines ending in line feeds
     */
    public static String of(Verdict verdict) {
        Finding finding = verdict.finding();
        Deployment deployment = finding.deployment();
        List<String> lines = new ArrayList<>();
        lines.add(verdict.title() + "  " + verdict.reason());
        lines.add("");
        lines.add(row(
                "model",
                deployment.model().name() + "  (weights " + deployment.weights() + ", cache "
                        + deployment.cache().name() + ")"));
        lines.add(row("cluster", deployment.cluster() + "  (" + usable(deployment) + ")"));
        lines.add(row("layout", deployment.layout() + "  under " + deployment.engine()));
        lines.add(row(
                "asked",
                counted(deployment.workload().sequences(), "sequence") + " of "
                        + counted(deployment.workload().contextTokens(), "token")
                        + prefix(deployment.workload().sharedPrefixTokens())));
        lines.add("");
        lines.addAll(bars(deployment));
        lines.add(limits(finding));
        for (Assumption assumption : deployment.assumptions()) {
            lines.add(row("note", assumption.toString()));
        }
        return joined(lines);
    }

    static String prefix(long tokens) {
        return tokens == 0 ? "" : ", the first " + String.format(Locale.ROOT, "%,d", tokens) + " of them shared";
    }

    /** Of each kind of device of the cluster, whether or not a rank is on it; once where all kinds have the same. */
    private static String usable(Deployment deployment) {
        Map<String, SortedSet<ByteSize>> kinds = new LinkedHashMap<>();
        for (Cluster.Run run : deployment.cluster().runs()) {
            kinds.computeIfAbsent(run.accelerator().name(), absent -> new TreeSet<>())
                    .add(run.accelerator().memory().usable());
        }
        List<String> ranges =
                kinds.values().stream().map(TextReport::range).distinct().toList();
        return ranges.size() == 1
                ? ranges.get(0) + " usable each"
                : kinds.entrySet().stream()
                        .map(kind -> range(kind.getValue()) + " of each " + kind.getKey())
                        .collect(Collectors.joining(", ", "usable ", ""));
    }

    private static String range(SortedSet<ByteSize> sizes) {
        String least = gib(sizes.first());
        String most = gib(sizes.last());
        return least.equals(most) ? least : least + " to " + most;
    }

    /** A bar for each pipeline stage; neighbours that need the same share one. */
    private static List<String> bars(Deployment deployment) {
        List<String> lines = new ArrayList<>();
        List<Stage> stages = deployment.stages();
        int first = 0;
        while (first < stages.size()) {
            LineItem rank = Sizing.explain(deployment, first);
            int last = first;
            ByteSize budget = stages.get(first).budget().budget();
            while (last + 1 < stages.size()
                    && stages.get(last + 1).budget().budget().equals(budget)
                    && Sizing.explain(deployment, last + 1).children().equals(rank.children())) {
                last++;
            }
            String label = first == last
                    ? rank.title()
                    : "stages " + (first + 1) + " to " + (last + 1) + " of "
                            + deployment.layout().pipeline();
            String bound = stages.size() == 1 ? "" : RankAnswers.text(deployment, first);
            lines.addAll(bar(label, rank, budget, bound));
            lines.addAll(outside(deployment, first));
            lines.add("");
            first = last + 1;
        }
        return lines;
    }

    private static List<String> bar(String label, LineItem rank, ByteSize budget, String bound) {
        List<String> lines = new ArrayList<>();
        StringBuilder drawn = new StringBuilder();
        boolean unlimited = budget.bytes() == Long.MAX_VALUE;
        long scale = Math.max(1, unlimited ? rank.bytes() : Math.max(budget.bytes(), rank.bytes()));
        long sum = 0;
        for (int i = 0; i < rank.children().size(); i++) {
            sum += rank.children().get(i).bytes();
            int end = (int) Math.round((double) sum / scale * BAR);
            while (drawn.length() < end) {
                drawn.append(FILL.charAt(i % FILL.length()));
            }
        }
        int edge = (int) Math.round((double) budget.bytes() / scale * BAR);
        StringBuilder framed = new StringBuilder();
        for (int i = 0; i < BAR; i++) {
            framed.append(i == edge ? "!" : i < drawn.length() ? String.valueOf(drawn.charAt(i)) : " ");
        }
        lines.add(String.format(
                Locale.ROOT,
                "%s  [%s] %s of %s%s",
                label,
                framed,
                gib(rank.size()),
                unlimited ? "memory of unknown size" : gib(budget),
                bound));
        for (int i = 0; i < rank.children().size(); i++) {
            LineItem part = rank.children().get(i);
            if (part.bytes() > 0) {
                lines.add(String.format(
                        Locale.ROOT,
                        "  %c %-12s %14s  %s",
                        FILL.charAt(i % FILL.length()),
                        part.title().replace('_', ' '),
                        gib(part.size()),
                        sureness(part)));
            }
        }
        return lines;
    }

    /** What stands beside the budget on a device; no line where all is within. */
    private static List<String> outside(Deployment deployment, int stage) {
        LineItem outside = Sizing.explainOutside(deployment, stage);
        MemoryBudget budget = deployment.stages().get(stage).budget();
        return outside.bytes() == 0
                ? List.of()
                : List.of(String.format(
                        Locale.ROOT,
                        "  beside it      %14s  %s, of %s",
                        gib(outside.size()),
                        sureness(outside),
                        gib(ByteSize.ofBytes(Math.max(
                                0, budget.usable().bytes() - budget.budget().bytes())))));
    }

    private static String sureness(LineItem part) {
        return part.certainty() == Certainty.EXACT
                ? String.format(Locale.ROOT, "exactly %,d B", part.bytes())
                : part.certainty().name().toLowerCase(Locale.ROOT) + ", " + signed(part.low()) + " to "
                        + signed(part.high());
    }

    private static String signed(long bytes) {
        return (bytes < 0 ? "-" : "") + gib(ByteSize.ofBytes(Math.abs(bytes)));
    }

    private static String limits(Finding finding) {
        long sequences = finding.deployment().workload().sequences();
        long tokens = finding.deployment().workload().contextTokens();
        String context = finding.maxContext() == 0
                ? "no context fits for sure"
                : counted(finding.maxContext(), "token")
                        + (finding.maxContext() == finding.deployment().model().contextTokens()
                                ? " (all the model is made for)"
                                : "")
                        + " for " + counted(sequences, "sequence");
        String most = finding.maxSequences() == 0
                ? "no sequence of " + counted(tokens, "token") + " fits for sure"
                : counted(finding.maxSequences(), "sequence") + " of " + counted(tokens, "token");
        return row("at most", context + "; " + most) + "\n"
                + row("bound by", finding.bindingConstraint().id().replace('_', ' '));
    }

    /**
     * An explanation: every line with its bytes, and for single postings the operands that make them.
     *
     * @param item the root of a tree of lines
     * @return lines ending in line feeds
     */
    public static String of(LineItem item) {
        List<String> lines = new ArrayList<>();
        explain(item, 0, lines);
        return joined(lines);
    }

    private static void explain(LineItem item, int depth, List<String> lines) {
        String title = "  ".repeat(depth) + item.title().replace("kv_cache", "kv cache");
        String operands = isDoubt(item) ? signed(item.low()) + " to " + signed(item.high()) : operands(item);
        lines.add(String.format(Locale.ROOT, "%-52s %,19d B  %s", title, item.bytes(), operands)
                .stripTrailing());
        item.children().forEach(child -> explain(child, depth + 1, lines));
    }

    private static boolean isDoubt(LineItem item) {
        return item.children().isEmpty() && item.bytes() == 0 && item.low() < item.high();
    }

    private static String operands(LineItem item) {
        return item.operands().stream()
                .map(operand -> operand.value().toDisplay(operand.value().denominator() == 1 ? 0 : 2) + " "
                        + operand.name().replace('_', ' '))
                .collect(Collectors.joining(" x "));
    }

    private static String row(String label, String text) {
        return String.format(Locale.ROOT, "%-9s %s", label, text);
    }

    /** Such as {@code 1 token} or {@code 8,192 tokens}. */
    static String counted(long count, String noun) {
        return String.format(Locale.ROOT, "%,d %s%s", count, noun, count == 1 ? "" : "s");
    }

    private static String gib(ByteSize size) {
        return size.toDisplay();
    }

    private static String joined(List<String> lines) {
        return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    }
}
