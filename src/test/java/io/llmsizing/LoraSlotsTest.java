package io.llmsizing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.engine.EngineProfile;
import io.llmsizing.engine.Engines;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.ledger.TotalLedger;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.weights.LoraSlots;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Room for adapters: for every slot and linear layer A [rank x in] and B [out x rank] in 16 bits. */
class LoraSlotsTest {
    private static final Catalog CATALOG = Catalog.bundled();

    private static DeploymentBuilder on(String model, ParallelLayout layout, EngineProfile engine) {
        return Deployment.builder(CATALOG.model(model), Cluster.of(CATALOG.accelerator("H200"), 8))
                .layout(layout)
                .engine(engine);
    }

    private static long lora(String model, ParallelLayout layout, EngineProfile engine, LoraSlots slots) {
        return Sizing.explain(on(model, layout, engine).lora(slots).build())
                .find("lora")
                .orElseThrow()
                .bytes();
    }

    @Example
    void everyLinearLayerHasRoomAndRanksShareOneSideOfIt() {
        LoraSlots four = new LoraSlots(4, 16);
        assertThat(lora("meta-llama/Llama-3.1-8B", ParallelLayout.SINGLE, Engines.vllm(), four))
                .isEqualTo(64L * 32 * (8_192 + 2 * 5_120 + 8_192 + 3 * 18_432) * 2);
        assertThat(lora("meta-llama/Llama-3.1-8B", ParallelLayout.tensor(2), Engines.vllm(), four))
                .isEqualTo(64L * 32 * (6_144 + 2 * 4_608 + 6_144 + 3 * 11_264) * 2);
        assertThat(lora("meta-llama/Llama-3.1-8B", ParallelLayout.SINGLE.pipeline(4), Engines.vllm(), four) * 4)
                .isEqualTo(lora("meta-llama/Llama-3.1-8B", ParallelLayout.SINGLE, Engines.vllm(), four));
    }

    @Example
    void routedExpertsHaveRoomWhereTheVersionGivesThemSome() {
        LoraSlots one = new LoraSlots(1, 8);
        String mixtral = "mistralai/Mixtral-8x7B-v0.1";
        long attention = 8L * 32 * (2 * 8_192 + 2 * 5_120) * 2;
        assertThat(lora(mixtral, ParallelLayout.SINGLE, Engines.vllm("0.11"), one))
                .isEqualTo(attention);
        assertThat(lora(mixtral, ParallelLayout.SINGLE, Engines.vllm("0.12"), one))
                .isEqualTo(attention + 8L * 32 * 8 * 3 * (4_096 + 14_336) * 2);
        assertThat(lora(mixtral, ParallelLayout.tensor(4).expert(true), Engines.vllm("0.12"), one))
                .isEqualTo(8L * 32 * (2 * (4_096 + 1_024) + 2 * (4_096 + 256)) * 2
                        + 8L * 32 * 2 * 3 * (4_096 + 14_336) * 2);
    }

    @Property(tries = 60)
    void slotsAddTheirBytesToWhatIsFixedAndToTheExplanation(
            @ForAll @IntRange(min = 1, max = 64) int count, @ForAll @From("ranks") int rank) {
        LoraSlots slots = new LoraSlots(count, rank);
        Deployment without = on("Qwen/Qwen3-30B-A3B", ParallelLayout.tensor(2), Engines.vllm())
                .build();
        Deployment with = on("Qwen/Qwen3-30B-A3B", ParallelLayout.tensor(2), Engines.vllm())
                .lora(slots)
                .build();
        long room = lora("Qwen/Qwen3-30B-A3B", ParallelLayout.tensor(2), Engines.vllm(), slots);
        assertThat(room)
                .isEqualTo((long) count
                        * rank
                        * lora("Qwen/Qwen3-30B-A3B", ParallelLayout.tensor(2), Engines.vllm(), new LoraSlots(1, 1)));
        assertThat(with.footprint().fixedBytes(0)).isEqualTo(without.footprint().fixedBytes(0) + room);
        TotalLedger walk = new TotalLedger();
        Sizing.walk(with, 0, walk);
        assertThat(walk.bytes()).isEqualTo(Sizing.explain(with, 0).bytes());
        assertThat(with.footprint().bytes(0, 8_192, 1)).isEqualTo(walk.bytes());
    }

    @Provide
    Arbitrary<Integer> ranks() {
        return Arbitraries.of(LoraSlots.RANKS);
    }

    @Example
    void whatHasNoRoomIsRefusedWithAWayOut() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> on("meta-llama/Llama-3.1-8B", ParallelLayout.SINGLE, Engines.NONE)
                        .lora(new LoraSlots(3, 8))
                        .build())
                .withMessage(
                        "LoRA slots: 3, but the room that none sets aside for adapters is not known; leave them out, or take"
                                + " vllm");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LoraSlots(0, 8))
                .withMessage("LoRA slots: 0; 1 to 1024 allowed");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LoraSlots(1, 24))
                .withMessage("LoRA rank: 24; one of [1, 8, 16, 32, 64, 128, 256, 320, 512] allowed");
    }
}
