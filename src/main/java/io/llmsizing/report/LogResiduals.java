package io.llmsizing.report;

import io.llmsizing.Deployment;
import io.llmsizing.DeploymentBuilder;
import io.llmsizing.Sizing;
import io.llmsizing.Verdict;
import io.llmsizing.engine.EngineSetting;
import io.llmsizing.ledger.LineItem;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.quantization.WeightSchemes;
import io.llmsizing.serverlog.LogEngine;
import io.llmsizing.serverlog.LogFigure;
import io.llmsizing.serverlog.LogTerm;
import io.llmsizing.serverlog.ServerLog;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.units.ByteSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What explains a notable difference between a log and a prediction. Each explanation is one that was computed and fits. */
final class LogResiduals {
    /** Other ways to store weights that are tried where loaded weights are off. */
    private static final List<String> OTHER_WEIGHTS = List.of("bf16", "fp32", "fp8", "int8", "awq", "gptq", "nf4");

    private static final long NOTABLE_BASIS_POINTS = 50;
    private static final long NEAR_BASIS_POINTS = 300;

    private final ServerLog log;
    private final Deployment deployment;
    private final List<CheckedTerm> terms;
    private final List<String> remarks = new ArrayList<>();

    LogResiduals(ServerLog log, Verdict verdict, List<CheckedTerm> terms) {
        this.log = log;
        this.deployment = verdict.finding().deployment();
        this.terms = terms;
    }

    List<String> remarks() {
        term("loaded").filter(LogResiduals::isNotable).ifPresent(this::loaded);
        unknownMemory();
        term("cache_of_tokens").filter(LogResiduals::isNotable).ifPresent(this::cacheFormat);
        tokenFormula();
        log.figure(LogTerm.DRAFT_LOADED)
                .ifPresent(draft -> remarks.add("a second model that drafts was loaded: " + size(draft.value())
                        + " more (line " + draft.line() + "), which is not predicted here"));
        log.figure(LogTerm.PADDING_LAYERS)
                .ifPresent(padding -> remarks.add("layers of unlike caches were grouped and filled up with "
                        + padding.value() + " (line " + padding.line() + ")"));
        return remarks;
    }

    private Optional<CheckedTerm> term(String id) {
        return terms.stream().filter(term -> term.id().equals(id)).findFirst();
    }

    private static boolean isNotable(CheckedTerm term) {
        return !term.isInside() && Math.abs(term.basisPoints()) >= NOTABLE_BASIS_POINTS;
    }

    /** What is printed as loaded tells of another format, of a prediction head, of repacking. */
    private void loaded(CheckedTerm term) {
        List<String> fitting = new ArrayList<>();
        if (deployment.model().speculativeHead().isPresent()) {
            boolean with = !deployment.isSpeculative();
            Optional<Long> other = loaded(copy(deployment.weights()).speculative(with));
            other.filter(bytes -> explains(bytes, term, NOTABLE_BASIS_POINTS))
                    .ifPresent(bytes -> fitting.add(
                            (with ? "with" : "without") + " multi-token prediction it would be " + size(bytes)));
        }
        for (String name : OTHER_WEIGHTS) {
            WeightScheme scheme = WeightSchemes.named(name);
            loaded(copy(scheme))
                    .filter(bytes -> explains(bytes, term, NEAR_BASIS_POINTS))
                    .ifPresent(bytes -> fitting.add("with weights in " + scheme + " it would be " + size(bytes)));
        }
        boolean packed = deployment.weights().formatOf(TensorRole.ATTENTION).isPacked()
                || deployment.weights().formatOf(TensorRole.EXPERT).isPacked();
        if (fitting.isEmpty() && packed && term.difference() > 0 && term.basisPoints() < NEAR_BASIS_POINTS * 2) {
            fitting.add("packed weights leave something behind when they are repacked");
        }
        remarks.add("loaded weights are off by " + size(Math.abs(term.difference())) + ": "
                + (fitting.isEmpty() ? "nothing that was tried explains it" : String.join("; or ", fitting)));
    }

    private static boolean explains(long bytes, CheckedTerm term, long basisPoints) {
        long off = Math.abs(term.printed() - bytes);
        return off <= Math.max(term.resolution(), bytes / 10_000 * basisPoints) && off < Math.abs(term.difference());
    }

    private DeploymentBuilder copy(WeightScheme weights) {
        DeploymentBuilder builder = Deployment.builder(deployment.model(), deployment.cluster())
                .weights(weights)
                .kvCache(deployment.cache())
                .layout(deployment.layout())
                .engine(deployment.engine())
                .workload(deployment.workload())
                .speculativeTokens(deployment.speculativeTokens())
                .eager(deployment.isEager())
                .hostShare(deployment.hostShare());
        deployment.draft().ifPresent(builder::draft);
        return deployment.engine().settings().contains(EngineSetting.MEMORY_FRACTION)
                ? builder.memoryFraction(deployment.memoryFraction())
                : builder;
    }

    /** Nothing where the model can't be stored or laid out so. */
    private static Optional<Long> loaded(DeploymentBuilder builder) {
        try {
            Deployment other = builder.build();
            long most = 0;
            for (int stage = 0; stage < other.stages().size(); stage++) {
                LineItem rank = Sizing.explain(other, stage);
                most = Math.max(most, bytes(rank, "weights") + bytes(rank, "loading"));
            }
            return Optional.of(most);
        } catch (IllegalArgumentException notSo) {
            return Optional.empty();
        }
    }

    private static long bytes(LineItem rank, String section) {
        return rank.find(section).map(LineItem::bytes).orElse(0L);
    }

    /** The pool and what is printed of the rest leave what nobody prints. */
    private void unknownMemory() {
        Optional<LogFigure> loaded = log.figure(LogTerm.LOADED);
        Optional<LogFigure> activation = log.figure(LogTerm.ACTIVATION);
        Optional<LogFigure> pool = log.figure(LogTerm.POOL);
        if (log.engine() != LogEngine.VLLM
                || log.figure(LogTerm.NON_TORCH).isPresent()
                || log.figure(LogTerm.CONSUMED).isPresent()
                || loaded.isEmpty()
                || activation.isEmpty()
                || pool.isEmpty()) {
            return;
        }
        long budget = log.figure(LogTerm.BUDGET)
                .map(LogFigure::value)
                .orElse(deployment.footprint().budget(0));
        boolean inBudget = Sizing.explain(deployment, 0).find("graphs").isPresent();
        long graphs = inBudget
                ? log.figure(LogTerm.GRAPHS_ESTIMATED).map(LogFigure::value).orElse(0L)
                : 0;
        long rest = budget
                - loaded.orElseThrow().value()
                - activation.orElseThrow().value()
                - graphs
                - pool.orElseThrow().value();
        remarks.add("what is printed leaves " + (rest < 0 ? "-" : "") + size(Math.abs(rest))
                + " of the budget for what the framework does not allocate; predicted: "
                + size(bytes(Sizing.explain(deployment, 0), "runtime")));
    }

    private void cacheFormat(CheckedTerm term) {
        long percent = term.printed() * 100 / Math.max(1, term.predicted());
        String why = percent >= 45 && percent <= 55
                ? "half: the cache is stored in half the bytes, such as fp8; give --kv-cache"
                : percent >= 190 && percent <= 210
                        ? "twice: the cache is stored in twice the bytes; give --kv-cache"
                        : "other layers or another format than taken here";
        remarks.add("the printed tokens would take " + size(term.predicted()) + ", printed are " + size(term.printed())
                + ": " + why);
    }

    /** Up to 2026-04 blocks of one group times their tokens, since then requests times their length. */
    private void tokenFormula() {
        Optional<LogFigure> tokens = log.figure(LogTerm.POOL_TOKENS);
        Optional<LogFigure> requests = log.figure(LogTerm.CONCURRENCY);
        Optional<LogFigure> length = log.figure(LogTerm.CONCURRENCY_TOKENS);
        if (tokens.isEmpty() || requests.isEmpty() || length.isEmpty()) {
            return;
        }
        long product = length.orElseThrow().value() * requests.orElseThrow().value() / 100;
        long rounding =
                length.orElseThrow().value() / 100 + deployment.footprint().pageTokens();
        boolean same = Math.abs(product - tokens.orElseThrow().value()) <= rounding;
        boolean whole = tokens.orElseThrow().value() % deployment.footprint().pageTokens() == 0;
        if (!same) {
            remarks.add(String.format(
                    Locale.ROOT,
                    "tokens are not requests times length (%,d): they are blocks of one group times their tokens, as vLLM"
                            + " printed them up to 0.19, or windows and states make a request cheaper or dearer than its length",
                    product));
        } else if (!whole) {
            remarks.add(
                    "tokens are no whole blocks: they are requests times length, as vLLM prints them since 2026-04-28");
        }
    }

    private static String size(long bytes) {
        return ByteSize.ofBytes(bytes).toDisplay();
    }
}
