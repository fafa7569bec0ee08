package io.llmsizing.engine;

import com.google.common.collect.Sets;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.kvcache.CachePaging;
import io.llmsizing.ledger.Assumption;
import io.llmsizing.ledger.Ledger;
import io.llmsizing.model.Model;
import io.llmsizing.quantization.CacheFormat;
import io.llmsizing.quantization.CacheFormats;
import io.llmsizing.units.ByteSize;
import io.llmsizing.units.Ratio;
import io.llmsizing.weights.WeightMemory;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the model itself needs: weights and cache to the byte, all of the device, nothing of any engine. */
final class NoEngine implements EngineProfile {
    private static final Set<EngineSetting> SETTINGS =
            Sets.immutableEnumSet(EngineSetting.MEMORY_FRACTION, EngineSetting.SPECULATIVE);

    @Override
    public String name() {
        return "none";
    }

    @Override
    public String version() {
        return "";
    }

    @Override
    public List<Assumption> assumptions() {
        return List.of();
    }

    @Override
    public Optional<String> violation(Model model, CacheFormat format) {
        return format.equals(CacheFormats.FP8_DS_MLA)
                ? Optional.of("rows of fp8_ds_mla are vLLM's; without an engine write fp8")
                : Optional.empty();
    }

    @Override
    public Ratio defaultMemoryFraction() {
        return Ratio.ONE;
    }

    @Override
    public ByteSize budget(ByteSize usable, Ratio fraction, long fixed) {
        return ByteSize.ofBytes(fraction.floorOf(usable.bytes()));
    }

    @Override
    public long defaultBatchedTokens(Accelerator accelerator) {
        return 1;
    }

    @Override
    public long defaultMaxSequences(Accelerator accelerator) {
        return 1;
    }

    /** No device is told from another. */
    @Override
    public Object traits(Accelerator device) {
        return "";
    }

    @Override
    public long vocabularyMultiple() {
        return 1;
    }

    /** The model's own: a share of the device may be set aside, and its prediction head loaded. */
    @Override
    public Set<EngineSetting> settings() {
        return SETTINGS;
    }

    @Override
    public CachePaging paging(Serving serving) {
        return CachePaging.NONE;
    }

    @Override
    public void accountFixed(Ledger ledger, Serving serving) {
        WeightMemory.account(ledger, serving.rank(), serving.weights());
    }

    @Override
    public Set<EngineFeature> features() {
        return Set.of(EngineFeature.REDUNDANT_EXPERTS, EngineFeature.DRAFT_MODEL);
    }

    @Override
    public boolean joinsVendors() {
        return true;
    }

    @Override
    public String toString() {
        return name();
    }
}
