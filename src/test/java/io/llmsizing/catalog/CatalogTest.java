package io.llmsizing.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.collect.Iterables;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.hardware.NodeType;
import io.llmsizing.hardware.Partition;
import io.llmsizing.units.ByteSize;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogTest {
    private static final Catalog CATALOG = Catalog.bundled();

    @Test
    void everyModelOfTheIndexLoadsUnderItsOwnName() {
        assertThat(CATALOG.modelIds()).hasSizeGreaterThan(450);
        for (String id : CATALOG.modelIds()) {
            assertThat(CATALOG.model(id).name()).isEqualTo(id);
            assertThat(CATALOG.model(id).source()).as(id).isNotBlank();
            assertThat(CATALOG.model(id).assumptions()).as(id).isEmpty();
        }
    }

    @Test
    void everyAliasMeansItsModelInAnyLetterCase() {
        for (String id : CATALOG.modelIds()) {
            for (String alias : CATALOG.aliases(id)) {
                assertThat(CATALOG.model(alias).name()).as(alias).isEqualTo(id);
                assertThat(CATALOG.model(" " + alias.toUpperCase(Locale.ROOT) + " ")
                                .name())
                        .as(alias)
                        .isEqualTo(id);
            }
            assertThat(CATALOG.model(id.toLowerCase(Locale.ROOT)).name()).isEqualTo(id);
        }
    }

    @Test
    void noNameHasTwoMeanings() {
        Set<String> names = new HashSet<>();
        for (String id : CATALOG.modelIds()) {
            assertThat(names.add(id.toLowerCase(Locale.ROOT))).as(id).isTrue();
            for (String alias : CATALOG.aliases(id)) {
                assertThat(names.add(alias.toLowerCase(Locale.ROOT))).as(alias).isTrue();
            }
        }
    }

    /** As people write them: on the Hub without the organisation, after ollama, and after what they say. */
    @ParameterizedTest
    @CsvSource({
        "deepseek-r1, deepseek-ai/DeepSeek-R1",
        "deepseek-r1:32b, deepseek-ai/DeepSeek-R1-Distill-Qwen-32B",
        "R1-Distill-Qwen-32B, deepseek-ai/DeepSeek-R1-Distill-Qwen-32B",
        "llama-3.1-70b, meta-llama/Llama-3.1-70B",
        "llama3.1:70b, meta-llama/Llama-3.1-70B-Instruct",
        "qwen3:30b, Qwen/Qwen3-30B-A3B",
        "qwen2.5-coder:32b, Qwen/Qwen2.5-Coder-32B-Instruct",
        "gemma3:27b, google/gemma-3-27b-it",
        "gemma3n:e4b, google/gemma-3n-E4B-it",
        "gpt-oss:20b, openai/gpt-oss-20b",
        "gpt-oss-120b, openai/gpt-oss-120b",
        "mistral-nemo, mistralai/Mistral-Nemo-Instruct-2407",
        "mixtral:8x7b, mistralai/Mixtral-8x7B-Instruct-v0.1",
        "command-r, CohereLabs/c4ai-command-r-08-2024",
        "phi3:mini, microsoft/Phi-3-mini-128k-instruct",
        "kimi-k2, moonshotai/Kimi-K2-Instruct",
        "glm-4.5, zai-org/GLM-4.5",
        "granite3.3:8b, ibm-granite/granite-3.3-8b-instruct",
        "qwq, Qwen/QwQ-32B",
        "llama4:maverick, meta-llama/Llama-4-Maverick-17B-128E-Instruct",
        "qwen3-next:80b, Qwen/Qwen3-Next-80B-A3B-Instruct",
        "nomic-embed-text, nomic-ai/nomic-embed-text-v1.5",
        "Jamba-1.5-Mini, ai21labs/AI21-Jamba-1.5-Mini"
    })
    void namesThatPeopleTypeAreKnown(String typed, String id) {
        assertThat(CATALOG.model(typed).name()).isEqualTo(id);
    }

    @Test
    void aModelIsReadOnce() {
        assertThat(CATALOG.model("deepseek-r1")).isSameAs(CATALOG.model("deepseek-ai/DeepSeek-R1"));
    }

    @Test
    void anUnknownIdHasNoAliases() {
        assertThat(CATALOG.aliases("nobody/Nothing")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "lama-3.1-8b, meta-llama/Llama-3.1-8B",
        "deepsek-r1, deepseek-ai/DeepSeek-R1",
        "mixtral-8x7, mistralai/Mixtral-8x7B-v0.1",
        "qwen3-23b, Qwen/Qwen3-32B",
        "DeepSeek-V3-0342, deepseek-ai/DeepSeek-V3-0324"
    })
    void anUnknownModelIsRefusedWithTheNearestNames(String typed, String meant) {
        UnknownNameException refused = unknownModel(typed);
        assertThat(refused.kind()).isEqualTo("model");
        assertThat(refused.candidates()).contains(meant).hasSizeLessThanOrEqualTo(4);
        assertThat(refused).hasMessageContaining("'" + typed + "'").hasMessageContaining(meant);
    }

    @ParameterizedTest
    @CsvSource({"lama-3.1-8b, meta-llama/Llama-3.1-8B", "deepsek-r1, deepseek-ai/DeepSeek-R1"})
    void theNearestNameStandsFirst(String typed, String meant) {
        assertThat(unknownModel(typed).candidates().get(0)).isEqualTo(meant);
    }

    @ParameterizedTest
    @CsvSource({
        "H20O, nvidia-h200-sxm5-141gb",
        "rtx 309, nvidia-rtx-3090",
        "MI30X, amd-mi300x",
        "B20, nvidia-b200-sxm-180gb",
        "A6001, nvidia-rtx-a6000"
    })
    void anUnknownAcceleratorIsRefusedWithTheNearestNames(String typed, String meant) {
        UnknownNameException refused = unknownAccelerator(typed);
        assertThat(refused.kind()).isEqualTo("accelerator");
        assertThat(refused.candidates()).contains(meant);
        assertThat(refused).hasMessageContaining("'" + typed + "'").hasMessageContaining(meant);
    }

    @Test
    void anAmbiguousNameListsAllThatItMayMean() {
        UnknownNameException refused = unknownAccelerator("A100");
        assertThat(refused.candidates())
                .containsExactlyInAnyOrder(
                        "nvidia-a100-sxm4-40gb",
                        "nvidia-a100-sxm4-80gb",
                        "nvidia-a100-pcie-40gb",
                        "nvidia-a100-pcie-80gb");
        assertThat(refused.candidates()).allSatisfy(id -> assertThat(refused).hasMessageContaining(id));
        assertThat(unknownAccelerator("a100-pcie").candidates())
                .containsExactlyInAnyOrder("nvidia-a100-pcie-40gb", "nvidia-a100-pcie-80gb");
        assertThat(unknownAccelerator("phone").candidates()).hasSize(6);
    }

    @Test
    void aMakersOrASeriesNameTellsNothing() {
        assertThat(unknownAccelerator("Intel Arc A770").candidates())
                .containsExactlyInAnyOrder("intel-arc-a770-16gb", "intel-arc-a770-8gb");
        assertThat(unknownAccelerator("NVIDIA").candidates()).doesNotContain("nvidia-h200-sxm5-141gb");
    }

    /** Without the makers' and the series' words no two devices come together that their own names keep apart. */
    @Test
    void everyNameWithoutTheMakersWordsMeansWhatItMeantWithThem() {
        for (Accelerator accelerator : CATALOG.accelerators()) {
            for (String name : Iterables.concat(accelerator.aliases(), accelerator.driverNames())) {
                assertThat(CATALOG.candidates(DeviceSpelling.joined(name)))
                        .as(name)
                        .contains(accelerator)
                        .allMatch(other -> CATALOG.candidates(name).contains(other)
                                || accelerator.driverNames().contains(name));
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            8xH100                    | 'H100' is taken as NVIDIA H100 SXM5 80GB; write NVIDIA H100 PCIe 80GB, NVIDIA H100 NVL 94GB
            2xA100-80GB + 4xL40S      | 'A100-80GB' is taken as NVIDIA A100 SXM4 80GB; write NVIDIA A100 PCIe 80GB
            RTX PRO 6000              | 'RTX PRO 6000' is taken as NVIDIA RTX PRO 6000 Blackwell Workstation Edition
            H100-NVL (100 GiB)        | 100.0 GiB of each NVIDIA H100 NVL 94GB are taken as given; its driver reports 93.6 GiB
            """)
    void whatIsChosenOfSeveralIsSaid(String written, String said) {
        Cluster cluster = Cluster.parse(written, CATALOG);
        assertThat(cluster.choices()).singleElement().asString().contains(said);
        assertThat(cluster.withUsable(ByteSize.ofGibibytes(20)).choices()).isEqualTo(cluster.choices());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            A100-PCIe (80 GB)   | NVIDIA A100 PCIe 80GB
            A100-40GB (40 GB)   | NVIDIA A100 SXM4 40GB
            2x A100 (80 GiB)    | NVIDIA A100 SXM4 80GB
            H100 (94 GB)        | NVIDIA H100 NVL 94GB
            RTX 3090 (24 GB)    | NVIDIA GeForce RTX 3090
            RTX 3090 (24GiB) x2 | NVIDIA GeForce RTX 3090
            """)
    void theSizeThatADeviceIsSoldWithTellsWhichIsMeantAndLimitsNothing(String written, String meant) {
        assertThat(Cluster.parse(written, CATALOG).firstAccelerator()).isEqualTo(CATALOG.accelerator(meant));
    }

    @Test
    void whoKnowsMoreThanANameIsGivenAllThatItMayMean() {
        Catalog catalog = Catalog.bundled();
        for (String name : new String[] {"A100", "a100-pcie", "phone"}) {
            assertThat(catalog.candidates(name))
                    .extracting(Accelerator::id)
                    .containsExactlyElementsOf(unknownAccelerator(name).candidates());
        }
        assertThat(catalog.candidates("NVIDIA-H100-80GB-HBM3"))
                .containsExactly(catalog.accelerator("NVIDIA H100 80GB HBM3"));
        assertThat(catalog.candidates("no such card")).isEmpty();
        assertThat(catalog.candidates("A100 MIG 9g.999gb")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "A100, 80 GiB, nvidia-a100-sxm4-80gb",
        "A100, 79.25 GiB, nvidia-a100-sxm4-80gb",
        "A100-40GB, 40 GiB, nvidia-a100-sxm4-40gb",
        "A100-PCIe, 39.4 GiB, nvidia-a100-pcie-40gb",
        "NVIDIA GeForce RTX 3080, 12288 MiB, nvidia-rtx-3080-12gb",
        "NVIDIA GeForce RTX 3080, 10240 MiB, nvidia-rtx-3080-10gb",
        "H20, 95 GiB, nvidia-h20-96gb",
        "H20, 139.7 GiB, nvidia-h20-141gb",
        "H100, 64 GiB, nvidia-h100-64gb",
        "H100, 79.6 GiB, nvidia-h100-sxm5-80gb",
        "A800, 40 GiB, nvidia-a800-40gb-active",
        "NVIDIA GB300, 256703 MiB, nvidia-gb300-desktop-252gb",
        "NVIDIA GB300, 284208 MiB, nvidia-gb300",
        "H200, 10 GiB, nvidia-h200-sxm5-141gb"
    })
    void memoryTellsDevicesOfOneNameApart(String name, String memory, String id) {
        assertThat(CATALOG.accelerator(name, ByteSize.parse(memory)).id()).isEqualTo(id);
    }

    @ParameterizedTest
    @CsvSource({
        "RTX 3060, 'RTX 3060' may be any of",
        "2x RTX 3080, 'RTX 3080' may be any of",
        "RTX6000, 'RTX6000' may be any of",
        "2x DGX A100, 'DGX A100' may be any of",
        "RTX 3061, no accelerator 'RTX 3061'",
        "4x GTX 9, no accelerator 'GTX 9'",
        "H2OO x 8, no accelerator 'H2OO'"
    })
    void aClusterIsRefusedByTheNameThatWasWrittenNotByAPartOfAWord(String written, String said) {
        assertThatThrownBy(() -> Cluster.parse(written, CATALOG))
                .isInstanceOf(UnknownNameException.class)
                .hasMessageContaining(said);
    }

    @Test
    void memoryThatNoneHasLeavesAnAmbiguousNameAmbiguous() {
        assertThatThrownBy(() -> CATALOG.accelerator("A100", ByteSize.ofGibibytes(60)))
                .isInstanceOf(UnknownNameException.class)
                .hasMessageContaining("may be any of");
    }

    @ParameterizedTest
    @CsvSource({
        "NVIDIA H200, nvidia-h200-sxm5-141gb",
        "h200-sxm, nvidia-h200-sxm5-141gb",
        "NVIDIA H100 80GB HBM3, nvidia-h100-sxm5-80gb",
        "NVIDIA-H100-80GB-HBM3, nvidia-h100-sxm5-80gb",
        "NVIDIA A100-SXM4-80GB, nvidia-a100-sxm4-80gb",
        "A100-80GB, nvidia-a100-sxm4-80gb",
        "3090, nvidia-rtx-3090",
        "RTX3090, nvidia-rtx-3090",
        "MI300X, amd-mi300x",
        "Tesla T4, nvidia-t4",
        "RTX 3080 10GB, nvidia-rtx-3080-10gb",
        "V100-32GB, nvidia-v100-sxm2-32gb",
        "M4 Max 128GB, apple-m4-max-128gb",
        "A100-80GB MIG 1g.10gb, nvidia-a100-sxm4-80gb-mig-1g.10gb",
        "NVIDIA A100-SXM4-40GB MIG 1g.5gb, nvidia-a100-sxm4-40gb-mig-1g.5gb",
        "NVIDIA-H200-MIG-1g.18gb, nvidia-h200-sxm5-141gb-mig-1g.18gb",
        "H100-SXM 1g.10gb, nvidia-h100-sxm5-80gb-mig-1g.10gb",
        "RTX 4090 Laptop GPU, nvidia-rtx-4090-laptop",
        "Radeon 7900 XTX, amd-rx-7900-xtx",
        "NVIDIA A100-SXM-80GB, nvidia-a100-sxm4-80gb",
        "A100 40GB PCIe, nvidia-a100-pcie-40gb",
        "NVIDIA Tesla V100-SXM2-32GB, nvidia-v100-sxm2-32gb",
        "Quadro RTX 6000, nvidia-quadro-rtx-6000",
        "Intel Arc B580 Graphics, intel-arc-b580",
        "Google Cloud TPU v5e, google-tpu-v5e"
    })
    void whatPeopleTypeAndDriversPrintIsOneDevice(String name, String id) {
        assertThat(CATALOG.accelerator(name).id()).isEqualTo(id);
    }

    @Test
    void everyNameOfADeviceLeadsToItOrIsRefusedWithItAmongThoseMeant() {
        for (Accelerator accelerator : CATALOG.accelerators()) {
            assertThat(CATALOG.accelerator(accelerator.id())).isEqualTo(accelerator);
            assertThat(CATALOG.accelerator(accelerator.name())).isEqualTo(accelerator);
            for (String alias : Iterables.concat(accelerator.aliases(), accelerator.driverNames())) {
                try {
                    assertThat(CATALOG.accelerator(alias)).isIn(CATALOG.candidates(alias));
                    assertThat(CATALOG.candidates(alias)).contains(accelerator);
                } catch (UnknownNameException ambiguous) {
                    assertThat(ambiguous.candidates()).hasSizeGreaterThan(1).contains(accelerator.id());
                }
            }
        }
    }

    @Test
    void everyClusterOfOneDeviceAndEveryMachineReadsBackFromItsPrintedForm() {
        for (Accelerator accelerator : CATALOG.accelerators()) {
            Cluster cluster = Cluster.of(accelerator, 3, 2);
            assertThat(Cluster.parse(cluster.toString(), CATALOG)).isEqualTo(cluster);
            for (Partition partition : CATALOG.partitions(accelerator)) {
                Cluster parts = Cluster.of(partition.of(accelerator), 7);
                assertThat(Cluster.parse(parts.toString(), CATALOG)).isEqualTo(parts);
            }
        }
        for (NodeType type : CATALOG.nodeTypes()) {
            Cluster cluster = new Cluster(List.of(new Cluster.Group(type.node(), 4)));
            assertThat(Cluster.parse(cluster.toString(), CATALOG)).isEqualTo(cluster);
            assertThat(Cluster.parse(type.id(), CATALOG).groups().get(0).node()).isEqualTo(type.node());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"H200", "h200", "nvidia h200", "NVIDIA H200 SXM5 141GB", "h200_sxm5", "H200 - SXM"})
    void spellingsOfAnAcceleratorAreOneName(String written) {
        assertThat(CATALOG.accelerator(written).id()).isEqualTo("nvidia-h200-sxm5-141gb");
    }

    @Test
    void everyAcceleratorAnswersToItsIdAndItsName() {
        for (Accelerator accelerator : CATALOG.accelerators()) {
            assertThat(CATALOG.accelerator(accelerator.id())).isSameAs(accelerator);
            assertThat(CATALOG.accelerator(accelerator.name())).isSameAs(accelerator);
        }
    }

    @Test
    void everyAliasOfAnAcceleratorMeansItOrListsIt() {
        for (Accelerator accelerator : CATALOG.accelerators()) {
            for (String alias : accelerator.aliases()) {
                try {
                    assertThat(CATALOG.accelerator(alias)).isIn(CATALOG.candidates(alias));
                    assertThat(CATALOG.candidates(alias)).contains(accelerator);
                } catch (UnknownNameException ambiguous) {
                    assertThat(ambiguous.candidates()).as(alias).contains(accelerator.id());
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"H200", "H800", "H100", "A100-80GB", "RTX 3090", "phone 8 GB", "phone 16 GB"})
    void acceleratorsThatArticlesAboutDeepSeekNameAnswer(String named) {
        assertThat(CATALOG.accelerator(named).memory().usable().bytes()).isPositive();
    }

    private static UnknownNameException unknownModel(String name) {
        return catchThrowableOfType(UnknownNameException.class, () -> CATALOG.model(name));
    }

    private static UnknownNameException unknownAccelerator(String name) {
        return catchThrowableOfType(UnknownNameException.class, () -> CATALOG.accelerator(name));
    }
}
