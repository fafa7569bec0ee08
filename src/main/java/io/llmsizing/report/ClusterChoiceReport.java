package io.llmsizing.report;

import io.llmsizing.Deployment;
import io.llmsizing.Sizing;
import io.llmsizing.Verdict;
import io.llmsizing.hardware.NodeType;
import io.llmsizing.hardware.Price;
import io.llmsizing.model.Model;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which types of machines a model fits, for people and for programs.
 *
 * @param model what is served
 * @param found the types that are enough, each with the deployment on as few machines as that takes
 * @param tried types that were tried
 * @param refused types of them on which what is asked for can't be laid out, such as those with too few devices
 * @param top types that are shown at most
 */
public record ClusterChoiceReport(Model model, Map<NodeType, Deployment> found, int tried, int refused, int top) {
    /** The cheapest first; those without a known price last, the fewest machines and the least memory first. */
    private List<NodeType> shown() {
        return found.keySet().stream()
                .sorted(Comparator.comparing((NodeType type) -> dollars(type).isEmpty())
                        .thenComparing(type -> dollars(type).orElse(BigDecimal.ZERO))
                        .thenComparing(this::machines)
                        .thenComparing(this::memory)
                        .thenComparing(NodeType::id))
                .limit(top)
                .toList();
    }

    private Deployment deployment(NodeType type) {
        return Objects.requireNonNull(found.get(type));
    }

    private int machines(NodeType type) {
        return deployment(type).cluster().groups().get(0).count();
    }

    private long memory(NodeType type) {
        return Math.multiplyExact(
                deployment(type).cluster().firstAccelerator().memory().usable().bytes(),
                (long) deployment(type).cluster().devices());
    }

    private Optional<BigDecimal> dollars(NodeType type) {
        return type.price().map(price -> price.dollarsPerHour().multiply(BigDecimal.valueOf(machines(type))));
    }

    private static String written(BigDecimal dollars) {
        return dollars.stripTrailingZeros().toPlainString();
    }

    /**
     * The answer for people.
     *
     * @return lines ending in line feeds
     */
    public String text() {
        List<String> lines = new ArrayList<>();
        if (found.isEmpty()) {
            lines.add("NOTHING FITS  " + model.name() + " on any of " + tried + " types of machines" + notAsked());
        } else {
            List<List<String>> table = new ArrayList<>();
            table.add(List.of(
                    "MACHINES", "PROVIDER", "DEVICES", "LAYOUT", "HEADROOM", "SEQUENCES", "USD/HOUR", "PRICE OF"));
            shown().forEach(type -> table.add(row(type)));
            lines.addAll(TextTable.aligned(table, Set.of(0, 1, 2, 3, 7)));
            lines.add("");
            lines.add(model.name() + " fits " + found.size() + " of " + tried + " types of machines"
                    + (shown().size() < found.size() ? ", of which the first " + shown().size() + " are shown" : "")
                    + notAsked());
        }
        return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    private String notAsked() {
        return refused == 0 ? "" : "; on " + refused + " it can't be laid out as is asked";
    }

    private List<String> row(NodeType type) {
        Deployment deployment = deployment(type);
        Verdict verdict = Sizing.size(deployment);
        return List.of(
                machines(type) + "x " + type.node().name(),
                type.provider(),
                type.node().toString(),
                deployment.layout().toString(),
                verdict.headroom().toDisplay(),
                String.format(Locale.ROOT, "%,d", verdict.finding().maxSequences()),
                dollars(type).map(ClusterChoiceReport::written).orElse("unknown"),
                type.price().map(price -> price.basis() + ", " + price.date()).orElse(""));
    }

    /**
     * The answer for programs.
     *
     * @return {@code model}, {@code tried}, {@code refused}, {@code fits} and {@code machines}
     */
    public Map<String, Object> json() {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("model", model.name());
        answer.put("tried", tried);
        answer.put("refused", refused);
        answer.put("fits", found.size());
        answer.put("machines", shown().stream().map(this::json).collect(Collectors.toList()));
        return answer;
    }

    private Map<String, Object> json(NodeType type) {
        Deployment deployment = deployment(type);
        Verdict verdict = Sizing.size(deployment);
        Map<String, Object> written = new LinkedHashMap<>();
        written.put("machine", type.id());
        written.put("provider", type.provider());
        written.put("count", machines(type));
        written.putAll(PlanReport.setup(deployment));
        written.put("headroom_bytes", verdict.headroom().bytes());
        written.put("max_context_tokens", verdict.finding().maxContext());
        written.put("max_sequences", verdict.finding().maxSequences());
        dollars(type).ifPresent(dollars -> {
            Price price = type.price().orElseThrow();
            written.put("price_usd_per_hour", written(dollars));
            written.put("price_basis", price.basis());
            written.put("price_date", price.date());
        });
        return written;
    }
}
