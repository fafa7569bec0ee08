package io.llmsizing.inventory;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import io.llmsizing.catalog.Catalog;
import io.llmsizing.document.Bundled;
import io.llmsizing.document.CsvTable;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tickets that pods are given for devices, and labels that say what these are, with what is found about them. */
class KubernetesNodesTest {
    private static String members(String pairs) {
        return Splitter.on(';')
                .trimResults()
                .omitEmptyStrings()
                .splitToStream(pairs)
                .map(pair -> "\"" + pair.replace("=", "\": \"") + "\"")
                .collect(joining(", ", "{", "}"));
    }

    static InventoryReading node(String resources, String labels) {
        String quantities = members(resources);
        return Samples.text("""
                {"kind": "Node", "metadata": {"name": "n", "labels": %s}, "status": {
                  "conditions": [{"type": "Ready", "status": "True"}],
                  "capacity": %s, "allocatable": %s}}
                """.formatted(
                        members(labels.replace("type=", "node.kubernetes.io/instance-type=")), quantities, quantities));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            nvidia.com/gpu=4                       | type=p5.48xlarge | 4x NVIDIA H100 SXM5 | -
            nvidia.com/gpu=8                       | type=p5.48xlarge | 8x NVIDIA H100 SXM5 | -
            nvidia.com/gpu=16                      | type=p5.48xlarge | 8x NVIDIA H100 SXM5 | 16 nvidia.com/gpu of a p5.48xlarge, which has 8 devices: 2 stand for one
            nvidia.com/gpu=56                      | type=p5.48xlarge | 8x NVIDIA H100 SXM5 | 7 stand for one
            nvidia.com/gpu=12                      | type=p5.48xlarge | - | how many stand for one can't be told; left out
            nvidia.com/gpu=16                      | type=p5.48xlarge; nvidia.com/gpu.product=NVIDIA-H100-80GB-HBM3 | 8x NVIDIA H100 SXM5 | 2 stand for one
            nvidia.com/gpu=16                      | type=p5.48xlarge; nvidia.com/gpu.replicas=2 | 8x NVIDIA H100 SXM5 | 2 replicas of each device
            nvidia.com/gpu=16                      | nvidia.com/gpu.product=NVIDIA-H100-80GB-HBM3 | 16x NVIDIA H100 SXM5 | -
            nvidia.com/gpu=56                      | type=p5.48xlarge; nvidia.com/gpu.product=NVIDIA-H100-80GB-HBM3-MIG-1g.10gb | 56x NVIDIA H100 SXM5 MIG 1g.10gb | -
            aws.amazon.com/neuroncore=32           | type=trn1.32xlarge | 16x AWS Trainium | 2 stand for one
            aws.amazon.com/neuron=4                | type=trn1.32xlarge | 4x AWS Trainium | -
            nvidia.com/gpu=2; nvidia.com/gpu.shared=8 | nvidia.com/gpu.product=NVIDIA-L40S; nvidia.com/gpu.replicas=4; nvidia.com/gpu.shared.replicas=4 | 4x NVIDIA L40S | 4 replicas of each device
            """)
    void aTicketIsADeviceUntilItIsKnownThatItIsLess(String resources, String labels, String machine, String found) {
        holds(node(resources, labels), machine, found);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            nvidia.com/gpu=8 | type=p5.48xlarge; nvidia.com/gpu.product=Foo-9000; nvidia.com/gpu.memory=4096  | - | no accelerator 'Foo-9000'; 8 devices left out
            nvidia.com/gpu=8 | type=p5.48xlarge; nvidia.com/gpu.product=Foo-9000; nvidia.com/gpu.memory=81559 | 8x NVIDIA H100 SXM5 | 'Foo-9000' is no device that is known; NVIDIA H100 SXM5 is taken, which machines of its type (p5.48xlarge) have
            nvidia.com/gpu=8 | type=p5.48xlarge; cloud.google.com/gke-accelerator=some-new-label | 8x NVIDIA H100 SXM5 | 'some-new-label' is no device that is known
            nvidia.com/gpu=8 | type=p5.48xlarge; nvidia.com/gpu.memory=81000 | 8x NVIDIA H100 SXM5 (84442873856 B) | a total of 81,000.0 MiB is printed
            google.com/tpu=4 | cloud.google.com/gke-tpu-accelerator=tpu-v5-lite-podslice | 4x Google TPU v5e | -
            """)
    void aLabelIsNotOverruledInSilence(String resources, String labels, String machine, String found) {
        holds(node(resources, labels), machine, found);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            amd.com/gpu=64 | amd.com/gpu.product-name=AMD_Instinct_MI300X_OAM; amd.com/gpu.compute-partitioning=cpx; amd.com/gpu.vram=24G | - | label amd.com/gpu.compute-partitioning=cpx: each amd.com/gpu is a part
            amd.com/gpu=64 | amd.com/gpu.product-name=AMD_Instinct_MI300X_OAM; amd.com/gpu.compute-memory-partition=cpx_nps4 | - | is a part of a device
            amd.com/gpu=64 | amd.com/gpu.product-name=AMD_Instinct_MI300X_OAM; amd.com/gpu.vram=24G | - | label gpu.vram is 24G, but AMD Instinct MI300X has
            amd.com/gpu=8  | amd.com/gpu.product-name=AMD_Instinct_MI300X_OAM; amd.com/gpu.vram=191G; amd.com/gpu.compute-memory-partition=spx_nps1 | 8x AMD Instinct MI300X | -
            amd.com/gpu=8  | amd.com/gpu.product-name=AMD_Instinct_MI300X_OAM; amd.com/gpu.compute-partitioning-supported=true | 8x AMD Instinct MI300X | -
            """)
    void partsOfDevicesAreNotWholeOnes(String resources, String labels, String machine, String found) {
        holds(node(resources, labels), machine, found);
    }

    @Test
    void theCatalogueHasWhatCloudLabelsMean() {
        List<CsvTable.Row> rows =
                Bundled.rows(KubernetesKinds.class, "cloud-labels.csv", List.of("value", "accelerator", "source"));
        assertThat(rows).isNotEmpty().allSatisfy(row -> {
            assertThat(Catalog.bundled().candidates(row.required("accelerator")))
                    .hasSize(1);
            assertThat(row.required("source")).isNotEmpty();
        });
    }

    private static void holds(InventoryReading reading, String machine, String found) {
        assertThat(reading.inventory().nodes().stream().map(Object::toString).collect(joining()))
                .isEqualTo(machine == null ? "" : machine);
        String problems =
                reading.findings().stream().map(InventoryFinding::problem).collect(joining("\n"));
        if (found == null) {
            assertThat(problems).isEmpty();
        } else {
            assertThat(problems).contains(found);
        }
    }
}
