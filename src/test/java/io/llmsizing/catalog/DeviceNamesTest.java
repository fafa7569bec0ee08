package io.llmsizing.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.hardware.Accelerator;
import io.llmsizing.units.ByteSize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names of rarer devices, as drivers print them and as people type them. */
class DeviceNamesTest {
    private static final Catalog CATALOG = Catalog.bundled();

    @ParameterizedTest
    @CsvSource({
        "GeForce RTX 4090 D, nvidia-rtx-4090-d",
        "NVIDIA A100X, nvidia-a100x-80gb",
        "A100X, nvidia-a100x-80gb",
        "NVIDIA PG506-230, nvidia-pg506-96gb",
        "NVIDIA PG506-232, nvidia-pg506-96gb",
        "NVIDIA PG506-242, nvidia-a100-sxm-64gb",
        "Tesla M40 24GB, nvidia-m40-24gb",
        "Tesla V100-SXM2-32GB-LS, nvidia-v100-sxm2-32gb-ls",
        "Tesla V100-SXM2-32GB, nvidia-v100-sxm2-32gb",
        "NVIDIA GeForce RTX 3050 Ti Laptop GPU, nvidia-rtx-3050-ti-laptop",
        "NVIDIA RTX A2000 8GB Laptop GPU, nvidia-rtx-a2000-laptop-8gb",
        "NVIDIA RTX 2000 Ada Generation Laptop GPU, nvidia-rtx-2000-ada-laptop",
        "NVIDIA RTX 2000 Ada Generation, nvidia-rtx-2000-ada",
        "Intel Data Center GPU Max 1550, intel-max-1550",
        "Intel(R) Arc(TM) B580 Graphics, intel-arc-b580",
        "AMD Instinct MI300X VF, amd-mi300x",
        "NVIDIA H100 80GB HBM2e, nvidia-h100-pcie-80gb",
        "Quadro GV100, nvidia-quadro-gv100",
        "Radeon VII, amd-radeon-vii",
        "AMD Radeon VII, amd-radeon-vii",
        "NVIDIA L20X, nvidia-l20x",
        "NVIDIA L20, nvidia-l20",
        "Ascend910_9362, huawei-ascend-910c",
        "iPhone 16, phone-8gb",
        "iPhone 17 Pro, phone-12gb",
        "NVIDIA RTX PRO 2000 Blackwell Generation Laptop GPU, nvidia-rtx-pro-2000-blackwell-laptop"
    })
    void aNameMeansOneDevice(String name, String id) {
        assertThat(CATALOG.candidates(name)).extracting(Accelerator::id).containsExactly(id);
    }

    @ParameterizedTest
    @CsvSource({"Jetson Orin", "Orin", "Orin (nvgpu)", "NVIDIA Tegra Orin (nvgpu)"})
    void anOrinWithoutMoreMayBeAnyOfTheSix(String name) {
        assertThat(CATALOG.candidates(name))
                .extracting(Accelerator::id)
                .containsExactlyInAnyOrder(
                        "nvidia-jetson-agx-orin-64gb",
                        "nvidia-jetson-agx-orin-32gb",
                        "nvidia-jetson-orin-nx-16gb",
                        "nvidia-jetson-orin-nx-8gb",
                        "nvidia-jetson-orin-nano-8gb",
                        "nvidia-jetson-orin-nano-4gb");
    }

    @ParameterizedTest
    @CsvSource({
        "8192 MiB, nvidia-cmp-170hx-8gb",
        "10240 MiB, nvidia-cmp-170hx-10gb",
        "40960 MiB, nvidia-cmp-170hx-40gb-unlocked",
        "65536 MiB, nvidia-cmp-170hx-64gb-unlocked"
    })
    void aMiningCardIsToldByItsMemory(String memory, String id) {
        assertThat(CATALOG.accelerator("NVIDIA CMP 170HX", ByteSize.parse(memory))
                        .id())
                .isEqualTo(id);
    }

    @ParameterizedTest
    @CsvSource({"gfx1151", "AMD RYZEN AI MAX+ 395 w/ Radeon 8060S", "Ryzen AI Max+ 395"})
    void aChipThatIsSoldWithSeveralMemoriesIsAskedBack(String name) {
        assertThat(CATALOG.candidates(name))
                .extracting(Accelerator::id)
                .containsExactlyInAnyOrder(
                        "amd-ryzen-ai-max-395-64gb", "amd-ryzen-ai-max-395-96gb", "amd-ryzen-ai-max-395-128gb");
    }

    @Test
    void anAscend910bMayBeAnyOfTheFour() {
        assertThat(CATALOG.candidates("Ascend 910B"))
                .extracting(Accelerator::id)
                .containsExactlyInAnyOrder(
                        "huawei-ascend-910b1", "huawei-ascend-910b2", "huawei-ascend-910b3", "huawei-ascend-910b4");
    }

    /** Its name is that of a smaller card and a letter. */
    @Test
    void anL20xHasTheMemoryThatItsDriverPrints() {
        assertThat(CATALOG.accelerator("L20X").memory().driver()).isEqualTo(ByteSize.parse("143771 MiB"));
    }

    @Test
    void aFamilyOfTwoMemoriesIsAskedBack() {
        assertThat(CATALOG.candidates("M40"))
                .extracting(Accelerator::id)
                .containsExactlyInAnyOrder("nvidia-m40-12gb", "nvidia-m40-24gb");
    }
}
