package io.llmsizing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.engine.Engines;
import io.llmsizing.ggml.GgufMix;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.hardware.Node;
import io.llmsizing.ledger.Assumption;
import io.llmsizing.ledger.LineItem;
import io.llmsizing.model.Model;
import io.llmsizing.parallel.HostShare;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.units.ByteSize;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
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

    private static Cluster withHost(String cluster, long... gibibytes) {
        Node node = Cluster.parse(cluster, CATALOG).groups().get(0).node();
        return new Cluster(Arrays.stream(gibibytes)
                .mapToObj(host ->
                        new Cluster.Group(new Node("", node.devices(), node.network(), ByteSize.ofGibibytes(host)), 1))
                .toList());
    }

    /** What is said goes before what is known, and of several machines the least is known, if it is of all. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "64      |        | 64.0 GiB that the machine has are taken to be free",
                "20      |        | ",
                "20      | 64 GiB | none",
                "64      | 20 GiB | ",
                "0       |        | not known, and taken to be enough",
                "0 64    |        | not known, and taken to be enough",
                "64 100  |        | 64.0 GiB that the machine has are taken to be free",
                "20 100  | 64 GiB | none"
            })
    void whatIsKnownOfTheHostIsTheLimitWhereNoneIsSaid(String hosts, String said, String assumed) {
        Cluster cluster = withHost(
                "RTX 4090",
                Arrays.stream(hosts.split(" ")).mapToLong(Long::parseLong).toArray());
        Deployment shared = Deployment.builder(
                        GgufMix.named("gguf:Q4_K_M").applyTo(CATALOG.model("llama-3.1-70b")), cluster)
                .engine(Engines.llamaCpp())
                .layout(ParallelLayout.SINGLE)
                .hostShare(new HostShare(39, 0, Optional.ofNullable(said).map(ByteSize::parse)))
                .build();
        assertThat(Sizing.fits(shared)).isEqualTo(assumed != null);
        Stream<Assumption> aboutHost = shared.assumptions().stream()
                .filter(assumption -> assumption.about().equals("host memory"));
        if (assumed == null || assumed.equals("none")) {
            assertThat(aboutHost.map(Assumption::taken)).hasSize(said == null ? 1 : 0);
        } else {
            assertThat(aboutHost.map(Assumption::taken))
                    .singleElement()
                    .asString()
                    .contains(assumed);
        }
    }

    @Test
    void whyNothingIsEnoughIsSaid() {
        DeploymentBuilder asked = asked("llama-3.1-70b", "RTX 4090");
        assertThat(HostOffload.whyNot(asked, Optional.empty())).isEmpty();
        assertThat(HostOffload.whyNot(asked, Optional.of(ByteSize.ofGibibytes(4))))
                .hasValue(
                        "the host is too small: 39 of 80 layers would take 20.4 GiB there, of 4.0 GiB that may be taken");
        assertThat(HostOffload.whyNot(asked("llama-3.1-70b", "RTX 4090 (2 GiB)"), Optional.empty()))
                .hasValueSatisfying(
                        why -> assertThat(why).startsWith("even with all layers on the host, every rank needs up to"));
        assertThat(HostOffload.whyNot(asked("qwen3-235b-a22b", "2x RTX 4090"), Optional.of(ByteSize.ofGibibytes(9))))
                .hasValueSatisfying(
                        why -> assertThat(why).contains("layers would take ", " of 9.0 GiB that may be taken"));
        assertThat(asked.hostShare).isEqualTo(HostShare.NONE);
    }

    /** Such a host would be the device once more. */
    @ParameterizedTest
    @CsvSource({
        "DGX Spark",
        "M2-Ultra-64GB",
        "phone-8GB",
        "NVIDIA-GB10",
        "Jetson AGX Orin 64GB",
        "AI Max 395 128GB",
        "Mac Studio M2 Ultra 192GB",
        "phone-8GB + NVIDIA-GB10",
        "RTX 4090 & NVIDIA-GB10"
    })
    void nothingIsLeftToAHostWhoseMemoryIsTheDevices(String cluster) {
        Optional<ByteSize> said = Optional.of(ByteSize.ofGibibytes(4_096));
        DeploymentBuilder asked = asked("llama-3.1-405b", cluster);
        assertThat(HostOffload.fewestLayers(asked, said)).isEmpty();
        assertThat(HostOffload.fewestLayers(asked, Optional.empty())).isEmpty();
        assertThat(HostOffload.fewestExpertLayers(asked("deepseek-r1", cluster), said))
                .isEmpty();
        assertThat(HostOffload.whyNot(asked, said))
                .hasValueSatisfying(why -> assertThat(why).contains("one pool"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> asked.hostShare(new HostShare(62, 0, said)).build())
                .withMessageContaining("one pool");
    }

    @Test
    void whatFitsOnePoolNeedsNoHost() {
        assertThat(HostOffload.fewestLayers(asked("llama-3.1-8b", "DGX Spark"), Optional.empty()))
                .hasValueSatisfying(
                        found -> assertThat(found.hostShare().isNone()).isTrue());
    }

    @Test
    void theHostIsAMachineWithMemoryOfItsOwn() {
        Cluster cluster = new Cluster(Stream.concat(
                        Cluster.parse("DGX Spark", CATALOG).groups().stream(),
                        withHost("RTX 4090", 256).groups().stream())
                .toList());
        assertThat(cluster.hostMemory()).hasValue(ByteSize.ofGibibytes(256));
        Model model = GgufMix.named("gguf:Q4_K_M").applyTo(CATALOG.model("llama-3.1-405b"));
        Deployment found = HostOffload.fewestLayers(
                        Deployment.builder(model, cluster).engine(Engines.llamaCpp()), Optional.empty())
                .orElseThrow();
        assertThat(found.hostShare().layers()).isPositive();
        assertThat(Sizing.fits(found)).isTrue();
    }

    @Test
    void expertsOfAModelWithoutThemAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> asked("llama-3.1-8b", "RTX 4090")
                        .hostShare(new HostShare(0, 4, Optional.empty()))
                        .build())
                .withMessageContaining("has no routed experts");
    }

    /** So that what is said to be too small is too small by the number that is said. */
    @Test
    void whatTheHostWouldTakeIsTheLeastThatIsEnough() {
        DeploymentBuilder asked = asked("qwen3-235b-a22b", "2x RTX 4090");
        Optional<ByteSize> endless = Optional.of(ByteSize.ofBytes(Long.MAX_VALUE));
        long layers = high(HostOffload.fewestLayers(asked, endless).orElseThrow());
        long experts = high(HostOffload.fewestExpertLayers(asked, endless).orElseThrow());
        assertThat(layers).isNotEqualTo(experts);
        String said =
                HostOffload.whyNot(asked, Optional.of(ByteSize.ofGibibytes(9))).orElseThrow();
        assertThat(said)
                .contains("would take "
                        + ByteSize.ofBytes(Math.min(layers, experts)).toDisplay() + " there");
    }

    private static long high(Deployment deployment) {
        return Sizing.explain(deployment, deployment.stages().size() - 1).high();
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
