package io.llmsizing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.engine.Engines;
import io.llmsizing.ggml.GgufMix;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.ledger.LineItem;
import io.llmsizing.model.Model;
import io.llmsizing.parallel.HostShare;
import io.llmsizing.units.ByteSize;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What must stand on the host: enough, not a layer more, and nothing twice or lost. */
class HostOffloadTest {
    private static final Catalog CATALOG = Catalog.bundled();

    private static DeploymentBuilder asked(String model, String cluster) {
        Model mixed = GgufMix.named("gguf:Q4_K_M").applyTo(CATALOG.model(model));
        return Deployment.builder(mixed, Cluster.parse(cluster, CATALOG)).engine(Engines.named("llama.cpp", ""));
    }

    @ParameterizedTest
    @CsvSource({
        "llama-3.1-70b, RTX 4090",
        "llama-3.1-70b, RTX 4090 & RTX 3060 12GB",
        "qwen3-30b-a3b, RTX 3060 12GB",
        "qwen3-235b-a22b, 2x RTX 4090",
        "deepseek-r1, 4x RTX 5090"
    })
    void theFewestLayersAreEnoughAndOneFewerIsNot(String model, String cluster) {
        Deployment found = HostOffload.fewestLayers(asked(model, cluster), Optional.empty())
                .orElseThrow();
        int layers = found.hostShare().layers();
        assertThat(layers).isPositive();
        assertThat(Sizing.fits(found)).isTrue();
        assertThat(Sizing.fits(asked(model, cluster)
                        .hostShare(new HostShare(layers - 1, 0, Optional.empty()))
                        .build()))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"qwen3-30b-a3b, RTX 3060 12GB", "qwen3-235b-a22b, 2x RTX 4090"})
    void theFewestLayersOfExpertsAreEnoughAndOneFewerIsNot(String model, String cluster) {
        Deployment found = HostOffload.fewestExpertLayers(asked(model, cluster), Optional.empty())
                .orElseThrow();
        int layers = found.hostShare().expertLayers();
        assertThat(Sizing.fits(found)).isTrue();
        assertThat(Sizing.fits(asked(model, cluster)
                        .hostShare(new HostShare(0, layers - 1, Optional.empty()))
                        .build()))
                .isFalse();
    }

    @Test
    void whatFitsWithoutLeavesNothingToTheHost() {
        Deployment found = HostOffload.fewestLayers(asked("llama-3.1-8b", "RTX 4090"), Optional.empty())
                .orElseThrow();
        assertThat(found.hostShare().isNone()).isTrue();
        assertThat(found.stages()).noneMatch(Stage::isHost);
    }

    @Test
    void aModelWithoutExpertsHasNoneToLeaveThere() {
        assertThat(HostOffload.fewestExpertLayers(asked("llama-3.1-70b", "RTX 4090"), Optional.empty()))
                .isEmpty();
    }

    @Test
    void tooSmallAHostIsOfNoHelp() {
        DeploymentBuilder asked = asked("llama-3.1-70b", "RTX 4090");
        Deployment enough = HostOffload.fewestLayers(asked, Optional.empty()).orElseThrow();
        long taken = Sizing.explain(enough, 1).bytes();
        assertThat(HostOffload.fewestLayers(asked, Optional.of(ByteSize.ofBytes(taken))))
                .isPresent();
        assertThat(HostOffload.fewestLayers(asked, Optional.of(ByteSize.ofBytes(taken - 1))))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "llama-3.1-70b, 10, 0",
        "llama-3.1-70b, 80, 0",
        "qwen3-30b-a3b, 0, 20",
        "qwen3-30b-a3b, 12, 30",
        "qwen3-30b-a3b, 30, 12",
        "deepseek-r1, 3, 10",
        "deepseek-r1, 0, 61"
    })
    void weightsOfHostAndDevicesTogetherAreTheModels(String model, int layers, int expertLayers) {
        DeploymentBuilder asked = asked(model, "8xH200");
        long plain = weights(asked.build());
        Deployment shared = asked.hostShare(new HostShare(layers, expertLayers, Optional.empty()))
                .build();
        int host = shared.stages().size() - 1;
        long lookup = Sizing.explain(shared, host)
                .find("embedding")
                .map(LineItem::bytes)
                .orElse(0L);
        assertThat(lookup).isPositive();
        assertThat(weights(shared)).isEqualTo(plain + lookup);
    }

    private static long weights(Deployment deployment) {
        long bytes = 0;
        for (int stage = 0; stage < deployment.stages().size(); stage++) {
            bytes += Sizing.explain(deployment, stage)
                    .find("weights")
                    .map(LineItem::bytes)
                    .orElse(0L);
        }
        return bytes;
    }

    @Test
    void moreDeviceMemoryNeverLeavesMoreToTheHost() {
        int before = Integer.MAX_VALUE;
        for (int gibibytes = 8; gibibytes <= 48; gibibytes += 4) {
            DeploymentBuilder asked = asked("llama-3.1-70b", "RTX 4090 (" + gibibytes + " GiB)");
            int layers = HostOffload.fewestLayers(asked, Optional.empty())
                    .orElseThrow()
                    .hostShare()
                    .layers();
            assertThat(layers).isLessThanOrEqualTo(before);
            before = layers;
        }
        assertThat(before).isZero();
    }

    @Test
    void anEngineThatComputesOnDevicesAloneRefuses() {
        DeploymentBuilder vllm = asked("llama-3.1-8b", "RTX 4090").engine(Engines.vllm("0.26"));
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        vllm.hostShare(new HostShare(1, 0, Optional.empty())).build())
                .withMessageContaining("use llama.cpp");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> asked("llama-3.1-8b", "RTX 4090")
                        .hostShare(new HostShare(33, 0, Optional.empty()))
                        .build())
                .withMessageContaining("has 32 layers");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HostShare(-1, 0, Optional.empty()))
                .withMessageContaining("0 or more");
    }
}
