package io.llmsizing.hardware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.llmsizing.units.Bandwidth;
import io.llmsizing.units.ByteSize;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterTest {
    private static final DeviceMemory MEMORY =
            new DeviceMemory("141 GB", ByteSize.parse("143771 MiB"), ByteSize.parse("139.8 GiB"), "torch on the card");
    private static final Accelerator H200 = accelerator(List.of("H200"), Set.of("fp8", "bf16"));

    private static Accelerator accelerator(List<String> aliases, Set<String> formats) {
        return new Accelerator(
                "nvidia-h200-sxm5-141gb",
                "NVIDIA H200",
                aliases,
                "NVIDIA",
                "Hopper",
                "datacenter",
                MEMORY,
                "HBM3e",
                new Bandwidth(4_800_000_000_000L),
                formats,
                new Interconnect("NVLink 4", new Bandwidth(450_000_000_000L), 8),
                "vllm",
                "data sheet",
                "2026-01-01");
    }

    private static Accelerator named(String name) {
        String asked = name.toLowerCase(Locale.ROOT);
        if (asked.equals("h200") || asked.equals("nvidia h200")) {
            return H200;
        }
        throw new IllegalArgumentException("unknown device '" + name + "'");
    }

    private static Cluster parse(String text) {
        return Cluster.parse(text, ClusterTest::named);
    }

    @ParameterizedTest
    @CsvSource({
        "H200, 1, 1",
        "8xH200, 8, 1",
        "2x8xH200, 8, 2",
        "8 x H200, 8, 1",
        "' 2 x 8 X h200 ', 8, 2",
        "8*H200, 8, 1",
        "8x NVIDIA H200, 8, 1",
        "1xH200, 1, 1",
        "1024xH200, 1024, 1",
        "65536x1xH200, 1, 65536",
        "08xH200, 8, 1",
        "NVIDIA H200, 1, 1"
    })
    void aClusterIsNodesTimesDevicesTimesName(String text, int devicesPerNode, int nodes) {
        assertThat(parse(text)).isEqualTo(new Cluster(H200, devicesPerNode, nodes));
        assertThat(parse(text).devices()).isEqualTo(devicesPerNode * nodes);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 1x NVIDIA H200",
        "8, 1, 8x NVIDIA H200",
        "8, 2, 2x8x NVIDIA H200",
        "1, 4, 4x1x NVIDIA H200",
        "1024, 65536, 65536x1024x NVIDIA H200"
    })
    void thePrintedFormReadsBack(int devicesPerNode, int nodes, String printed) {
        Cluster cluster = new Cluster(H200, devicesPerNode, nodes);
        assertThat(cluster).hasToString(printed);
        assertThat(parse(printed)).isEqualTo(cluster);
    }

    @ParameterizedTest
    @CsvSource({
        "0xH200, 0 devices in a node; 1 to",
        "1025xH200, 1025 devices in a node; 1 to",
        "999999999xH200, 999999999 devices in a node; 1 to",
        "0x8xH200, 0 nodes; 1 to",
        "65537x8xH200, 65537 nodes; 1 to",
        "2x0xH200, 0 devices in a node; 1 to"
    })
    void countsOutOfRangeAreNamed(String text, String said) {
        assertThatIllegalArgumentException().isThrownBy(() -> parse(text)).withMessageContaining(said);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "99999999999xH200",
                "99999999999x",
                "99999999999x99999999999xH200",
                "-8xH200",
                "8x",
                "2x8x",
                "1x2x3xH200",
                "xH200",
                "8 H200",
                "8,H200",
                "A100",
                "1e3xH200",
                "8.5xH200"
            })
    void whatIsNeitherACountNorANameIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> parse(text)).withMessageContaining("unknown device");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n", "8xH200\nA100", "8x\nH200\n8"})
    void whatCannotBeReadIsRefusedWithAnExample(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> parse(text)).withMessageContaining("write 8xH200");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2x8xH100 + 4xL40S", "+", "H200+H200"})
    void aMixtureOfDevicesIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse(text))
                .withMessageContaining(text)
                .withMessageContaining("mixes devices");
    }

    @Test
    void oneNodeIsTheUsualCluster() {
        assertThat(Cluster.of(H200, 8)).isEqualTo(new Cluster(H200, 8, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> Cluster.of(H200, 0));
    }

    @Test
    void aDeviceWithOtherMemoryIsOtherwiseTheSame() {
        DeviceMemory other = MEMORY.withUsable(ByteSize.parse("100 GiB"));
        Accelerator changed = H200.withMemory(other);
        assertThat(changed.memory()).isEqualTo(other);
        assertThat(changed.withMemory(MEMORY)).isEqualTo(H200);
        assertThat(changed).hasToString("NVIDIA H200");
    }

    @Test
    void theCollectionsOfADeviceAreCopies() {
        List<String> aliases = new ArrayList<>(List.of("H200"));
        Set<String> formats = new HashSet<>(Set.of("fp8"));
        Accelerator device = accelerator(aliases, formats);
        aliases.clear();
        formats.clear();
        assertThat(device.aliases()).containsExactly("H200");
        assertThat(device.nativeFormats()).containsExactly("fp8");
    }
}
