package io.llmsizing;

import static com.google.common.base.Preconditions.checkArgument;

import io.llmsizing.engine.EngineProfile;
import io.llmsizing.engine.EngineSetting;
import io.llmsizing.engine.Engines;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.model.Model;
import io.llmsizing.quantization.CacheFormat;
import io.llmsizing.units.Exact;
import io.llmsizing.units.Ratio;
import io.llmsizing.workload.Workload;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** What an engine can't be asked for, of what was asked. */
public final class EngineRefusals {
    private EngineRefusals() {}

    /** All that is asked of a deployment's engine, whatever the layout. */
    static void checkAskedFor(Deployment deployment) {
        EngineProfile engine = deployment.engine();
        settings(
                engine,
                deployment.askedFraction(),
                deployment.workload(),
                deployment.isEager(),
                deployment.isSpeculative());
        cacheFormat(engine, deployment.model(), deployment.cache());
        long tokens = deployment
                .workload()
                .maxBatchedTokens()
                .orElseGet(() -> engine.defaultBatchedTokens(
                        deployment.cluster().firstAccelerator(),
                        deployment.workload().contextTokens()));
        step(engine, deployment.workload(), tokens);
    }

    /** What a layout asks of the engine: sequences of each replica, and the devices that it takes. */
    static void checkLayout(Deployment deployment) {
        EngineProfile engine = deployment.engine();
        sequences(engine, deployment.workload(), deployment.layout().data());
        List<Accelerator> devices = deployment.placement().devices();
        for (Accelerator device : devices) {
            if (!engine.serves(device)) {
                throw new InvalidLayoutException(notServed(engine, device));
            }
            if (!device.vendor().equals(devices.get(0).vendor()) && !engine.joinsVendors()) {
                throw new InvalidLayoutException(
                        engine + " on " + devices.get(0).name() + " and " + device.name()
                                + ": its builds are for the devices of one vendor; take "
                                + devices.get(0).vendor() + " or "
                                + device.vendor() + " alone, or llama.cpp");
            }
        }
    }

    /**
     * Refuses settings that an engine does not have.
     *
     * @param engine the engine
     * @param fraction the share of each device that was asked for; what the engine takes anyway may be said
     * @param workload with the limits of a step that were asked for
     * @param eager whether graphs are not to be captured
     * @param speculative whether tokens are to be drafted
     * @throws IllegalArgumentException naming setting, value and way out
     */
    public static void settings(
            EngineProfile engine, Optional<Ratio> fraction, Workload workload, boolean eager, boolean speculative) {
        refuse(
                engine,
                EngineSetting.MEMORY_FRACTION,
                fraction.filter(share -> !share.equals(engine.defaultMemoryFraction()))
                        .map(EngineRefusals::shown));
        refuse(engine, EngineSetting.BATCHED_TOKENS, shown(workload.maxBatchedTokens()));
        refuse(engine, EngineSetting.MAX_SEQUENCES, shown(workload.maxSequences()));
        workload.maxBatchedTokens().ifPresent(tokens -> step(engine, workload, tokens));
        refuse(engine, EngineSetting.EAGER, eager ? Optional.of("asked for") : Optional.empty());
        refuse(engine, EngineSetting.SPECULATIVE, speculative ? Optional.of("asked for") : Optional.empty());
    }

    private static String shown(Ratio fraction) {
        return new BigDecimal(fraction.toDisplay(6)).stripTrailingZeros().toPlainString();
    }

    private static Optional<String> shown(OptionalLong number) {
        return number.isPresent() ? Optional.of(Long.toString(number.getAsLong())) : Optional.empty();
    }

    private static void refuse(EngineProfile engine, EngineSetting setting, Optional<String> asked) {
        if (asked.isPresent() && !engine.settings().contains(setting)) {
            throw new IllegalArgumentException(setting.title() + ": " + asked.orElseThrow() + ", but " + engine
                    + " has no such setting; " + setting.wayOut() + settingsOf(engine));
        }
    }

    private static String settingsOf(EngineProfile engine) {
        return engine.settings().isEmpty()
                ? ""
                : "; it has: "
                        + engine.settings().stream().map(EngineSetting::title).collect(Collectors.joining(", "));
    }

    /**
     * Refuses a cache format that no version of an engine has, or not for a model.
     *
     * @param engine the engine
     * @param model the model
     * @param format the format
     * @throws IllegalArgumentException naming the formats that it has, or the one to take
     */
    public static void cacheFormat(EngineProfile engine, Model model, CacheFormat format) {
        checkArgument(
                engine.knows(format),
                "kv_cache: %s keeps no cache in %s; it does in: %s",
                engine,
                format.name(),
                engine.knows(format)
                        ? ""
                        : engine.cacheFormats().stream()
                                .map(CacheFormat::name)
                                .sorted(Comparator.naturalOrder())
                                .collect(Collectors.joining(", ")));
        engine.violation(model, format).ifPresent(reason -> {
            throw new IllegalArgumentException("kv_cache: " + reason);
        });
    }

    /** A limit of sequences that was asked for; one that was not follows the tokens. */
    private static void step(EngineProfile engine, Workload workload, long tokens) {
        workload.maxSequences()
                .ifPresent(most -> checkArgument(
                        most <= tokens || !engine.wantsTokenForEachSequence(),
                        "sequences in a step: %s, but %s takes no more than %s tokens in a step%s, and 1 to as many sequences;"
                                + " ask for %s batched tokens or more, or for fewer sequences in a step",
                        most,
                        engine,
                        tokens,
                        workload.maxBatchedTokens().isPresent() ? "" : " if it is not set otherwise",
                        most));
    }

    private static void sequences(EngineProfile engine, Workload workload, int replicas) {
        long each = Exact.ceilDiv(workload.sequences(), replicas);
        OptionalLong most = workload.maxSequences();
        if (most.isPresent() && each > most.getAsLong()) {
            throw new InvalidLayoutException(each + " sequences are to be held at once"
                    + (replicas > 1 ? " by each of " + replicas + " replicas" : "") + ", but " + engine + " takes "
                    + most.getAsLong() + " in a step as it is set and lets the others wait; ask for "
                    + most.getAsLong() + " sequences, or for as many in a step");
        }
    }

    private static String notServed(EngineProfile engine, Accelerator device) {
        List<String> others = Engines.names().stream()
                .filter(name -> Engines.named(name, "").serves(device))
                .toList();
        return engine + " does not run on " + device.name() + " (" + device.vendor() + " " + device.architecture()
                + "), as far as is known here; engines that do: " + String.join(", ", others);
    }
}
