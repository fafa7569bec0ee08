package io.llmsizing;

import com.google.common.collect.ImmutableList;
import io.llmsizing.engine.MemoryBudget;
import io.llmsizing.engine.Serving;
import io.llmsizing.hardware.Accelerator;
import java.util.List;
import java.util.Optional;

/**
 * One pipeline stage of a deployment, or the part of it that the host computes.
 *
 * @param serving what its fullest rank serves
 * @param devices the kinds of devices that its ranks are on; none for the host
 * @param budget what each rank may use, by the smallest of the devices
 * @param leastBudget the same if the device's usable memory is at the lower end of what is known of it
 * @param mostBudget the same at the upper end
 * @param draft what the draft model serves beside it; empty where none drafts, and on all stages but the last
 */
public record Stage(
        Serving serving,
        List<Accelerator> devices,
        MemoryBudget budget,
        MemoryBudget leastBudget,
        MemoryBudget mostBudget,
        Optional<Serving> draft) {
    /**
     * Copies the devices.
     *
     * @param serving as documented above
     * @param devices as documented above
     * @param budget as documented above
     * @param leastBudget as documented above
     * @param mostBudget as documented above
     * @param draft as documented above
     */
    public Stage {
        devices = ImmutableList.copyOf(devices);
    }

    /**
     * The ranks of the stage, for people.
     *
     * @return such as {@code "every rank"}, {@code "stage 2 of 4"} or {@code "the host"}
     */
    public String label() {
        return isHost() ? "the host" : serving.rank().label();
    }

    /**
     * Whether it is the host's part.
     *
     * @return whether no device has it
     */
    public boolean isHost() {
        return serving.side() == Serving.Side.HOST;
    }
}
