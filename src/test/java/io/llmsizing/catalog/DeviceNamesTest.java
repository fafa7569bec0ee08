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

    @Test
    void aFamilyOfTwoMemoriesIsAskedBack() {
        assertThat(CATALOG.candidates("M40"))
                .extracting(Accelerator::id)
                .containsExactlyInAnyOrder("nvidia-m40-12gb", "nvidia-m40-24gb");
    }
}
