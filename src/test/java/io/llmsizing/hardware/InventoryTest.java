package io.llmsizing.hardware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.units.Bandwidth;
import io.llmsizing.units.ByteSize;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class InventoryTest {
    private static final Accelerator H200 = Catalog.bundled().accelerator("H200");
    private static final Accelerator L40S = Catalog.bundled().accelerator("L40S");

    private static Node named(String name, Node node) {
        return new Node(name, node.devices(), node.network(), node.hostMemory());
    }

    @Test
    void machinesThatDifferInTheirNamesAloneAreTogetherInTheOrderOfTheFirst() {
        Inventory inventory = new Inventory(List.of(
                named("b", Node.of(L40S, 4)),
                named("a", Node.of(H200, 8)),
                named("c", Node.of(L40S, 4)),
                named("", Node.of(H200, 8)),
                named("d", Node.of(L40S, 4))));
        assertThat(inventory.cluster().groups())
                .containsExactly(new Cluster.Group(Node.of(L40S, 4), 3), new Cluster.Group(Node.of(H200, 8), 2));
        assertThat(inventory.cluster()).hasToString("3x4x NVIDIA L40S + 2x8x NVIDIA H200 SXM5 141GB");
        assertThat(inventory.devices())
                .isEqualTo(28)
                .isEqualTo(inventory.cluster().devices());
    }

    @Test
    void machinesThatDifferInMemoryNetworkOrHostStandApart() {
        Node plain = Node.of(H200, 8);
        Node smaller = plain.withUsable(ByteSize.ofGibibytes(40));
        Node faster = new Node(
                "", plain.devices(), new Interconnect("EFA", new Bandwidth(400_000_000_000L), 1), ByteSize.ZERO);
        Node larger = new Node("", plain.devices(), plain.network(), ByteSize.ofGibibytes(1));
        assertThat(new Inventory(List.of(plain, smaller, faster, larger, Node.of(H200, 4)))
                        .cluster()
                        .groups())
                .hasSize(5)
                .allMatch(group -> group.count() == 1);
    }

    @Test
    void nothingIsNoCluster() {
        Inventory nothing = new Inventory(List.of());
        assertThat(nothing.devices()).isZero();
        assertThatIllegalArgumentException().isThrownBy(nothing::cluster).withMessageContaining("nothing to size for");
    }

    @Test
    void noMoreMachinesThanAClusterHas() {
        Node node = Node.of(H200, 1);
        assertThat(new Inventory(Collections.nCopies(65_536, node)).cluster().groups())
                .containsExactly(new Cluster.Group(node, 65_536));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Inventory(Collections.nCopies(65_537, node)))
                .withMessageContaining("65537 nodes; 0 to 65,536 allowed");
    }

    @Test
    void theMachinesAreCopied() {
        List<Node> nodes = new ArrayList<>(List.of(Node.of(H200, 8)));
        Inventory inventory = new Inventory(nodes);
        nodes.clear();
        assertThat(inventory.nodes()).hasSize(1);
    }
}
