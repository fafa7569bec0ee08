package io.llmsizing;

import io.llmsizing.engine.Serving;
import io.llmsizing.units.Ratio;

/**
 * A stage with its numbers, which stand for all stages that are alike.
 *
 * @param serving what the first of them serves
 * @param fraction the share of its devices that the engine takes
 * @param budgets what each rank may use
 * @param footprint the numbers
 */
record CompiledStage(Serving serving, Ratio fraction, StageBudgets budgets, StageFootprint footprint) {
    /** The same with another cache. */
    CompiledStage caching(CacheForm cache) {
        return new CompiledStage(serving, fraction, budgets, footprint.caching(budgets, cache));
    }
}
