package io.llmsizing.report;

import io.llmsizing.Deployment;
import io.llmsizing.Finding;
import io.llmsizing.Sizing;
import io.llmsizing.Verdict;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.hardware.NodeType;
import io.llmsizing.hardware.Price;
import io.llmsizing.ledger.Assumption;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.planner.NodePrices;
import io.llmsizing.planner.Plan;
import io.llmsizing.planner.Plans;
import io.llmsizing.units.ByteSize;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Plans for people and for programs.
 *
 * @param plans what was found
 * @param prices of which the plans have theirs
 * @param objective by what they are in order
 * @param top plans that are shown at most
 * @param doubted a layout of which it is asked why it is not among them, if any
 */
public record PlanReport(Plans plans, NodePrices prices, String objective, int top, Optional<ParallelLayout> doubted) {
    private static final List<String> HEADS = List.of(
            "",
            "DEVICES",
            "MACHINES",
            "LAYOUT",
            "WEIGHTS",
            "CACHE",
            "ENGINE",
            "SEQUENCES",
            "CONTEXT",
            "HEADROOM",
            "USD/HOUR");

    private List<Plan> shown() {
        return plans.best().subList(0, Math.min(top, plans.best().size()));
    }

    /**
     * The plans for people: a table, or what came closest with its remedies.
     *
     * @return lines ending in line feeds
     */
    public String text() {
        List<String> lines = new ArrayList<>();
        plans.nearest().ifPresentOrElse(nearest -> addNearest(lines, nearest), () -> addTable(lines));
        plans.leftOut().forEach(reason -> lines.add("left out  " + reason));
        if (plans.spareNodes() > 0) {
            lines.add("note      machines: " + plans.spareNodes() + " stay" + (plans.spareNodes() == 1 ? "s" : "")
                    + " idle beside these, to take the place of what fails");
        }
        doubted.ifPresent(layout -> {
            lines.add("");
            lines.add("why not " + layout);
            plans.whyNot(layout).lines().forEach(reason -> lines.add("  " + reason));
        });
        return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    private void addTable(List<String> lines) {
        Plan first = plans.best().get(0);
        lines.add(asked(first.deployment()));
        lines.add("");
        List<List<String>> table = new ArrayList<>();
        table.add(HEADS);
        for (Plan plan : shown()) {
            table.add(row(table.size(), plan));
        }
        lines.addAll(TextTable.aligned(table, Set.of(1, 2, 3, 4, 5, 6)));
        lines.add("");
        lines.add(String.format(
                Locale.ROOT,
                "%,d deployments sized; %s",
                plans.considered(),
                plans.best().size() == 1
                        ? "no other beats this one"
                        : plans.best().size() + " are not beaten in everything by another"
                                + (shown().size() < plans.best().size()
                                        ? ", of which the first " + shown().size() + " are shown"
                                        : "")));
        shown().stream()
                .flatMap(plan -> types(plan).stream())
                .distinct()
                .forEach(type -> lines.add("price     " + type.node().name() + ", " + type.provider() + ": "
                        + type.price().map(PlanReport::words).orElse("")));
        shown().stream()
                .flatMap(plan -> plan.deployment().assumptions().stream())
                .map(Assumption::toString)
                .distinct()
                .forEach(assumption -> lines.add("note      " + assumption));
    }

    private static String asked(Deployment deployment) {
        return String.format(
                Locale.ROOT,
                "%s, %,d sequence%s of %,d tokens",
                deployment.model().name(),
                deployment.workload().sequences(),
                deployment.workload().sequences() == 1 ? "" : "s",
                deployment.workload().contextTokens());
    }

    private static String words(Price price) {
        return price.dollarsPerHour().toPlainString() + " USD an hour, " + price.basis() + ", " + price.date();
    }

    private List<NodeType> types(Plan plan) {
        return plan.dollarsPerHour().isEmpty()
                ? List.of()
                : plan.deployment().cluster().groups().stream()
                        .flatMap(group -> prices.type(group.node()).stream())
                        .toList();
    }

    private List<String> row(int rank, Plan plan) {
        Deployment deployment = plan.deployment();
        return List.of(
                "" + rank,
                devices(plan),
                machines(plan),
                deployment.layout().toString(),
                deployment.weights().name(),
                deployment.cache().name(),
                deployment.engine().toString(),
                String.format(Locale.ROOT, "%,d", plan.maxSequences()),
                String.format(Locale.ROOT, "%,d", plan.maxContext()),
                ByteSize.ofBytes(plan.headroom()).toDisplay(),
                plan.dollarsPerHour().map(PlanReport::dollars).orElse("unknown"));
    }

    private static String dollars(BigDecimal dollars) {
        return dollars.stripTrailingZeros().toPlainString();
    }

    private static String devices(Plan plan) {
        Cluster cluster = plan.deployment().cluster();
        return cluster.runs().size() == 1
                ? plan.devices() + "x " + cluster.firstAccelerator().name()
                : plan.devices() + " of " + cluster;
    }

    private static String machines(Plan plan) {
        List<Cluster.Group> groups = plan.deployment().cluster().groups();
        Cluster.Group first = groups.get(0);
        if (groups.size() > 1) {
            return "" + plan.nodes();
        }
        return plan.nodes() + "x "
                + (first.node().name().isEmpty()
                        ? first.node().deviceCount() + (first.node().deviceCount() == 1 ? " device" : " devices")
                        : first.node().name());
    }

    private void addNearest(List<String> lines, Deployment nearest) {
        Verdict verdict = Sizing.size(nearest);
        boolean close = verdict instanceof Verdict.TooCloseToCall;
        lines.add(String.format(
                Locale.ROOT,
                "%s  %s; %,d deployment%s sized",
                close ? "NOTHING FITS FOR SURE" : "NOTHING FITS",
                asked(nearest),
                plans.considered(),
                plans.considered() == 1 ? "" : "s"));
        lines.add("nearest   " + nearest.cluster() + ", " + nearest.layout() + ", weights " + nearest.weights()
                + ", cache " + nearest.cache().name() + ", " + nearest.engine());
        lines.add("          " + verdict.summary());
        lines.add("bound by  " + verdict.finding().bindingConstraint().id().replace('_', ' '));
        lines.addAll(RemedyReport.text(plans.remedies()).lines().toList());
    }

    /**
     * The plans for programs.
     *
     * @return {@code model}, {@code sequences}, {@code context_tokens}, {@code objective}, {@code spare_nodes}, {@code left_out},
     *     {@code considered}, {@code found}, {@code plans}, and where nothing fits {@code nearest}; {@code why_not} where
     *     it was asked
     */
    public Map<String, Object> json() {
        Map<String, Object> answer = new LinkedHashMap<>();
        Deployment asked = plans.nearest().orElseGet(() -> plans.best().get(0).deployment());
        answer.put("model", asked.model().name());
        answer.put("sequences", asked.workload().sequences());
        answer.put("context_tokens", asked.workload().contextTokens());
        answer.put("shared_prefix_tokens", asked.workload().sharedPrefixTokens());
        answer.put("objective", objective);
        answer.put("spare_nodes", plans.spareNodes());
        answer.put("considered", plans.considered());
        answer.put("found", plans.best().size());
        answer.put("plans", shown().stream().map(this::json).collect(Collectors.toList()));
        plans.nearest().ifPresent(nearest -> answer.put("nearest", json(nearest)));
        answer.put("left_out", List.copyOf(plans.leftOut()));
        doubted.ifPresent(
                layout -> answer.put("why_not", plans.whyNot(layout).lines().collect(Collectors.toList())));
        return answer;
    }

    private Map<String, Object> json(Plan plan) {
        Deployment deployment = plan.deployment();
        Map<String, Object> written = setup(deployment);
        written.put("devices", plan.devices());
        written.put("nodes", plan.nodes());
        written.put("max_sequences", plan.maxSequences());
        written.put("max_context_tokens", plan.maxContext());
        written.put("headroom_bytes", plan.headroom());
        plan.dollarsPerHour().ifPresent(dollars -> {
            written.put("price_usd_per_hour", dollars(dollars));
            written.put(
                    "prices",
                    types(plan).stream().map(PlanReport::json).distinct().collect(Collectors.toList()));
        });
        written.put("assumptions", Answer.texts(deployment.assumptions()));
        return written;
    }

    private static Map<String, Object> json(NodeType type) {
        Map<String, Object> written = new LinkedHashMap<>();
        written.put("machine", type.id());
        type.price().ifPresent(price -> {
            written.put("price_usd_per_hour", price.dollarsPerHour().toPlainString());
            written.put("price_basis", price.basis());
            written.put("price_date", price.date());
        });
        return written;
    }

    /** What a deployment is made of. */
    static Map<String, Object> setup(Deployment deployment) {
        Map<String, Object> written = new LinkedHashMap<>();
        written.put("cluster", deployment.cluster().toString());
        written.put("layout", Answer.layout(deployment.layout()));
        written.put("weights", deployment.weights().name());
        written.put("kv_cache", deployment.cache().name());
        written.put("engine", deployment.engine().name());
        written.put("engine_version", deployment.engine().version());
        return written;
    }

    private Map<String, Object> json(Deployment nearest) {
        Verdict verdict = Sizing.size(nearest);
        Finding finding = verdict.finding();
        Map<String, Object> written = setup(nearest);
        written.put("verdict", verdict.id());
        written.put("needed_bytes", finding.needed().bytes());
        written.put("budget_bytes", finding.budget().bytes());
        written.put("shortfall_bytes", verdict.shortfall().bytes());
        written.put("binding_constraint", finding.bindingConstraint().id());
        written.put("remedies", RemedyReport.json(plans.remedies()));
        return written;
    }
}
