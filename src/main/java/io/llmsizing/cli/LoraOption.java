package io.llmsizing.cli;

import io.llmsizing.document.JsonObject;
import io.llmsizing.weights.LoraSlots;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Room for adapters, as far as users ask for it. */
final class LoraOption {
    /** vLLM config/lora.py: max_lora_rank. */
    private static final int USUAL_RANK = 16;

    @Option(
            names = "--lora-slots",
            paramLabel = "COUNT",
            description = "LoRA adapters that vLLM keeps room for at once; 0 for none. Default: none.")
    private @Nullable Integer slots;

    @Option(names = "--lora-rank", paramLabel = "RANK", description = "Rank of the widest adapter. Default: 16.")
    private @Nullable Integer rank;

    /** The keys of a JSON line. */
    static LoraOption of(JsonObject line) {
        LoraOption option = new LoraOption();
        option.slots = line.has("lora_slots") ? (Integer) (int) line.whole("lora_slots", 0, LoraSlots.MOST) : null;
        option.rank = line.has("lora_rank") ? (Integer) (int) line.whole("lora_rank", 1, 1 << 10) : null;
        return option;
    }

    Optional<LoraSlots> slots() {
        if (slots != null && slots < 0) {
            throw new IllegalArgumentException("LoRA slots: " + slots + "; 0 to " + LoraSlots.MOST + " allowed");
        }
        if (slots == null && rank != null) {
            throw new IllegalArgumentException(
                    "LoRA rank: " + rank + ", but no LoRA slots; say how many, or leave it out");
        }
        return Optional.ofNullable(slots)
                .filter(count -> count != 0)
                .map(count -> new LoraSlots(count, rank == null ? USUAL_RANK : rank));
    }
}
