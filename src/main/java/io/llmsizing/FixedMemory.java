package io.llmsizing;

import io.llmsizing.engine.EngineFeature;
import io.llmsizing.engine.EngineProfile;
import io.llmsizing.engine.Serving;
import io.llmsizing.ledger.Ledger;
import io.llmsizing.weights.LoraMemory;
import io.llmsizing.weights.LoraSlots;
import java.util.Optional;

/** What a rank holds whatever it serves: what its engine takes, and what was asked for beside the model. */
final class FixedMemory {
    private FixedMemory() {}

    static void account(
            Ledger ledger, EngineProfile engine, Serving serving, Optional<LoraSlots> lora, Optional<Serving> draft) {
        engine.accountFixed(ledger, serving);
        lora.ifPresent(slots -> LoraMemory.account(
                ledger, serving.rank(), slots, engine.features().contains(EngineFeature.LORA_EXPERTS)));
        draft.ifPresent(drafting -> {
            ledger.enter("draft");
            engine.accountDraft(ledger, drafting);
            ledger.leave();
        });
    }
}
