package io.llmsizing.report;

import io.llmsizing.DenseExperts;
import io.llmsizing.Deployment;
import io.llmsizing.Finding;
import io.llmsizing.Footprint;
import io.llmsizing.Sizing;
import io.llmsizing.Verdict;
import io.llmsizing.engine.EngineProfile;
import io.llmsizing.engine.MemoryBudget;
import io.llmsizing.engine.PrefixSharing;
import io.llmsizing.engine.Serving;
import io.llmsizing.kvcache.CachePaging;
import io.llmsizing.kvcache.KvCacheMemory;
import io.llmsizing.ledger.Assumption;
import io.llmsizing.ledger.ItemizedLedger;
import io.llmsizing.ledger.LineItem;
import io.llmsizing.ledger.TotalLedger;
import io.llmsizing.model.Model;
import io.llmsizing.model.ParameterCount;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.parallel.Rank;
import io.llmsizing.planner.Remedy;
import io.llmsizing.quantization.CacheFormat;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.units.Exact;
import io.llmsizing.units.Ratio;
import io.llmsizing.weights.WeightMemory;
import io.llmsizing.workload.Workload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * Machine-readable answers as plain maps, in the documented order of keys, ready for {@link
 * io.llmsizing.document.JsonWriter}.
 */
public final class Answer {
    private Answer() {}

    /**
     * What a model needs by itself, without devices to put it on.
     *
     * @param model the model
     * @param weights how tensors are stored
     * @param cache how cached vectors are stored
     * @param engine whose rules round the cache and load the weights
     * @param asked how ranks would share it
     * @param workload what is held at once; without devices a step has 8,192 tokens and 1,024 sequences by default
     * @return parameters, weights and cache
     */
    public static Map<String, Object> of(
            Model model,
            WeightScheme weights,
            CacheFormat cache,
            EngineProfile engine,
            ParallelLayout asked,
            Workload workload) {
        ParallelLayout layout = engine.laidOut(model, asked);
        long tokens = workload.contextTokens();
        long tensors = 0;
        long loaded = 0;
        for (int stage = 0; stage < layout.pipeline(); stage++) {
            Rank rank = Rank.of(
                    model,
                    layout,
                    stage,
                    false,
                    engine.vocabularyMultiple(),
                    engine.stageBoundaries(model.layers().size(), layout.pipeline()));
            ItemizedLedger fixed = new ItemizedLedger(rank.label());
            engine.accountFixed(fixed, new Serving(rank, weights, cache, 1, 1, true));
            long stageTensors = bytes(fixed.root(), "weights");
            tensors = Math.max(tensors, stageTensors);
            loaded = Math.max(loaded, stageTensors + bytes(fixed.root(), "loading"));
        }
        Map<String, Object> weightBytes = new LinkedHashMap<>();
        weightBytes.put("bytes", WeightMemory.bytes(model, weights, false));
        weightBytes.put("tightest_rank_bytes", tensors);
        weightBytes.put("tightest_rank_loaded_bytes", loaded);
        Rank whole = Rank.of(model, ParallelLayout.SINGLE, 0, false, 1);
        ItemizedLedger held = new ItemizedLedger("held");
        Serving serving = new Serving(
                whole,
                weights,
                cache,
                workload.maxBatchedTokens().orElse(8_192),
                workload.maxSequences().orElse(1_024),
                false);
        engine.accountCache(held, serving, PrefixSharing.held(engine, workload.sequences(), workload));
        Map<String, Object> cacheBytes = new LinkedHashMap<>();
        cacheBytes.put("bytes_per_token", bytesPerToken(whole, cache));
        cacheBytes.put("fixed_bytes_per_sequence", fixedBytes(whole, cache));
        cacheBytes.put("bytes_for_question", bytes(held.root(), "kv_cache"));
        Map<String, Object> answer = head(model);
        answer.put("weights", weightBytes);
        answer.put("kv_cache", cacheBytes);
        List<String> assumptions = new ArrayList<>(texts(model.assumptions()));
        DenseExperts.ignored(engine, model, asked).ifPresent(ignored -> assumptions.add(ignored.toString()));
        if (tokens > model.contextTokens()) {
            assumptions.add("context_tokens: " + tokens + " is beyond the " + model.contextTokens()
                    + " that the model is made for; its cache is counted all the same");
        }
        answer.put("assumptions", assumptions);
        return answer;
    }

    /**
     * The whole answer about a deployment, without remedies.
     *
     * @param verdict the verdict
     * @param explained whether all lines are listed
     * @return the answer
     */
    public static Map<String, Object> of(Verdict verdict, boolean explained) {
        return of(verdict, explained, List.of());
    }

    /**
     * The whole answer about a deployment.
     *
     * @param verdict the verdict
     * @param explained whether all lines are listed
     * @param remedies what would make it fit
     * @return the answer
     */
    public static Map<String, Object> of(Verdict verdict, boolean explained, List<Remedy> remedies) {
        Finding finding = verdict.finding();
        Deployment deployment = finding.deployment();
        LineItem explanation = Sizing.explain(deployment, finding.stage());
        LineItem outside = Sizing.explainOutside(deployment, finding.stage());
        Map<String, Object> answer = head(deployment.model());
        answer.put("weights", weights(deployment, explanation));
        answer.put("kv_cache", cache(deployment));
        deployment.draft().ifPresent(draft -> answer.put("draft", draft(draft, explanation)));
        answer.put("memory", memory(deployment.stages().get(finding.stage()).budget(), explanation, outside));
        answer.put("verdict", verdict.id());
        answer.put("shortfall_bytes", verdict.shortfall().bytes());
        answer.put("headroom_bytes", verdict.headroom().bytes());
        answer.put("max_context_tokens", finding.maxContext());
        answer.put("max_sequences", finding.maxSequences());
        answer.put("binding_constraint", finding.bindingConstraint().id());
        answer.put("remedies", RemedyReport.json(remedies));
        answer.put("layout", layout(deployment.layout()));
        Map<String, Object> band = new LinkedHashMap<>();
        band.put("low_bytes", finding.low().bytes());
        band.put("high_bytes", finding.high().bytes());
        answer.put("band", band);
        answer.put("assumptions", texts(deployment.assumptions()));
        answer.put("lines", explained ? lines(explanation, outside) : List.of());
        return answer;
    }

    /** The rank's lines; beside them those of what stands outside its budget, where there are any. */
    private static List<Map<String, Object>> lines(LineItem explanation, LineItem outside) {
        return outside.children().isEmpty()
                ? List.of(line(explanation))
                : List.of(line(explanation), line(outside.children().get(0)));
    }

    static Map<String, Object> head(Model model) {
        ParameterCount count = model.parameters();
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("total", count.total());
        parameters.put("active", count.active());
        parameters.put("active_without_input_embedding", count.activeWithoutInputEmbedding());
        parameters.put("active_without_embeddings", count.activeWithoutEmbeddings());
        parameters.put("speculative", count.speculative());
        parameters.put("vision", count.vision());
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("model", model.name());
        answer.put("parameters", parameters);
        return answer;
    }

    private static Map<String, Object> weights(Deployment deployment, LineItem explanation) {
        long tensors = bytes(explanation, "weights");
        Map<String, Object> weights = new LinkedHashMap<>();
        weights.put("bytes", WeightMemory.bytes(deployment.model(), deployment.weights(), deployment.isSpeculative()));
        weights.put("tightest_rank_bytes", tensors);
        weights.put("tightest_rank_loaded_bytes", tensors + bytes(explanation, "loading"));
        return weights;
    }

    /** The draft on the tightest rank; nothing of it where that is not in the last stage. */
    private static Map<String, Object> draft(Model model, LineItem explanation) {
        Map<String, Object> draft = new LinkedHashMap<>();
        draft.put("model", model.name());
        draft.put("tightest_rank_loaded_bytes", bytes(explanation, "draft"));
        draft.put("tightest_rank_cache_bytes", bytes(explanation, "kv_cache.draft"));
        return draft;
    }

    private static Map<String, Object> cache(Deployment deployment) {
        Footprint footprint = deployment.footprint();
        long tokens = deployment.workload().contextTokens();
        Serving first = deployment.stages().get(0).serving();
        Rank whole = Rank.of(deployment.model(), ParallelLayout.SINGLE, 0, deployment.isSpeculative(), 1);
        long pool = Long.MAX_VALUE;
        long poolTokens = Long.MAX_VALUE;
        long fewest = Long.MAX_VALUE;
        long perToken = 0;
        for (int stage = 0; stage < footprint.stages(); stage++) {
            long free = Math.max(0, footprint.budget(stage) - footprint.fixedBytes(stage));
            pool = Math.min(pool, free);
            perToken = Math.max(perToken, footprint.bytesPerPage(stage) / footprint.pageTokens(stage));
            long page = footprint.bytesPerPage(stage);
            long sequence = footprint.cacheBytes(stage, tokens, 1);
            OptionalLong printed = deployment.draft().isPresent()
                    ? OptionalLong.empty()
                    : deployment
                            .engine()
                            .printedTokens(deployment.stages().get(stage).serving(), free, tokens);
            if (printed.isPresent()) {
                poolTokens = Math.min(poolTokens, printed.getAsLong());
            } else if (page > 0) {
                poolTokens = Math.min(poolTokens, free / page * footprint.pageTokens(stage));
            } else if (sequence > 0) {
                poolTokens = Math.min(poolTokens, Ratio.of(tokens, sequence).floorOf(free));
            }
            if (sequence > 0) {
                fewest = Math.min(fewest, Ratio.of(100, sequence).floorOf(free));
            }
        }
        Map<String, Object> cache = new LinkedHashMap<>();
        cache.put("bytes_per_token", bytesPerToken(whole, deployment.cache()));
        cache.put("bytes_per_token_per_rank", perToken);
        cache.put("fixed_bytes_per_sequence", fixedBytes(whole, deployment.cache()));
        cache.put("bytes_for_question", questionBytes(deployment, first));
        if (deployment.workload().sharedPrefixTokens() > 0) {
            cache.put("shared_prefix_tokens", deployment.workload().sharedPrefixTokens());
        }
        cache.put("pool_bytes_per_rank", pool);
        cache.put("pool_tokens", poolTokens == Long.MAX_VALUE ? 0L : poolTokens);
        cache.put(
                "max_concurrency",
                Ratio.of(fewest == Long.MAX_VALUE ? 0 : fewest, 100)
                        .toDisplay(2)
                        .replace(",", ""));
        return cache;
    }

    private static long questionBytes(Deployment deployment, Serving first) {
        Rank whole = Rank.of(deployment.model(), ParallelLayout.SINGLE, 0, deployment.isSpeculative(), 1);
        ItemizedLedger held = new ItemizedLedger("held");
        EngineProfile engine = deployment.engine();
        Workload workload = deployment.workload();
        engine.accountCache(held, first.of(whole), PrefixSharing.held(engine, workload.sequences(), workload));
        return bytes(held.root(), "kv_cache");
    }

    /** The slope of the whole model's cache at long context: layers with a window are full and no longer grow. */
    private static long bytesPerToken(Rank whole, CacheFormat format) {
        long beyond = KvCacheMemory.windowPages(whole, CachePaging.NONE).stream()
                .mapToLong(Long::longValue)
                .max()
                .orElse(0);
        long period = Exact.commonMultiple(KvCacheMemory.stridePages(whole, CachePaging.NONE).stream()
                .mapToLong(Long::longValue)
                .toArray());
        long from = Math.multiplyExact(Exact.ceilDiv(beyond, period), period);
        return (sequenceBytes(whole, format, from + period) - sequenceBytes(whole, format, from)) / period;
    }

    /** What a sequence keeps whatever its length; a filled window is not in it. */
    private static long fixedBytes(Rank whole, CacheFormat format) {
        return sequenceBytes(whole, format, 0);
    }

    private static long sequenceBytes(Rank whole, CacheFormat format, long tokens) {
        TotalLedger held = new TotalLedger();
        KvCacheMemory.account(held, whole, format, CachePaging.NONE, 1, tokens);
        return held.bytes();
    }

    private static Map<String, Object> memory(MemoryBudget budget, LineItem explanation, LineItem outside) {
        Map<String, Object> memory = new LinkedHashMap<>();
        memory.put("usable_bytes_per_rank", budget.usable().bytes());
        memory.put("budget_bytes_per_rank", budget.budget().bytes());
        for (String section : List.of("activation", "runtime", "graphs")) {
            memory.put(
                    section.equals("graphs") ? "graph_bytes" : section + "_bytes",
                    bytes(explanation, section) + bytes(outside, section));
        }
        return memory;
    }

    private static long bytes(LineItem explanation, String section) {
        return explanation.find(section).map(LineItem::bytes).orElse(0L);
    }

    static Map<String, Object> layout(ParallelLayout layout) {
        Map<String, Object> written = new LinkedHashMap<>();
        written.put("tensor_parallel", layout.tensor());
        written.put("pipeline_parallel", layout.pipeline());
        written.put("data_parallel", layout.data());
        written.put("expert_parallel", layout.expert());
        if (layout.context() > 1) {
            written.put("context_parallel", layout.context());
        }
        if (layout.redundantExperts() > 0) {
            written.put("redundant_experts", layout.redundantExperts());
        }
        return written;
    }

    static List<String> texts(List<Assumption> assumptions) {
        return assumptions.stream().map(Assumption::toString).collect(Collectors.toList());
    }

    /**
     * A line of an explanation with all below it.
     *
     * @param item the line
     * @return its JSON form
     */
    public static Map<String, Object> line(LineItem item) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("id", item.id());
        line.put("title", item.title());
        line.put("bytes", item.bytes());
        line.put("low_bytes", item.low());
        line.put("high_bytes", item.high());
        line.put("certainty", item.certainty().name().toLowerCase(Locale.ROOT));
        if (!item.formula().isEmpty()) {
            line.put("formula", item.formula());
            Map<String, Object> operands = new LinkedHashMap<>();
            item.operands()
                    .forEach(operand -> operands.put(
                            operand.name(),
                            operand.value().denominator() == 1
                                    ? (Object) operand.value().numerator()
                                    : operand.value().toDisplay(6)));
            line.put("operands", operands);
            line.put("source", item.source());
        }
        if (!item.children().isEmpty()) {
            List<Object> children = new ArrayList<>();
            item.children().forEach(child -> children.add(line(child)));
            line.put("lines", children);
        }
        return line;
    }
}
