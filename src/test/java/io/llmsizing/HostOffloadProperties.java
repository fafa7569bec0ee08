package io.llmsizing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.engine.Engines;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.ledger.LineItem;
import io.llmsizing.ledger.TotalLedger;
import io.llmsizing.model.Model;
import io.llmsizing.model.TensorBlock;
import io.llmsizing.parallel.HostShare;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.parallel.Rank;
import io.llmsizing.quantization.WeightSchemes;
import io.llmsizing.units.ByteSize;
import io.llmsizing.weights.WeightMemory;
import java.util.Optional;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class HostOffloadProperties {
    private static final Catalog CATALOG = Catalog.bundled();

    private static DeploymentBuilder asked(Model model, int gibibytes, int devices) {
        Cluster cluster = Cluster.of(CATALOG.accelerator("L40S"), devices).withUsable(ByteSize.ofGibibytes(gibibytes));
        return Deployment.builder(model, cluster).engine(Engines.llamaCpp()).weights(WeightSchemes.named("int4-g32"));
    }

    private static long weights(Deployment deployment) {
        return IntStream.range(0, deployment.stages().size())
                .mapToLong(stage -> Sizing.explain(deployment, stage)
                        .find("weights")
                        .map(LineItem::bytes)
                        .orElse(0L))
                .sum();
    }

    /** What tokens are looked up in, which is in host memory whatever stands on devices. */
    private static long lookupTables(Deployment deployment) {
        TotalLedger tables = new TotalLedger();
        Rank whole = Rank.of(deployment.model(), ParallelLayout.SINGLE, 0, false, 1);
        for (TensorBlock block : deployment.model().blocks()) {
            if (block.part() == TensorBlock.Part.EMBEDDING) {
                block.tensors()
                        .forEach(tensor -> WeightMemory.account(tables, whole, deployment.weights(), block, tensor));
            }
        }
        return tables.bytes();
    }

    private static int layersOnHost(Optional<Deployment> found) {
        return found.map(deployment -> deployment.hostShare().layers()).orElse(Integer.MAX_VALUE);
    }

    @Property(tries = 40)
    void theShareThatIsFoundFitsAndOneLayerLessDoesNot(
            @ForAll("models") Model model,
            @ForAll @IntRange(min = 2, max = 48) int gibibytes,
            @ForAll @IntRange(min = 1, max = 3) int devices,
            @ForAll boolean experts) {
        DeploymentBuilder builder = asked(model, gibibytes, devices);
        Optional<Deployment> found = experts
                ? HostOffload.fewestExpertLayers(builder, Optional.empty())
                : HostOffload.fewestLayers(builder, Optional.empty());
        Assume.that(found.isPresent());
        HostShare share = found.orElseThrow().hostShare();
        assertThat(Sizing.fits(found.orElseThrow())).isTrue();
        assertThat(builder.hostShare).isEqualTo(HostShare.NONE);
        if (!share.isNone()) {
            HostShare less = new HostShare(
                    Math.max(0, share.layers() - 1), Math.max(0, share.expertLayers() - 1), share.memory());
            assertThat(Sizing.fits(builder.hostShare(less).build())).isFalse();
        }
    }

    @Property(tries = 40)
    void whatFitsWithoutTheHostIsSizedAsIfThereWereNone(
            @ForAll("models") Model model,
            @ForAll @IntRange(min = 2, max = 48) int gibibytes,
            @ForAll @IntRange(min = 1, max = 3) int devices) {
        Deployment plain = asked(model, gibibytes, devices).build();
        Optional<Deployment> found = HostOffload.fewestLayers(asked(model, gibibytes, devices), Optional.empty());
        assertThat(Sizing.fits(plain)).isEqualTo(layersOnHost(found) == 0);
        Deployment none =
                asked(model, gibibytes, devices).hostShare(HostShare.NONE).build();
        assertThat(none.stages()).noneMatch(Stage::isHost);
        assertThat(Sizing.size(none).id()).isEqualTo(Sizing.size(plain).id());
        assertThat(none.footprint().stages()).isEqualTo(plain.footprint().stages());
        for (int stage = 0; stage < plain.footprint().stages(); stage++) {
            assertThat(none.footprint().bytes(stage, 1_000, 3))
                    .isEqualTo(plain.footprint().bytes(stage, 1_000, 3));
        }
    }

    @Property(tries = 60)
    void devicesAndHostTogetherHoldTheModelAndItsLookupTablesOnce(
            @ForAll("models") Model model,
            @ForAll @IntRange(min = 1, max = 3) int devices,
            @ForAll @IntRange(min = 0, max = 40) int layers,
            @ForAll @IntRange(min = 0, max = 40) int expertLayers) {
        int all = model.layers().size();
        int ofExperts = model.hasExperts() ? Math.min(all, expertLayers) : 0;
        HostShare share = new HostShare(Math.min(all, layers), ofExperts, Optional.empty());
        Assume.that(!share.isNone());
        Deployment plain = asked(model, 24, devices).build();
        Deployment shared = asked(model, 24, devices)
                .layout(plain.layout())
                .hostShare(share)
                .build();
        assertThat(shared.stages()).hasSize(plain.stages().size() + 1);
        assertThat(weights(shared)).isEqualTo(weights(plain) + lookupTables(plain));
    }

    @Property(tries = 30)
    void moreMemoryOnEqualDevicesNeverNeedsMoreOfTheHost(
            @ForAll("models") Model model,
            @ForAll @IntRange(min = 2, max = 40) int gibibytes,
            @ForAll @IntRange(min = 1, max = 8) int more,
            @ForAll @IntRange(min = 1, max = 2) int devices) {
        int before = layersOnHost(HostOffload.fewestLayers(asked(model, gibibytes, devices), Optional.empty()));
        int after = layersOnHost(HostOffload.fewestLayers(asked(model, gibibytes + more, devices), Optional.empty()));
        assertThat(after).isLessThanOrEqualTo(before);
    }

    @Property(tries = 30)
    void aHostWithRoomForItsShareAloneIsEnoughAndAByteLessIsNot(
            @ForAll("models") Model model, @ForAll @IntRange(min = 3, max = 16) int gibibytes) {
        Optional<Deployment> found = HostOffload.fewestLayers(asked(model, gibibytes, 1), Optional.empty());
        Assume.that(found.filter(deployment -> !deployment.hostShare().isNone()).isPresent());
        Deployment shared = found.orElseThrow();
        int host = shared.stages().size() - 1;
        assertThat(shared.stages().get(host).isHost()).isTrue();
        long held = Sizing.explain(shared, host).high();
        Optional<Deployment> enough =
                HostOffload.fewestLayers(asked(model, gibibytes, 1), Optional.of(ByteSize.ofBytes(held)));
        assertThat(layersOnHost(enough)).isEqualTo(shared.hostShare().layers());
        assertThat(HostOffload.fewestLayers(asked(model, gibibytes, 1), Optional.of(ByteSize.ofBytes(held - 1))))
                .isEmpty();
    }

    /** Whether or not the model fits without: an answer that depends on that would say that vLLM can be asked. */
    @Example
    void anEngineThatComputesOnDevicesAloneIsRefused() {
        for (int gibibytes : new int[] {2, 44}) {
            DeploymentBuilder builder =
                    asked(CATALOG.model("llama-3.1-8b"), gibibytes, 1).engine(Engines.vllm());
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> HostOffload.fewestLayers(builder, Optional.empty()))
                    .withMessageContaining("computes on devices alone");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> HostOffload.fewestExpertLayers(builder, Optional.empty()))
                    .withMessageContaining("computes on devices alone");
        }
    }

    @Example
    void aModelWithoutExpertsHasNoneForTheHost() {
        assertThat(HostOffload.fewestExpertLayers(asked(CATALOG.model("llama-3.1-8b"), 4, 1), Optional.empty()))
                .isEmpty();
    }

    @Provide
    Arbitrary<Model> models() {
        return Arbitraries.of("llama-3.1-8b", "qwen3-0.6b", "mixtral-8x7b-v0.1", "gemma-3-27b-it", "deepseek-v2-lite")
                .map(CATALOG::model);
    }
}
