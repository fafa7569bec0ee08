package io.llmsizing.engine;

import io.llmsizing.units.ByteSize;

/**
 * What an engine may use of one device, and what must stay free for it to start at all.
 *
 * @param usable the device's whole memory as the framework sees it
 * @param budget what weights, cache, temporary and fixed buffers must fit into
 * @param outsideLow the least that the device context takes outside the budget; 0 for an engine that does not look whether
 *     its budget is free
 * @param outsideHigh the most that it takes
 */
public record MemoryBudget(ByteSize usable, ByteSize budget, long outsideLow, long outsideHigh) {
    /**
     * Whether the engine certainly refuses to start, since less is free than its budget.
     *
     * @return whether budget and the least context exceed the device
     */
    public boolean certainlyBeyondDevice() {
        return budget.bytes() > usable.bytes() - outsideLow;
    }

    /**
     * Whether the engine may refuse to start.
     *
     * @return whether budget and the largest context exceed the device
     */
    public boolean possiblyBeyondDevice() {
        return budget.bytes() > usable.bytes() - outsideHigh;
    }
}
