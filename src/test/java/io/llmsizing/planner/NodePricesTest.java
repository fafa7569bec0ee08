package io.llmsizing.planner;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.hardware.Node;
import io.llmsizing.hardware.NodeType;
import java.math.BigDecimal;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NodePricesTest {
    private static final Catalog CATALOG = Catalog.bundled();
    private static final NodePrices PRICES = NodePrices.of(CATALOG.nodeTypes());

    private static Node node(String cluster) {
        return Cluster.parse(cluster, CATALOG).groups().get(0).node();
    }

    @Test
    void aMachineOfATypeHasThePriceOfItsType() {
        NodeType type = CATALOG.nodeType("p5.48xlarge");
        assertThat(PRICES.type(type.node())).contains(type);
        assertThat(PRICES.dollarsPerHour(type.node())).isEqualTo(type.price().map(price -> price.dollarsPerHour()));
    }

    @Test
    void aMachineWithoutANameIsTheCheapestTypeWithExactlyItsDevices() {
        Node eight = node("8xH100-SXM");
        BigDecimal cheapest = PRICES.dollarsPerHour(eight).orElseThrow();
        assertThat(CATALOG.nodeTypes())
                .filteredOn(type -> type.price().isPresent()
                        && type.node().deviceCount() == 8
                        && type.node()
                                .devices()
                                .get(0)
                                .accelerator()
                                .id()
                                .equals(eight.devices().get(0).accelerator().id()))
                .hasSizeGreaterThan(2)
                .extracting(type -> type.price().orElseThrow().dollarsPerHour())
                .allMatch(dollars -> dollars.compareTo(cheapest) >= 0)
                .contains(cheapest);
    }

    @Test
    void otherMachinesHaveNoPrice() {
        assertThat(PRICES.dollarsPerHour(node("3xH100-SXM"))).isEmpty();
        assertThat(PRICES.dollarsPerHour(node("8x H100-SXM (50%)"))).isEmpty();
        assertThat(PRICES.dollarsPerHour(node("RTX 4090 & RTX 3090"))).isEmpty();
        assertThat(NodePrices.of(CATALOG.nodeTypes().stream()
                                .filter(type -> type.price().isEmpty())
                                .toList())
                        .dollarsPerHour(node("8xH100-SXM")))
                .isEqualTo(Optional.empty());
    }
}
