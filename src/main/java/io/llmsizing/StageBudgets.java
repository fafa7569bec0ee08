package io.llmsizing;

import io.llmsizing.engine.EngineProfile;
import io.llmsizing.engine.MemoryBudget;
import io.llmsizing.engine.Serving;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.DeviceMemory;
import io.llmsizing.ledger.TotalLedger;
import io.llmsizing.units.ByteSize;
import io.llmsizing.units.Ratio;
import java.util.List;
import java.util.function.Function;

/**
 * What a rank may use: with the usable memory that is stated, and with both ends of what is known of it, each beside what a rank
 * then holds.
 */
record StageBudgets(MemoryBudget stated, MemoryBudget least, MemoryBudget most) {
    /** Within one and the same budget, whatever it holds. */
    static StageBudgets of(MemoryBudget only) {
        return new StageBudgets(only, only, only);
    }

    /** On the smallest of some devices, beside what an engine takes outside. */
    static StageBudgets of(
            EngineProfile engine,
            Serving serving,
            List<Accelerator> devices,
            Ratio fraction,
            TotalLedger held,
            TotalLedger outside) {
        long outsideLow = engine.checksFreeMemory() ? outside.low() : 0;
        return new StageBudgets(
                budget(
                        engine,
                        serving,
                        smallest(devices, DeviceMemory::usable),
                        fraction,
                        held.bytes(),
                        outsideLow,
                        outside.high()),
                budget(
                        engine,
                        serving,
                        smallest(devices, DeviceMemory::usableLow),
                        fraction,
                        held.high(),
                        outsideLow,
                        outside.high()),
                budget(
                        engine,
                        serving,
                        smallest(devices, DeviceMemory::usableHigh),
                        fraction,
                        held.low(),
                        outsideLow,
                        outside.high()));
    }

    /** On another device, beside the same. */
    StageBudgets on(EngineProfile engine, Serving serving, DeviceMemory memory, Ratio fraction, StageFootprint needs) {
        return new StageBudgets(
                budget(
                        engine,
                        serving,
                        memory.usable(),
                        fraction,
                        needs.fixed(),
                        stated.outsideLow(),
                        stated.outsideHigh()),
                budget(
                        engine,
                        serving,
                        memory.usableLow(),
                        fraction,
                        needs.fixedHigh(),
                        stated.outsideLow(),
                        stated.outsideHigh()),
                budget(
                        engine,
                        serving,
                        memory.usableHigh(),
                        fraction,
                        needs.fixedLow(),
                        stated.outsideLow(),
                        stated.outsideHigh()));
    }

    private static MemoryBudget budget(
            EngineProfile engine,
            Serving serving,
            ByteSize usable,
            Ratio fraction,
            long held,
            long outsideLow,
            long outsideHigh) {
        return new MemoryBudget(usable, engine.budget(serving, usable, fraction, held), outsideLow, outsideHigh);
    }

    private static ByteSize smallest(List<Accelerator> devices, Function<DeviceMemory, ByteSize> size) {
        ByteSize smallest = size.apply(devices.get(0).memory());
        for (int i = 1; i < devices.size(); i++) {
            ByteSize other = size.apply(devices.get(i).memory());
            smallest = other.compareTo(smallest) < 0 ? other : smallest;
        }
        return smallest;
    }

    boolean startsForSure() {
        return !least.possiblyBeyondDevice() && !most.possiblyBeyondDevice();
    }

    boolean neverStarts() {
        return least.certainlyBeyondDevice() && most.certainlyBeyondDevice();
    }
}
