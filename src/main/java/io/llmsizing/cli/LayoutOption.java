package io.llmsizing.cli;

import io.llmsizing.InvalidLayoutException;
import io.llmsizing.LayoutRequest;
import io.llmsizing.document.JsonObject;
import io.llmsizing.engine.EngineProfile;
import io.llmsizing.model.Model;
import io.llmsizing.parallel.LayoutRules;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.quantization.WeightScheme;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How ranks share a model, as far as users say it. */
final class LayoutOption {
    @Option(
            names = {"--tensor", "--tensor-parallel"},
            paramLabel = "RANKS",
            description = "Ranks that share every layer. Where there is a cluster, the default is the best layout.")
    private @Nullable Integer tensor;

    @Option(
            names = {"--pipeline", "--pipeline-parallel"},
            paramLabel = "STAGES",
            description = "Stages that share the stack of layers.")
    private @Nullable Integer pipeline;

    @Option(
            names = {"--data", "--data-parallel"},
            paramLabel = "REPLICAS",
            description = "Replicas of attention and cache.")
    private @Nullable Integer data;

    @Option(
            names = {"--expert", "--expert-parallel"},
            description = "Deal whole experts out over the ranks instead of cutting each.")
    private @Nullable Boolean expert;

    @Option(
            names = {"--context-parallel", "--decode-context-parallel"},
            paramLabel = "RANKS",
            description = "Tensor ranks that share the cached tokens of a sequence while it is decoded.")
    private @Nullable Integer context;

    @Option(
            names = "--prefill-context-parallel",
            paramLabel = "RANKS",
            description = "Not counted here: refused above 1.")
    private @Nullable Integer prefillContext;

    @Option(
            names = "--redundant-experts",
            paramLabel = "COPIES",
            description = "Copies of experts in every layer, dealt out with the experts.")
    private @Nullable Integer redundantExperts;

    /** The keys of a JSON line. */
    static LayoutOption of(JsonObject line) {
        LayoutOption option = new LayoutOption();
        option.tensor = ranks(line, "tensor_parallel");
        option.pipeline = ranks(line, "pipeline_parallel");
        option.data = ranks(line, "data_parallel");
        option.context = ranks(line, "context_parallel");
        option.prefillContext = ranks(line, "prefill_context_parallel");
        option.redundantExperts =
                line.has("redundant_experts") ? (Integer) (int) line.whole("redundant_experts", 0, 1 << 20) : null;
        option.expert = line.has("expert_parallel") ? line.flag("expert_parallel", false) : null;
        return option;
    }

    private static @Nullable Integer ranks(JsonObject line, String key) {
        return line.has(key) ? (Integer) (int) line.whole(key, 1, 1024) : null;
    }

    /** What is said, for the rest to be chosen. */
    LayoutRequest request() {
        refusePrefillContext();
        return new LayoutRequest(
                optional(tensor),
                optional(pipeline),
                optional(data),
                Optional.ofNullable(expert),
                optional(context),
                optional(redundantExperts));
    }

    private void refusePrefillContext() {
        if (prefillContext != null && prefillContext != 1) {
            throw new IllegalArgumentException("prefill context parallel: " + prefillContext
                    + "; it is not counted here, 1 is allowed; context parallel spreads the cache");
        }
    }

    private static OptionalInt optional(@Nullable Integer size) {
        return size == null ? OptionalInt.empty() : OptionalInt.of(size);
    }

    /**
     * What is said, and 1 for the rest.
     *
     * @param engine that may ignore a part of it
     * @throws InvalidLayoutException if the model can't be laid out so
     */
    ParallelLayout layout(Model model, WeightScheme weights, EngineProfile engine) {
        ParallelLayout layout = new ParallelLayout(
                tensor == null ? 1 : tensor,
                pipeline == null ? 1 : pipeline,
                data == null ? 1 : data,
                expert != null && expert,
                context == null ? 1 : context,
                redundantExperts == null ? 0 : redundantExperts);
        refusePrefillContext();
        LayoutRules.violation(model, weights, engine.laidOut(model, layout)).ifPresent(reason -> {
            throw new InvalidLayoutException(reason);
        });
        return layout;
    }
}
