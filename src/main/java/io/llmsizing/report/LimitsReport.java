package io.llmsizing.report;

import io.llmsizing.Deployment;
import io.llmsizing.Sizing;
import io.llmsizing.Verdict;
import io.llmsizing.engine.EngineSetting;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.planner.Limits;
import io.llmsizing.units.Ratio;
import io.llmsizing.workload.Workload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How far each number of a deployment goes while the others are kept, for people and for programs.
 *
 * @param asked the deployment
 * @param context with the longest context, the layout being chosen anew; nothing where none fits
 * @param sequences with the most sequences, likewise
 * @param fraction the smallest share of each device with its layout; nothing where none fits or the engine takes none
 * @param bits the most bits of each weight of the linear layers with its layout; nothing where not even a quarter fits
 * @param weights with the largest known way to store the weights; nothing where none fits
 * @param card on as many of the smallest accelerators with its layout; nothing where none is enough
 */
public record LimitsReport(
        Deployment asked,
        Optional<Deployment> context,
        Optional<Deployment> sequences,
        Optional<Ratio> fraction,
        Optional<Ratio> bits,
        Optional<Deployment> weights,
        Optional<Deployment> card) {
    private static final String NONE = "none fits for sure";

    /**
     * The answer for people.
     *
     * @return lines ending in line feeds
     */
    public String text() {
        Workload workload = asked.workload();
        Verdict verdict = Sizing.size(asked);
        List<String> lines = new ArrayList<>();
        lines.add(verdict.title() + "  " + verdict.reason());
        lines.add("");
        lines.add(row(
                "asked",
                TextReport.counted(workload.sequences(), "sequence") + " of "
                        + TextReport.counted(workload.contextTokens(), "token")
                        + TextReport.prefix(workload.sharedPrefixTokens())
                        + (workload.sharedPrefixTokens() > 0 ? ", of " : " of ") + described(asked)));
        lines.add("");
        lines.add(row(
                "longest context",
                context.map(at -> TextReport.counted(at.workload().contextTokens(), "token") + " for "
                                + TextReport.counted(at.workload().sequences(), "sequence") + elsewhere(at))
                        .orElse(NONE)));
        lines.add(row(
                "most sequences",
                sequences
                        .map(at -> TextReport.counted(at.workload().sequences(), "sequence") + " of "
                                + TextReport.counted(at.workload().contextTokens(), "token") + elsewhere(at))
                        .orElse(NONE)));
        lines.add(row(
                "smallest share",
                asked.engine().settings().contains(EngineSetting.MEMORY_FRACTION)
                        ? fraction.map(share -> share.toDisplay(3) + " of each device")
                                .orElse(NONE)
                        : "the engine has none to set"));
        lines.add(row(
                "most bits a weight",
                bits.map(most -> most.toDisplay(2)
                                + (most.floorOf(1) >= Limits.MOST_BITS ? " or more" : "")
                                + " in the linear layers, 16 elsewhere")
                        .orElse(NONE)));
        lines.add(row(
                "largest weights",
                weights.map(at -> at.weights().name())
                        .map(name -> name + " of the known ways")
                        .orElse(NONE)));
        lines.add(row(
                "smallest card",
                card.map(at -> at.cluster() + " (" + card(at).memory().usable().toDisplay() + " usable each)")
                        .orElse(NONE)));
        Answer.texts(asked.assumptions()).forEach(assumption -> lines.add(row("note", assumption)));
        return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    private static String described(Deployment deployment) {
        return deployment.model().name() + " (weights " + deployment.weights() + ", cache "
                + deployment.cache().name() + ") on " + deployment.cluster() + ", " + deployment.layout() + ", "
                + deployment.engine();
    }

    private String elsewhere(Deployment at) {
        return at.layout().equals(asked.layout()) ? "" : ", as " + at.layout();
    }

    private static Accelerator card(Deployment deployment) {
        return deployment.cluster().firstAccelerator();
    }

    private static String row(String label, String text) {
        return String.format(Locale.ROOT, "%-18s  %s", label, text);
    }

    /**
     * The answer for programs.
     *
     * @return {@code model}, what the deployment is made of, {@code verdict}, {@code context_tokens}, {@code sequences},
     *     {@code shared_prefix_tokens}, and the limits {@code max_context_tokens}, {@code max_sequences} (0 where none fits),
     *     {@code smallest_memory_fraction}, {@code max_bits_per_weight} (decimals as text), {@code largest_weights} and
     *     {@code smallest_card} with its {@code accelerator}, {@code cluster} and {@code layout} (null where none fits)
     */
    public Map<String, Object> json() {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("model", asked.model().name());
        answer.putAll(PlanReport.setup(asked));
        answer.put("verdict", Sizing.size(asked).id());
        answer.put("context_tokens", asked.workload().contextTokens());
        answer.put("sequences", asked.workload().sequences());
        answer.put("shared_prefix_tokens", asked.workload().sharedPrefixTokens());
        answer.put(
                "max_context_tokens",
                context.map(at -> at.workload().contextTokens()).orElse(0L));
        answer.put(
                "max_sequences", sequences.map(at -> at.workload().sequences()).orElse(0L));
        answer.put(
                "smallest_memory_fraction",
                fraction.map(share -> share.toDisplay(3)).orElse(null));
        answer.put("max_bits_per_weight", bits.map(most -> most.toDisplay(2)).orElse(null));
        answer.put("largest_weights", weights.map(at -> at.weights().name()).orElse(null));
        answer.put("smallest_card", card.map(LimitsReport::json).orElse(null));
        answer.put("assumptions", Answer.texts(asked.assumptions()));
        return answer;
    }

    private static Map<String, Object> json(Deployment onCard) {
        Map<String, Object> written = new LinkedHashMap<>();
        written.put("accelerator", card(onCard).id());
        written.putAll(PlanReport.setup(onCard));
        return written;
    }
}
