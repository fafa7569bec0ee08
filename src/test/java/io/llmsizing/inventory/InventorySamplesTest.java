package io.llmsizing.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.hardware.Node;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read of what tools print, machine by machine and finding by finding, is in {@code expected/}. */
class InventorySamplesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "nvidia-smi-query.csv",
                "nvidia-smi-query-nounits.csv",
                "nvidia-smi-query-unified.csv",
                "nvidia-smi-L.txt",
                "nvidia-smi-q.xml",
                "rocm-smi.json",
                "rocm-smi-5.json",
                "amd-smi-static.json",
                "amd-smi-static-6.json",
                "amd-smi-list.json",
                "amd-smi-metric.json",
                "kubernetes-nodes.json",
                "scontrol-nodes.txt",
                "scontrol-nodes-oneline.txt",
                "inventory.csv"
            })
    void aSampleIsReadAsExpected(String file) {
        assertThat(Samples.shown(Samples.sample(file))).isEqualTo(Samples.textOf("expected/" + file + ".txt"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nvidia-smi-query.csv", "kubernetes-nodes.json", "scontrol-nodes.txt", "inventory.csv"})
    void thePrintedClusterParsesBackToTheSameUsableMemory(String file) {
        Cluster cluster = Samples.sample(file).inventory().cluster();
        Cluster back = Cluster.parse(cluster.toString(), Samples.NAMES);
        assertThat(back).hasToString(cluster.toString());
        assertThat(usable(back)).isEqualTo(usable(cluster));
    }

    private static List<String> usable(Cluster cluster) {
        return cluster.groups().stream()
                .flatMap(group -> group.node().devices().stream())
                .map(Node.Devices::accelerator)
                .map(card -> card.id() + " " + card.memory().usable())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nvidia-smi-query.csv", "rocm-smi.json", "scontrol-nodes.txt", "kubernetes-nodes.json"})
    void theBundledCatalogueKnowsTheirCards(String file) {
        InventoryReading reading = InventoryReader.read(
                new ByteArrayInputStream(Samples.textOf(file).getBytes(StandardCharsets.UTF_8)),
                file,
                Catalog.bundled());
        assertThat(reading.inventory().devices()).isPositive();
        assertThat(reading.findings())
                .noneMatch(finding -> finding.problem().contains("is printed, the catalogue has"));
    }
}
