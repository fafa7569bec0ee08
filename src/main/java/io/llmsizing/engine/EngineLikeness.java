package io.llmsizing.engine;

import io.llmsizing.hardware.Accelerator;
import io.llmsizing.model.Model;
import io.llmsizing.parallel.ParallelLayout;

/**
 * What an engine does not look at, so that searches ask it once for all that it serves alike. An engine that says nothing is asked
 * for each.
 */
public interface EngineLikeness {
    /**
     * All of a device that the engine looks at beside the memory that {@link EngineProfile#budget} and the default share are told
     * of: devices with equal traits are served with the same steps, pages and bytes, and differ in their budgets alone. Whether
     * the engine runs on a device is no trait.
     *
     * @param device the device
     * @return a value with equality; the device itself by default, so that none is taken for another
     */
    default Object traits(Accelerator device) {
        return device;
    }

    /**
     * A layout that stands for all in which ranks with the same layers get the same of {@link EngineProfile#accountFixed},
     * {@link EngineProfile#accountOutside}, {@link EngineProfile#budget} and the default share, so that planners ask for one of
     * them. Tensor ranks and, of a model with experts, what decides on these must be told apart.
     *
     * @param model what is laid out
     * @param layout how
     * @return a layout, the same for all that are held alike; the layout itself by default, so that none is taken for another
     */
    default ParallelLayout heldAs(Model model, ParallelLayout layout) {
        return layout;
    }

    /**
     * A layout that stands for all in which ranks with the same layers get the same of {@link EngineCache#accountCache},
     * {@link EngineCache#pool}, {@link EngineCache#paging} and what else is asked of the cache.
     *
     * @param model what is laid out
     * @param layout how
     * @return a layout, the same for all that cache alike; the layout itself by default
     */
    default ParallelLayout cachedAs(Model model, ParallelLayout layout) {
        return layout;
    }
}
