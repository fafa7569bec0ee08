package io.llmsizing.report;

import io.llmsizing.Deployment;
import io.llmsizing.Finding;
import io.llmsizing.Stage;
import io.llmsizing.Verdict;
import io.llmsizing.ledger.LineItem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A comparison for people and for programs. */
public final class ComparisonReport {
    private static final String OUTSIDE = "outside";

    private final Comparison comparison;

    private ComparisonReport(Comparison comparison) {
        this.comparison = comparison;
    }

    /**
     * The comparison for people: what is found, the lines that differ, and why.
     *
     * @param comparison of two verdicts
     * @return lines ending in line feeds
     */
    public static String text(Comparison comparison) {
        return new ComparisonReport(comparison).text();
    }

    /**
     * The comparison for programs, every line of both.
     *
     * @param comparison of two verdicts
     * @return a map for {@link io.llmsizing.document.JsonWriter}
     */
    public static Map<String, Object> answer(Comparison comparison) {
        return new ComparisonReport(comparison).answer();
    }

    private String text() {
        List<List<String>> table = new ArrayList<>();
        table.add(List.of("", engine(comparison.left()), engine(comparison.right()), "difference"));
        facts().forEach(fact -> table.add(List.of(fact.label(), fact.left(), fact.right(), fact.difference())));
        table.add(List.of("", "", "", ""));
        for (String section : sections()) {
            List<ComparedLine> lines = lines(section);
            table.add(row(label(section), sum(lines, true), sum(lines, false)));
            List<ComparedLine> differing = differing(lines);
            differing.forEach(line -> table.add(row("  " + line.name(), bytes(line.left()), bytes(line.right()))));
            if (!differing.isEmpty() && differing.size() < lines.size()) {
                table.add(List.of(others(lines.size() - differing.size()), "", "", ""));
            }
        }
        List<String> text = new ArrayList<>();
        Deployment deployment = comparison.left().finding().deployment();
        text.add(deployment.model().name() + " on " + deployment.cluster());
        text.add("");
        text.addAll(TextTable.aligned(table, Set.of(0)));
        List<String> changes = changes();
        text.add("");
        text.add(changes.isEmpty() ? "nothing changes" : "what changes, and why");
        changes.forEach(change -> text.add("  " + change));
        assumed(text, comparison.left(), comparison.right());
        assumed(text, comparison.right(), comparison.left());
        return text.stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    private static String label(String section) {
        return section.equals(OUTSIDE) ? "beside the budget" : section.replace('_', ' ');
    }

    private static String others(int count) {
        return count == 1 ? "  the other one is equal" : "  the other " + count + " are equal";
    }

    /** What is taken for granted of one engine alone. */
    private static void assumed(List<String> text, Verdict verdict, Verdict other) {
        List<String> alone =
                new ArrayList<>(Answer.texts(verdict.finding().deployment().assumptions()));
        alone.removeAll(Answer.texts(other.finding().deployment().assumptions()));
        if (!alone.isEmpty()) {
            text.add("taken for granted of " + engine(verdict) + " alone");
            alone.forEach(assumption -> text.add("  " + assumption));
        }
    }

    private static List<String> row(String label, Optional<Long> left, Optional<Long> right) {
        return List.of(label, shown(left), shown(right), signed(right.orElse(0L) - left.orElse(0L), " B"));
    }

    private static String shown(Optional<Long> bytes) {
        return bytes.map(value -> String.format(Locale.ROOT, "%,d B", value)).orElse("-");
    }

    private static String signed(long difference, String unit) {
        return difference == 0 ? "" : String.format(Locale.ROOT, "%+,d%s", difference, unit);
    }

    private List<String> sections() {
        return comparison.lines().stream().map(ComparedLine::section).distinct().toList();
    }

    private List<ComparedLine> lines(String section) {
        return comparison.lines().stream()
                .filter(line -> line.section().equals(section))
                .toList();
    }

    private static List<ComparedLine> differing(List<ComparedLine> lines) {
        return lines.stream()
                .filter(line -> line.isOneSided() || line.difference() != 0)
                .toList();
    }

    private static Optional<Long> sum(List<ComparedLine> lines, boolean left) {
        return lines.stream()
                .flatMap(line -> bytes(left ? line.left() : line.right()).stream())
                .reduce(Math::addExact);
    }

    private static Optional<Long> bytes(Optional<LineItem> line) {
        return line.map(LineItem::bytes);
    }

    /** Something of the whole, with a difference where it is a number. */
    private record Fact(String label, String left, String right, String difference) {}

    private List<Fact> facts() {
        Finding left = comparison.left().finding();
        Finding right = comparison.right().finding();
        String sequences = TextReport.counted(left.deployment().workload().sequences(), "sequence");
        String tokens = TextReport.counted(left.deployment().workload().contextTokens(), "token");
        List<Fact> facts = new ArrayList<>();
        facts.add(fact("verdict", verdict(comparison.left()), verdict(comparison.right())));
        facts.add(fact("longest context of " + sequences, left.maxContext(), right.maxContext(), ""));
        facts.add(fact("most sequences of " + tokens, left.maxSequences(), right.maxSequences(), ""));
        facts.add(fact("budget", left.budget().bytes(), right.budget().bytes(), " B"));
        facts.add(fact("needed", left.needed().bytes(), right.needed().bytes(), " B"));
        facts.add(fact("to spare for sure", spare(comparison.left()), spare(comparison.right()), " B"));
        facts.add(fact("tightest", left.rank(), right.rank()));
        facts.addAll(settings());
        return facts;
    }

    /** What the engines take for themselves if nobody says otherwise. */
    private List<Fact> settings() {
        Deployment left = comparison.left().finding().deployment();
        Deployment right = comparison.right().finding().deployment();
        Stage one = left.stages().get(comparison.left().finding().stage());
        Stage other = right.stages().get(comparison.right().finding().stage());
        return List.of(
                fact("layout", left.layout().toString(), right.layout().toString()),
                fact("weights", left.weights().toString(), right.weights().toString()),
                fact("share of the device", fraction(left), fraction(right)),
                fact(
                        "tokens of a step",
                        one.serving().batchedTokens(),
                        other.serving().batchedTokens(),
                        ""),
                fact(
                        "sequences of a step",
                        one.serving().maxSequences(),
                        other.serving().maxSequences(),
                        ""),
                fact(
                        "tokens of a page",
                        left.footprint().pageTokens(),
                        right.footprint().pageTokens(),
                        ""));
    }

    private static String fraction(Deployment deployment) {
        return deployment.memoryFraction().toDisplay(3);
    }

    private static Fact fact(String label, String left, String right) {
        return new Fact(label, left, right, "");
    }

    private static Fact fact(String label, long left, long right, String unit) {
        return new Fact(
                label,
                String.format(Locale.ROOT, "%,d%s", left, unit),
                String.format(Locale.ROOT, "%,d%s", right, unit),
                signed(right - left, unit));
    }

    private static String verdict(Verdict verdict) {
        return verdict.id().replace('_', ' ');
    }

    private static long spare(Verdict verdict) {
        return verdict.headroom().bytes() - verdict.shortfall().bytes();
    }

    private static String engine(Verdict verdict) {
        return verdict.finding().deployment().engine().toString();
    }

    private List<String> changes() {
        List<String> changes = new ArrayList<>();
        settings().stream()
                .filter(setting -> !setting.left().equals(setting.right()))
                .forEach(setting -> changes.add(setting.label() + ": " + setting.left() + ", then " + setting.right()));
        Map<String, List<String>> namesByReason = new LinkedHashMap<>();
        for (ComparedLine line : differing(comparison.lines())) {
            namesByReason
                    .computeIfAbsent(label(line.section()) + "\n" + reason(line), absent -> new ArrayList<>())
                    .add(line.name());
        }
        namesByReason.forEach((reason, names) -> changes.add(reason.replace("\n", ", " + named(names) + ": ")));
        return changes;
    }

    /** Lines that change for the same reason are one change. */
    private static String named(List<String> names) {
        return names.get(0)
                + (names.size() == 1 ? "" : " and " + TextReport.counted(names.size() - 1, "line") + " more");
    }

    private String reason(ComparedLine line) {
        if (line.left().isEmpty()) {
            return "of " + engine(comparison.right()) + " alone; "
                    + line.right().orElseThrow().source();
        }
        if (line.right().isEmpty()) {
            return "of " + engine(comparison.left()) + " alone; "
                    + line.left().orElseThrow().source();
        }
        LineItem left = line.left().orElseThrow();
        LineItem right = line.right().orElseThrow();
        List<String> operands = new ArrayList<>();
        for (LineItem.Operand operand : left.operands()) {
            right.operands().stream()
                    .filter(other -> other.name().equals(operand.name())
                            && !other.value().equals(operand.value()))
                    .forEach(other -> operands.add(shown(operand) + ", then " + shown(other) + " "
                            + other.name().replace('_', ' ')));
        }
        return (left.formula().equals(right.formula())
                        ? String.join("; ", operands)
                        : left.formula() + ", then " + right.formula())
                + (left.source().equals(right.source()) ? "" : "; " + right.source());
    }

    private static String shown(LineItem.Operand operand) {
        return operand.value().toDisplay(operand.value().denominator() == 1 ? 0 : 2);
    }

    private Map<String, Object> answer() {
        Map<String, Object> answer = new LinkedHashMap<>();
        Deployment deployment = comparison.left().finding().deployment();
        answer.put("model", deployment.model().name());
        answer.put("cluster", deployment.cluster().toString());
        answer.put("context_tokens", deployment.workload().contextTokens());
        answer.put("sequences", deployment.workload().sequences());
        answer.put("left", side(comparison.left()));
        answer.put("right", side(comparison.right()));
        List<Map<String, Object>> lines = new ArrayList<>();
        for (ComparedLine line : comparison.lines()) {
            Map<String, Object> written = new LinkedHashMap<>();
            written.put("section", line.section());
            written.put("line", line.name());
            written.put("left_bytes", bytes(line.left()).orElse(null));
            written.put("right_bytes", bytes(line.right()).orElse(null));
            written.put("difference_bytes", line.difference());
            written.put("left_source", line.left().map(LineItem::source).orElse(null));
            written.put("right_source", line.right().map(LineItem::source).orElse(null));
            lines.add(written);
        }
        answer.put("lines", lines);
        answer.put("changes", changes());
        return answer;
    }

    private static Map<String, Object> side(Verdict verdict) {
        Finding finding = verdict.finding();
        Deployment deployment = finding.deployment();
        Stage stage = deployment.stages().get(finding.stage());
        Map<String, Object> side = new LinkedHashMap<>();
        side.put("engine", deployment.engine().name());
        side.put("engine_version", deployment.engine().version());
        side.put("verdict", verdict.id());
        side.put("shortfall_bytes", verdict.shortfall().bytes());
        side.put("headroom_bytes", verdict.headroom().bytes());
        side.put("budget_bytes", finding.budget().bytes());
        side.put("needed_bytes", finding.needed().bytes());
        side.put("max_context_tokens", finding.maxContext());
        side.put("max_sequences", finding.maxSequences());
        side.put("rank", finding.rank());
        side.put("layout", Answer.layout(deployment.layout()));
        side.put("weights", deployment.weights().toString());
        side.put("memory_fraction", fraction(deployment));
        side.put("step_tokens", stage.serving().batchedTokens());
        side.put("step_sequences", stage.serving().maxSequences());
        side.put("page_tokens", deployment.footprint().pageTokens());
        side.put("assumptions", Answer.texts(deployment.assumptions()));
        return side;
    }
}
