package io.llmsizing.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmsizing.hardware.Cluster;
import io.llmsizing.hardware.Node;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Types of machines by the names that people type, and what is in them. */
class MachineNamesTest {
    private static final Catalog CATALOG = Catalog.bundled();

    @ParameterizedTest
    @CsvSource({
        "DGX-1 (P100), 8, nvidia-p100-sxm2-16gb, 8",
        "DGX-1 16GB, 8, nvidia-v100-sxm2-16gb, 8",
        "DGX-1 32GB, 8, nvidia-v100-sxm2-32gb, 8",
        "ml.p5.48xlarge, 8, nvidia-h100-sxm5-80gb, 8",
        "DGX-2, 16, nvidia-v100-sxm3-32gb, 16",
        "DGX Station 32GB, 4, nvidia-v100-dgxs-32gb, 4",
        "DGX Station A100 80GB, 4, nvidia-a100-sxm4-80gb, 4",
        "DGX Station GB300, 1, nvidia-gb300-desktop-252gb, 1",
        "DGX B300, 8, nvidia-b300-sxm-288gb, 8",
        "GB200 NVL4, 4, nvidia-gb200, 4",
        "GB300 NVL72, 72, nvidia-gb300, 72",
        "CloudMatrix384, 768, huawei-ascend-910c, 768",
        "v5litepod-1, 1, google-tpu-v5e, 256",
        "v5litepod-8, 8, google-tpu-v5e, 256",
        "v5litepod-16, 16, google-tpu-v5e, 16",
        "v5litepod-256, 256, google-tpu-v5e, 256",
        "v5p-8, 4, google-tpu-v5p, 8960",
        "v6e-4, 4, google-tpu-v6e, 256",
        "v6e-8, 8, google-tpu-v6e, 256",
        "v6e-16, 16, google-tpu-v6e, 16",
        "v6e-256, 256, google-tpu-v6e, 256",
        "Mac Studio M2 Ultra 192GB, 1, apple-m2-ultra-192gb, 1",
        "Mac Studio M3 Ultra 512GB, 1, apple-m3-ultra-512gb, 1",
        "Mac mini M4 Pro 64GB, 1, apple-m4-pro-64gb, 1",
        "MacBook Pro M4 Max 128GB, 1, apple-m4-max-128gb, 1"
    })
    void aMachineHasItsDevicesAndTheirReach(String name, int count, String device, int domain) {
        Node node = Cluster.parse(name, CATALOG).groups().get(0).node();
        assertThat(node.deviceCount()).isEqualTo(count);
        assertThat(node.devices().get(0).accelerator().id()).isEqualTo(device);
        assertThat(node.devices().get(0).accelerator().link().domain()).isEqualTo(domain);
    }

    @ParameterizedTest
    @CsvSource({
        "NVL72, gb200-nvl72, gb300-nvl72",
        "p5, p5-4xlarge, p5-48xlarge",
        "NC A100 v4, azure-nc24ads-a100-v4, azure-nc96ads-a100-v4",
        "DGX-1, dgx-1-p100, dgx-1-v100-32gb",
        "DGX Station, dgx-station-v100-16gb, dgx-station-gb300",
        "Mac Studio M3 Ultra, mac-studio-m3-ultra-96gb, mac-studio-m3-ultra-512gb",
        "Mac mini M4, mac-mini-m4-16gb, mac-mini-m4-32gb"
    })
    void aNameOfSeveralIsRefusedWithAllOfThem(String name, String one, String another) {
        assertThatThrownBy(() -> Cluster.parse("2x " + name, CATALOG))
                .isInstanceOf(UnknownNameException.class)
                .hasMessageContaining("may be any of")
                .hasMessageContaining(one)
                .hasMessageContaining(another);
    }

    @Test
    void unifiedMemoryOfAMacIsTheMachinesMemory() {
        CATALOG.nodeTypes().stream()
                .filter(type -> type.provider().equals("Apple"))
                .forEach(type -> assertThat(type.node().hostMemory())
                        .as(type.id())
                        .isEqualTo(type.node()
                                .devices()
                                .get(0)
                                .accelerator()
                                .memory()
                                .driver()));
    }
}
