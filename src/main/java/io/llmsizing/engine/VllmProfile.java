package io.llmsizing.engine;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.llmsizing.activation.ActivationMemory;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.kvcache.CachePaging;
import io.llmsizing.kvcache.PagePool;
import io.llmsizing.ledger.Assumption;
import io.llmsizing.ledger.Certainty;
import io.llmsizing.ledger.Ledger;
import io.llmsizing.ledger.MemoryLine;
import io.llmsizing.model.Model;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.quantization.CacheFormat;
import io.llmsizing.quantization.CacheFormats;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.quantization.WeightSchemes;
import io.llmsizing.units.ByteSize;
import io.llmsizing.units.Ratio;
import io.llmsizing.weights.WeightMemory;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * vLLM: a fraction of the device's whole memory must hold the loaded weights, the activation peak of a full step, what
 * communication and kernels allocate, from 0.21 on the CUDA graphs, and the cache in pages.
 */
final class VllmProfile implements EngineProfile {
    /** vLLM config/cache.py: CacheDType, as far as formats have a name here; auto follows the model's type, so that FP32 is one. */
    private static final Set<CacheFormat> CACHE_FORMATS = ImmutableSet.of(
            CacheFormats.BF16,
            CacheFormats.FP16,
            CacheFormats.FP32,
            CacheFormats.FP8_E4M3,
            CacheFormats.FP8_E5M2,
            CacheFormats.FP8_DS_MLA,
            CacheFormats.FP8_PER_TOKEN_HEAD,
            CacheFormats.INT8_PER_TOKEN_HEAD,
            CacheFormats.NVFP4);

    private static final Set<CacheFormat> CACHE_FORMATS_OF_SOME =
            ImmutableSet.of(CacheFormats.FP8_PER_TOKEN_HEAD, CacheFormats.INT8_PER_TOKEN_HEAD, CacheFormats.NVFP4);
    private static final EngineDevices DEVICES = EngineDevices.of("vllm");

    private final EngineVersion version;
    private final List<Assumption> assumptions;
    private final Set<EngineFeature> features;
    private final Ratio memoryFraction;
    private final MemoryLine context;
    private final long contextBytes;
    private final long uncutContext;
    private final boolean startCheck;
    private final boolean encoderOutputs;
    private final ActivationMemory activation;
    private final VllmRuntime runtime;
    private final VllmLoading loading;
    private final VllmRunner runner;
    private final VllmCache layout;
    private final SchedulerDefaults scheduler;

    VllmProfile(EngineFacts facts, EngineVersion version) {
        this(facts, version, facts.takenFor("vLLM", version));
    }

    VllmProfile(EngineFacts facts, EngineVersion version, List<Assumption> assumptions) {
        this.version = version;
        this.features = facts.features(version);
        this.memoryFraction = facts.constant("memory_fraction", version).value();
        EngineConstant context = facts.constant("device_context", version);
        this.context = context.line("outside.context", "bytes", Certainty.MEASURED);
        this.contextBytes = context.whole();
        this.uncutContext = facts.constant("uncut_context", version).whole();
        this.assumptions = uncutContext == 0
                ? assumptions
                : ImmutableList.<Assumption>builder()
                        .addAll(assumptions)
                        .add(new Assumption(
                                "engine step",
                                "vLLM " + version + " profiles the longest prompt whole up to " + uncutContext
                                        + " tokens and cuts longer ones: the step is that of the context asked for, and the"
                                        + " longest context is found with it"))
                        .build();
        this.startCheck = facts.constant("start_check", version).whole() == 1;
        this.encoderOutputs = facts.constant("encoder_outputs", version).whole() == 1;
        EngineConstant logit = facts.constant("sampler_bytes_per_logit", version);
        EngineConstant stage = facts.constant("stage_buffers", version);
        boolean workspaceStays =
                facts.constant("expert_workspace_stays", version).whole() == 1;
        this.activation = new ActivationMemory(
                logit.value(), logit.band(), stage.whole(), stage.band(), workspaceStays, logit.source());
        this.runtime = new VllmRuntime(facts, version);
        this.loading = new VllmLoading(facts, version);
        this.runner = new VllmRunner(facts, version);
        this.layout = new VllmCache(facts, version, runner);
        this.scheduler = new SchedulerDefaults(facts, version);
    }

    @Override
    public String name() {
        return "vllm";
    }

    @Override
    public String version() {
        return version.toString();
    }

    @Override
    public List<Assumption> assumptions() {
        return assumptions;
    }

    @Override
    public List<Assumption> assumptions(Serving serving) {
        return ImmutableList.<Assumption>builder()
                .addAll(runner.assumptions(serving))
                .addAll(layout.assumptions(serving))
                .addAll(loading.assumptions(serving))
                .build();
    }

    @Override
    public Ratio defaultMemoryFraction() {
        return memoryFraction;
    }

    @Override
    public ByteSize budget(ByteSize usable, Ratio fraction, long fixed) {
        return ByteSize.ofBytes(fraction.ceilOf(usable.bytes()));
    }

    @Override
    public boolean checksFreeMemory() {
        return startCheck;
    }

    @Override
    public long defaultBatchedTokens(Accelerator accelerator) {
        return scheduler.batchedTokens(accelerator);
    }

    /** Up to 0.7 prompts are cut only beside contexts that are long; otherwise a step takes the longest of them whole. */
    @Override
    public long defaultBatchedTokens(Accelerator accelerator, long contextTokens) {
        long cut = scheduler.batchedTokens(accelerator);
        return contextTokens > uncutContext ? cut : Math.max(cut, contextTokens);
    }

    @Override
    public long defaultMaxSequences(Accelerator accelerator) {
        return scheduler.maxSequences(accelerator);
    }

    @Override
    public Object traits(Accelerator device) {
        return List.of(
                scheduler.batchedTokens(device),
                scheduler.maxSequences(device),
                VllmLoading.isRocm(device),
                LoadedKind.of(device),
                layout.latentPageTokens(device));
    }

    /** Of a pipeline it is seen only whether there is one, of replicas nothing where there are no experts, of context nothing. */
    @Override
    public ParallelLayout heldAs(Model model, ParallelLayout layout) {
        int stages = Math.min(layout.pipeline(), 2);
        int replicas = model.hasExperts() ? layout.data() : 1;
        return new ParallelLayout(layout.tensor(), stages, replicas, layout.expert(), 1, layout.redundantExperts());
    }

    /** Of a pipeline windows keep the tokens of more steps. */
    @Override
    public ParallelLayout cachedAs(Model model, ParallelLayout layout) {
        int stages = model.layers().keepsWindows() ? layout.pipeline() : 1;
        return new ParallelLayout(layout.tensor(), stages, 1, false, layout.context(), 0);
    }

    @Override
    public long vocabularyMultiple() {
        return 64;
    }

    /** vLLM config/model.py: a checkpoint in FP32 is served in 16 bits unless that is asked for. */
    @Override
    public WeightScheme held(WeightScheme stored) {
        return stored.equals(WeightSchemes.FP32) ? WeightSchemes.BF16 : stored;
    }

    /** vLLM config/scheduler.py, config.py before: max_num_batched_tokens must be at least max_num_seqs. */
    @Override
    public boolean wantsTokenForEachSequence() {
        return true;
    }

    /** vLLM v1/attention/backends/mla: back ends of dense latents have no fp8_ds_mla. */
    @Override
    public Optional<String> violation(Model model, CacheFormat format) {
        return format.equals(CacheFormats.FP8_DS_MLA) && !VllmCache.isSparse(model)
                ? Optional.of("vLLM keeps rows of fp8_ds_mla for latents that are read sparsely, and " + model.name()
                        + " has no indexer beside latents and no compressed ones; write fp8")
                : Optional.empty();
    }

    @Override
    public boolean serves(Accelerator device) {
        return DEVICES.serve(device);
    }

    @Override
    public Set<CacheFormat> cacheFormats() {
        return CACHE_FORMATS;
    }

    @Override
    public Set<CacheFormat> cacheFormatsOfSomeVersions() {
        return CACHE_FORMATS_OF_SOME;
    }

    @Override
    public Set<EngineFeature> features() {
        return features;
    }

    @Override
    public CachePaging paging(Serving serving) {
        return layout.paging(serving);
    }

    @Override
    public Optional<PagePool> pool(Serving serving) {
        return layout.pool(serving);
    }

    @Override
    public OptionalLong printedTokens(Serving serving, long poolBytes, long contextTokens) {
        return layout.printedTokens(serving, poolBytes, contextTokens);
    }

    @Override
    public void accountFixed(Ledger ledger, Serving serving) {
        accountLoaded(ledger, serving);
        activation.account(
                ledger,
                serving.rank(),
                serving.batchedTokens(),
                serving.maxSequences(),
                PackedExperts.keepWorkspace(serving),
                encoderOutputs);
        runtime.account(ledger, serving);
        runner.accountWithin(ledger, serving);
    }

    private void accountLoaded(Ledger ledger, Serving serving) {
        long before = ledger.posted();
        WeightMemory.account(ledger, serving.rank(), serving.weights());
        loading.account(ledger, serving, before);
    }

    /** vLLM v1/worker/gpu_model_runner.py: the draft is loaded as the target is, with tables and copies of its own. */
    @Override
    public void accountDraft(Ledger ledger, Serving serving) {
        accountLoaded(ledger, serving);
    }

    @Override
    public void accountOutside(Ledger ledger, Serving serving) {
        ledger.enter("outside");
        ledger.post(context, "device context", contextBytes);
        runner.accountBeside(ledger, serving);
        ledger.leave();
    }

    @Override
    public String toString() {
        return name() + " " + version;
    }
}
