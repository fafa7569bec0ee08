package io.llmsizing.report;

import io.llmsizing.Deployment;
import io.llmsizing.Footprint;
import io.llmsizing.Sizing;
import io.llmsizing.Stage;
import io.llmsizing.Verdict;
import io.llmsizing.ledger.LineItem;
import io.llmsizing.serverlog.LogEngine;
import io.llmsizing.serverlog.LogFigure;
import io.llmsizing.serverlog.LogTerm;
import io.llmsizing.serverlog.ServerLog;
import io.llmsizing.units.Exact;
import io.llmsizing.units.Ratio;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Puts predicted terms beside those of a log. */
final class LoggedTerms {
    private final ServerLog log;
    private final Deployment deployment;
    private final List<CheckedTerm> terms = new ArrayList<>();

    private LoggedTerms(ServerLog log, Deployment deployment) {
        this.log = log;
        this.deployment = deployment;
    }

    List<CheckedTerm> list() {
        return terms;
    }

    /** Bytes with their band, of which the largest of all ranks is printed. */
    private record Predicted(long bytes, long low, long high) {
        static final Predicted NONE = new Predicted(0, 0, 0);

        Predicted plus(Predicted other) {
            return new Predicted(bytes + other.bytes, low + other.low, high + other.high);
        }
    }

    /** Engines that divide a budget and fill it with a pool: vLLM, SGLang. */
    static LoggedTerms ofPool(ServerLog log, Verdict verdict) {
        LoggedTerms terms = new LoggedTerms(log, verdict.finding().deployment());
        Predicted loaded = terms.largest("weights", "loading", "draft");
        if (terms.hasProfile()) {
            terms.bytes("loaded", "loaded weights", loaded, log.figure(LogTerm.LOADED));
            terms.budgeted(verdict, loaded);
        } else {
            Predicted atLeast = new Predicted(loaded.bytes(), loaded.low(), Long.MAX_VALUE);
            terms.bytes("loaded", "weights, at least", atLeast, log.figure(LogTerm.LOADED));
        }
        terms.cacheOfPrintedTokens();
        return terms;
    }

    private boolean hasProfile() {
        return deployment.engine().name().equals(log.engine().id());
    }

    private void budgeted(Verdict verdict, Predicted loaded) {
        Predicted runtime = largest("runtime");
        bytes("activation", "activation peak", largest("activation"), log.figure(LogTerm.ACTIVATION));
        bytes("non_torch", "non-torch memory", runtime, log.figure(LogTerm.NON_TORCH));
        bytes("consumed", "weights and non-torch", loaded.plus(runtime), log.figure(LogTerm.CONSUMED));
        if (hasGraphs()) {
            bytes(
                    "graphs",
                    "graphs in the budget",
                    largest("graphs"),
                    log.figure(LogTerm.GRAPHS_ESTIMATED).or(() -> log.figure(LogTerm.GRAPHS)));
        }
        long budget = Long.MAX_VALUE;
        long pool = Long.MAX_VALUE;
        long low = Long.MAX_VALUE;
        long high = Long.MAX_VALUE;
        Footprint footprint = deployment.footprint();
        for (int stage = 0; stage < footprint.stages(); stage++) {
            Stage on = deployment.stages().get(stage);
            budget = Math.min(budget, footprint.budget(stage));
            pool = Math.min(pool, footprint.budget(stage) - footprint.fixedBytes(stage));
            low = Math.min(low, on.leastBudget().budget().bytes() - footprint.highBytes(stage, 0, 0));
            high = Math.min(high, on.mostBudget().budget().bytes() - footprint.lowBytes(stage, 0, 0));
        }
        bytes("budget", "budget", new Predicted(budget, budget, budget), log.figure(LogTerm.BUDGET));
        Predicted predicted = new Predicted(Math.max(0, pool), Math.max(0, low), Math.max(0, high));
        bytes("pool", "cache pool", predicted, log.figure(LogTerm.POOL));
        if (predicted.bytes() > 0) {
            counts(verdict, predicted);
        }
    }

    /** Blocks, tokens and requests are as many as the answer to the same question has. */
    private void counts(Verdict verdict, Predicted pool) {
        Map<?, ?> cache = (Map<?, ?>) Answer.of(verdict, false).get("kv_cache");
        long tokens = cache != null && cache.get("pool_tokens") instanceof Long counted ? counted : 0;
        long page = deployment.footprint().pageTokens();
        scaled("pool_blocks", "blocks", LogTerm.POOL_BLOCKS, tokens / page, pool);
        scaled("pool_tokens", "tokens", LogTerm.POOL_TOKENS, tokens, pool);
        String concurrency = cache == null ? "0" : String.valueOf(cache.get("max_concurrency"));
        if (log.figure(LogTerm.CONCURRENCY_TOKENS)
                .filter(length -> length.value() == deployment.workload().contextTokens())
                .isPresent()) {
            scaled(
                    "concurrency",
                    "requests at once",
                    LogTerm.CONCURRENCY,
                    Ratio.parse(concurrency).floorOf(100),
                    pool);
        }
    }

    private void scaled(String id, String title, LogTerm term, long predicted, Predicted pool) {
        log.figure(term)
                .ifPresent(figure -> terms.add(new CheckedTerm(
                        id,
                        title,
                        term.unit(),
                        predicted,
                        Ratio.of(pool.low(), pool.bytes()).floorOf(predicted),
                        Ratio.of(pool.high(), pool.bytes()).ceilOf(predicted),
                        figure.value(),
                        figure.resolution(),
                        figure.line(),
                        isBanded(pool.low(), pool.high()))));
    }

    /** SGLang prints what a device loses, which is more than what is allocated by an amount that nothing bounds. */
    private boolean isBanded(long low, long high) {
        return log.engine() != LogEngine.SGLANG || low < high;
    }

    /** The printed pool against the bytes of the printed tokens: the one cross-check that no other term disturbs. */
    private void cacheOfPrintedTokens() {
        Optional<LogFigure> tokens = log.figure(LogTerm.POOL_TOKENS);
        if (tokens.isEmpty() || !growsEvenly()) {
            return;
        }
        Footprint footprint = deployment.footprint();
        long pages = tokens.orElseThrow().value() / footprint.pageTokens();
        long page = 0;
        for (int stage = 0; stage < footprint.stages(); stage++) {
            page = Math.max(page, footprint.bytesPerPage(stage));
        }
        long bytes = Exact.multiplyCapped(pages, page);
        bytes(
                "cache_of_tokens",
                "cache of the printed tokens",
                new Predicted(bytes, bytes, Exact.addCapped(bytes, page)),
                pool(log));
    }

    private boolean growsEvenly() {
        Footprint footprint = deployment.footprint();
        long tokens = deployment.workload().contextTokens();
        for (int stage = 0; stage < footprint.stages(); stage++) {
            long even =
                    Exact.multiplyCapped(Exact.ceilDiv(tokens, footprint.pageTokens()), footprint.bytesPerPage(stage));
            if (even == 0 || footprint.cacheBytes(stage, tokens, 1) != even) {
                return false;
            }
        }
        return true;
    }

    /** The pool, which SGLang prints in two halves. */
    static Optional<LogFigure> pool(ServerLog log) {
        Optional<LogFigure> keys = log.figure(LogTerm.POOL_KEYS);
        Optional<LogFigure> values = log.figure(LogTerm.POOL_VALUES);
        if (log.figure(LogTerm.POOL).isPresent() || keys.isEmpty() || values.isEmpty()) {
            return log.figure(LogTerm.POOL);
        }
        LogFigure one = keys.orElseThrow();
        LogFigure other = values.orElseThrow();
        return Optional.of(new LogFigure(
                LogTerm.POOL,
                one.place(),
                one.value() + other.value(),
                one.resolution() + other.resolution(),
                one.line(),
                one.seen(),
                one.spread() + other.spread()));
    }

    /** Engines that print their buffers: llama.cpp. */
    static LoggedTerms ofBuffers(ServerLog log, Verdict verdict) {
        LoggedTerms terms = new LoggedTerms(log, verdict.finding().deployment());
        List<String> devices = LoggedBuffers.devices(log);
        List<Integer> stages = new ArrayList<>();
        for (int stage = 0; stage < terms.deployment.stages().size(); stage++) {
            if (!terms.deployment.stages().get(stage).isHost()) {
                stages.add(stage);
            }
        }
        if (devices.size() == stages.size() && stages.size() > 1) {
            for (int stage : stages) {
                terms.buffers(" of " + devices.get(stage), List.of(devices.get(stage)), List.of(stage));
            }
        }
        terms.buffers(stages.size() > 1 ? " of all" : "", devices, stages);
        return terms;
    }

    private void buffers(String of, List<String> devices, List<Integer> stages) {
        bytes(
                "loaded" + of.replace(' ', '_'),
                "model buffer" + of,
                sum(stages, "weights"),
                LoggedBuffers.model(log, devices));
        bytes(
                "pool" + of.replace(' ', '_'),
                "cache and state" + of,
                sum(stages, "kv_cache"),
                LoggedBuffers.cache(log, devices));
        bytes(
                "activation" + of.replace(' ', '_'),
                "compute buffer" + of,
                sum(stages, "activation").plus(sum(stages, "scratch")),
                LoggedBuffers.compute(log, devices));
    }

    private boolean hasGraphs() {
        return largest("graphs").bytes() > 0;
    }

    private Predicted sum(List<Integer> stages, String section) {
        Predicted sum = Predicted.NONE;
        for (int stage : stages) {
            sum = sum.plus(of(Sizing.explain(deployment, stage), section));
        }
        return sum;
    }

    private Predicted largest(String... sections) {
        Predicted largest = Predicted.NONE;
        for (int stage = 0; stage < deployment.stages().size(); stage++) {
            LineItem rank = Sizing.explain(deployment, stage);
            Predicted sum = Predicted.NONE;
            for (String section : sections) {
                sum = sum.plus(of(rank, section));
            }
            largest = sum.bytes() > largest.bytes() ? sum : largest;
        }
        return largest;
    }

    private static Predicted of(LineItem rank, String section) {
        return rank.find(section)
                .map(line -> new Predicted(line.bytes(), line.low(), line.high()))
                .orElse(Predicted.NONE);
    }

    private void bytes(String id, String title, Predicted predicted, Optional<LogFigure> printed) {
        printed.ifPresent(figure -> terms.add(new CheckedTerm(
                id,
                title,
                LogTerm.Unit.BYTES,
                predicted.bytes(),
                predicted.low(),
                predicted.high(),
                figure.value(),
                figure.resolution(),
                figure.line(),
                isBanded(predicted.low(), predicted.high()))));
    }
}
