package io.llmsizing.engine;

import io.llmsizing.hardware.Accelerator;
import io.llmsizing.model.Model;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.quantization.CacheFormat;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a serving engine can be asked for: settings, devices, cache formats, layouts. What it can't, a deployment refuses. By
 * default an engine can do it all.
 */
public interface EngineAbilities {
    /**
     * The settings that the engine has in this version.
     *
     * @return all of them, unless it says otherwise
     */
    default Set<EngineSetting> settings() {
        return EnumSet.allOf(EngineSetting.class);
    }

    /**
     * Whether the engine refuses to start with more sequences in a step than tokens.
     *
     * @return whether; one that does not takes fewer sequences
     */
    default boolean wantsTokenForEachSequence() {
        return false;
    }

    /**
     * Whether the engine runs on a kind of device.
     *
     * @param device the kind
     * @return whether
     */
    default boolean serves(Accelerator device) {
        return true;
    }

    /**
     * The formats in which some version of the engine keeps its cache.
     *
     * @return the formats; none where it keeps any
     */
    default Set<CacheFormat> cacheFormats() {
        return Set.of();
    }

    /**
     * Those of {@link #cacheFormats} that not every version has, while it is not known here which.
     *
     * @return the formats, for which a note is made
     */
    default Set<CacheFormat> cacheFormatsOfSomeVersions() {
        return Set.of();
    }

    /**
     * Whether the engine can keep its cache in a format.
     *
     * @param format the format
     * @return whether some version can
     */
    default boolean knows(CacheFormat format) {
        return cacheFormats().isEmpty() || cacheFormats().contains(format);
    }

    /**
     * Why the engine can't keep the cache of one model in a format that it has for others.
     *
     * @param model the model
     * @param format a format that it {@linkplain #knows knows}
     * @return reason and way out, or nothing
     */
    default Optional<String> violation(Model model, CacheFormat format) {
        return Optional.empty();
    }

    /**
     * Why the engine can't serve a layout that a model's shape allows.
     *
     * @param layout the layout
     * @return reason and way out, or nothing
     */
    default Optional<String> violation(ParallelLayout layout) {
        return Optional.empty();
    }

    /**
     * Whether the engine starts with expert parallelism for a model without experts, and deals out nothing.
     *
     * @return whether; one that does not refuses to start
     */
    default boolean ignoresExpertParallelOfDense() {
        return false;
    }

    /**
     * What the engine makes of a layout: without expert parallelism where it ignores it.
     *
     * @param model what is laid out
     * @param asked the layout
     * @return the same, or one that deals out no experts
     */
    default ParallelLayout laidOut(Model model, ParallelLayout asked) {
        return asked.expert() && !model.hasExperts() && ignoresExpertParallelOfDense() ? asked.expert(false) : asked;
    }

    /**
     * Whether ranks of one server may be on devices of several vendors.
     *
     * @return whether; engines whose builds are for one vendor's libraries, CUDA or ROCm, can't
     */
    default boolean joinsVendors() {
        return false;
    }

    /**
     * Whether the engine can leave layers or experts to the machine's processors.
     *
     * @return whether
     */
    default boolean sharesWithHost() {
        return false;
    }
}
