package io.llmsizing.report;

import io.llmsizing.Deployment;
import io.llmsizing.Stage;
import io.llmsizing.Verdict;
import io.llmsizing.document.JsonWriter;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.serverlog.LogFigure;
import io.llmsizing.serverlog.LogOutcome;
import io.llmsizing.serverlog.LogSetting;
import io.llmsizing.serverlog.LogStatement;
import io.llmsizing.serverlog.LogTerm;
import io.llmsizing.serverlog.ServerLog;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A checked log for people and for programs, with the row to be sent in. */
public final class LogCheckReport {
    private final LogCheck check;
    private final String file;
    private final List<String> taken;
    private final List<String> assumed;
    private final Deployment deployment;

    /**
     * A report.
     *
     * @param check the log against the prediction
     * @param file what the log is called
     * @param taken what was read from which line
     * @param assumed what the log leaves open
     */
    public LogCheckReport(LogCheck check, String file, List<String> taken, List<String> assumed) {
        this.check = check;
        this.file = file;
        this.taken = List.copyOf(taken);
        this.assumed = List.copyOf(assumed);
        this.deployment = check.verdict().finding().deployment();
    }

    /**
     * For people.
     *
     * @return lines ending in line feeds
     */
    public String text() {
        List<String> text = new ArrayList<>();
        text.add(headline());
        text.add("");
        text.add(row("log", file + "  (" + about(check.log()) + ")"));
        text.add(row(
                "model",
                deployment.model().name() + "  (weights " + deployment.weights() + ", cache "
                        + deployment.cache().name() + ")"));
        text.add(row("cluster", deployment.cluster().toString()));
        text.add(row("layout", deployment.layout() + "  under " + deployment.engine()));
        if (check.log().failed()) {
            check.log().ending().ifPresent(said -> text.add(row("failed", "line " + said.line() + ": " + said.text())));
        }
        taken.forEach(one -> text.add(row("read", one)));
        assumed.forEach(one -> text.add(row("assumed", one)));
        Answer.texts(deployment.assumptions()).forEach(one -> text.add(row("note", one)));
        text.add("");
        List<List<String>> table = new ArrayList<>();
        table.add(List.of("", "predicted", "printed", "difference", "", "band", "line"));
        check.terms()
                .forEach(term -> table.add(List.of(
                        term.title(),
                        shown(term.unit(), term.predicted(), ""),
                        shown(term.unit(), term.printed(), ""),
                        shown(term.unit(), term.difference(), "+"),
                        String.format(Locale.ROOT, "%+.2f %%", term.basisPoints() / 100.0),
                        !term.banded() ? "no band" : term.isInside() ? "inside" : "OUTSIDE",
                        String.valueOf(term.line()))));
        text.addAll(TextTable.aligned(table, Set.of(0, 5)));
        text.add("");
        check.remarks().forEach(remark -> text.add(row("why", remark)));
        text.add("to send in, one line:");
        text.add(JsonWriter.compact(observation()));
        return text.stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    private String headline() {
        long outside = check.terms().stream().filter(term -> !term.isInside()).count();
        long banded = check.terms().stream().filter(CheckedTerm::banded).count();
        long bare = check.terms().size() - banded;
        String withoutBand = bare == 0 ? "" : ", " + counted(bare) + " without one";
        String figures = check.terms().isEmpty()
                ? "the log has none of the figures that are predicted"
                : outside == 0
                        ? counted(banded) + " inside the band" + withoutBand
                        : outside + " of " + counted(banded) + " outside the band" + withoutBand;
        boolean nothing = check.terms().isEmpty() && !check.log().failed();
        return (nothing ? "NOTHING TO COMPARE  " : check.isAsPredicted() ? "AS PREDICTED  " : "NOT AS PREDICTED  ")
                + failure()
                + figures;
    }

    /** How the log ended, and whether that was to be expected. */
    private String failure() {
        if (!check.log().failed()) {
            return "";
        }
        String end = check.log().outcome().equals(Optional.of(LogOutcome.OOM_RUNTIME))
                ? "it ran out of memory later, "
                : "the start failed, ";
        Verdict verdict = check.verdict();
        return end
                + (verdict instanceof Verdict.Fits
                        ? "where the verdict is that it fits; "
                        : verdict instanceof Verdict.DoesNotFit
                                ? "and the verdict is that it does not fit; "
                                : "and the verdict is too close to call; ");
    }

    private static String counted(long figures) {
        return figures + (figures == 1 ? " figure" : " figures");
    }

    private static String about(ServerLog log) {
        return log.engine().id()
                + log.said(LogSetting.VERSION).map(said -> " " + said.text()).orElse("")
                + String.format(Locale.ROOT, ", %,d line%s", log.lines(), log.lines() == 1 ? "" : "s")
                + (log.starts() > 1 ? ", the last of " + log.starts() + " starts" : "")
                + (log.skipped() > 0
                        ? String.format(
                                Locale.ROOT, ", %,d not read, the first line %d", log.skipped(), log.firstSkipped())
                        : "")
                + ", "
                + log.outcome().map(outcome -> outcome.id().replace('_', ' ')).orElse("end not said");
    }

    private static String row(String label, String text) {
        return String.format(Locale.ROOT, "%-9s %s", label, text);
    }

    private static String shown(LogTerm.Unit unit, long value, String sign) {
        return switch (unit) {
            case BYTES -> String.format(Locale.ROOT, "%" + sign + ",d B", value);
            case COUNT -> String.format(Locale.ROOT, "%" + sign + ",d", value);
            case HUNDREDTHS -> String.format(Locale.ROOT, "%" + sign + ",.2f", value / 100.0);
        };
    }

    /**
     * For programs.
     *
     * @return a map for {@link JsonWriter}
     */
    public Map<String, Object> answer() {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("file", file);
        answer.put("lines", check.log().lines());
        answer.put("skipped_lines", check.log().skipped());
        answer.put("starts", check.log().starts());
        answer.put("as_predicted", check.isAsPredicted());
        answer.put("verdict", check.verdict().id());
        check.log().outcome().map(LogOutcome::id).ifPresent(outcome -> answer.put("outcome", outcome));
        check.log().ending().ifPresent(said -> answer.put("ending", located(said.text(), said)));
        answer.put("taken", taken);
        answer.put("assumed", assumed);
        answer.put("assumptions", Answer.texts(deployment.assumptions()));
        List<Map<String, Object>> terms = new ArrayList<>();
        for (CheckedTerm term : check.terms()) {
            Map<String, Object> written = new LinkedHashMap<>();
            written.put("term", term.id());
            written.put("unit", term.unit().name().toLowerCase(Locale.ROOT));
            written.put("predicted", term.predicted());
            written.put("low", term.low());
            written.put("high", term.high());
            written.put("printed", term.printed());
            written.put("resolution", term.resolution());
            written.put("difference", term.difference());
            written.put("basis_points", term.basisPoints());
            written.put("inside", term.isInside());
            written.put("banded", term.banded());
            written.put("line", term.line());
            terms.add(written);
        }
        answer.put("terms", terms);
        answer.put("remarks", check.remarks());
        answer.put("settings", settings());
        answer.put("figures", figures());
        answer.put("observation", observation());
        return answer;
    }

    private Map<String, Object> settings() {
        Map<String, Object> settings = new LinkedHashMap<>();
        check.log().settings().forEach((setting, said) -> settings.put(setting.id(), located(said.text(), said)));
        return settings;
    }

    private static Map<String, Object> located(Object value, LogStatement said) {
        Map<String, Object> located = new LinkedHashMap<>();
        located.put("value", value);
        located.put("line", said.line());
        return located;
    }

    private List<Map<String, Object>> figures() {
        List<Map<String, Object>> figures = new ArrayList<>();
        for (LogFigure figure : check.log().figures()) {
            Map<String, Object> written = new LinkedHashMap<>();
            written.put("term", figure.term().id());
            written.put("place", figure.place());
            written.put("value", figure.value());
            written.put("unit", figure.term().unit().name().toLowerCase(Locale.ROOT));
            written.put("line", figure.line());
            written.put("seen", figure.seen());
            written.put("spread", figure.spread());
            figures.add(written);
        }
        return figures;
    }

    /** The question of {@code batch} that was answered, and what was printed. */
    private Map<String, Object> observation() {
        Map<String, Object> row = new LinkedHashMap<>();
        Cluster cluster = deployment.cluster();
        Stage first = deployment.stages().get(0);
        row.put("model", deployment.model().name());
        row.put("engine", check.log().engine().id());
        check.log().said(LogSetting.VERSION).ifPresent(said -> row.put("engine_version", said.text()));
        row.put("weights", deployment.weights().toString());
        row.put("kv_cache", deployment.cache().name());
        row.put("accelerator", cluster.firstAccelerator().id());
        long nodes = cluster.devices() / cluster.widestNode();
        row.put("count", nodes * cluster.widestNode() == cluster.devices() ? cluster.widestNode() : cluster.devices());
        if (nodes > 1 && nodes * cluster.widestNode() == cluster.devices()) {
            row.put("nodes", nodes);
        }
        row.put("usable_memory_bytes", first.budget().usable().bytes());
        boolean profiled =
                deployment.engine().name().equals(check.log().engine().id());
        if (profiled) {
            row.put(
                    "memory_fraction",
                    new BigDecimal(deployment.memoryFraction().toDisplay(6))
                            .stripTrailingZeros()
                            .toPlainString());
        } else {
            check.log().said(LogSetting.MEMORY_FRACTION).ifPresent(said -> row.put("memory_fraction", said.text()));
        }
        row.putAll(Answer.layout(deployment.layout()));
        row.put("context_tokens", deployment.workload().contextTokens());
        row.put("sequences", deployment.workload().sequences());
        if (profiled) {
            row.put("max_batched_tokens", first.serving().batchedTokens());
            row.put("max_sequences", first.serving().maxSequences());
        }
        row.put("enforce_eager", deployment.isEager());
        row.put("speculative_tokens", deployment.speculativeTokens());
        printed("loaded_bytes", "loaded", LogTerm.LOADED, row);
        printed("activation_bytes", "activation", LogTerm.ACTIVATION, row);
        Optional<LogFigure> pool = LoggedTerms.pool(check.log());
        pool.map(LogFigure::value).ifPresent(bytes -> row.put("pool_bytes", bytes));
        if (pool.isEmpty()) {
            printed("pool_bytes", "pool", LogTerm.POOL, row);
        }
        printed("pool_tokens", "pool_tokens", LogTerm.POOL_TOKENS, row);
        check.log().outcome().map(LogOutcome::id).ifPresent(outcome -> row.put("outcome", outcome));
        return row;
    }

    /** As the log has it, or as the compared term sums it up over buffers. */
    private void printed(String key, String term, LogTerm figure, Map<String, Object> row) {
        Optional<Long> summed = check.terms().stream()
                .filter(one -> one.id().equals(term) || one.id().equals(term + "_of_all"))
                .map(CheckedTerm::printed)
                .findFirst();
        check.log().figure(figure).map(LogFigure::value).or(() -> summed).ifPresent(value -> row.put(key, value));
    }
}
