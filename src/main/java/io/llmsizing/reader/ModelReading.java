package io.llmsizing.reader;

import io.llmsizing.ledger.Assumption;
import io.llmsizing.model.Model;
import java.util.List;

/**
 * A model read from a file, with what the file did not say and was taken for granted. The model carries the assumptions
 * too, so that they travel into every verdict.
 *
 * @param model the model
 * @param assumptions what was taken, in the order in which it was missed
 */
public record ModelReading(Model model, List<Assumption> assumptions) {
    /**
     * Copies the list.
     *
     * @param model as documented above
     * @param assumptions as documented above
     */
    public ModelReading {
        assumptions = List.copyOf(assumptions);
    }
}
