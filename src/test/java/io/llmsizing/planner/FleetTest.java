package io.llmsizing.planner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmsizing.Deployment;
import io.llmsizing.LayoutRequest;
import io.llmsizing.catalog.Catalog;
import io.llmsizing.engine.Engines;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.hardware.Inventory;
import io.llmsizing.hardware.Node;
import io.llmsizing.units.ByteSize;
import io.llmsizing.workload.Workload;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FleetTest {
    private static final Catalog CATALOG = Catalog.bundled();

    private static Cluster cluster(String written) {
        return Cluster.parse(written, CATALOG);
    }

    private static Order order(String model, int replicas) {
        return new Order(
                model,
                replicas,
                on -> Deployment.builder(CATALOG.model(model), on)
                        .engine(Engines.vllm("0.19"))
                        .workload(Workload.of(4, 32_768)));
    }

    private static Fleet fleet(String machines, String orders) {
        Fleet fleet = Fleet.of(cluster(machines));
        Pattern.compile("(\\d+) ([^,]+)")
                .matcher(orders)
                .results()
                .forEach(each -> fleet.order(order(each.group(2).strip(), Integer.parseInt(each.group(1)))));
        return fleet;
    }

    /** With 4 sequences of 32K, 70B takes 3 H100 or 5 L40S, 8B one of either, and R1 eleven H100 of two machines. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            8xH100                | 2 llama-3.1-70b, 2 llama-3.1-8b | PLACED     | 8
            8xH100                | 2 llama-3.1-70b, 3 llama-3.1-8b | IMPOSSIBLE | 6
            2x4xH100              | 2 llama-3.1-70b, 2 llama-3.1-8b | PLACED     | 8
            3x2xH100              | 1 llama-3.1-70b                 | PLACED     | 3
            2x4xH100              | 3 llama-3.1-8b                  | PLACED     | 3
            4xH100 + 8xL40S       | 2 llama-3.1-70b                 | PLACED     | 8
            2xH100 + 1xL40S       | 3 llama-3.1-8b                  | PLACED     | 3
            2x8xH100              | 1 deepseek-r1                   | PLACED     | 11
            2x8xH100              | 2 deepseek-r1, 1 llama-3.1-8b   | IMPOSSIBLE | 12
            2x8xH100 + L40S       | 1 deepseek-r1, 6 llama-3.1-8b   | PLACED     | 17
            8xH100                | 1 deepseek-r1                   | IMPOSSIBLE | 0
            H100 & L40S           | 2 llama-3.1-8b                  | PLACED     | 2
            2x[4xH100 & 2xL40S]   | 2 llama-3.1-70b, 6 llama-3.1-8b | PLACED     | 12
            """)
    void placementsByHand(String machines, String orders, FleetPlan.Outcome outcome, int devices) {
        FleetPlan plan = fleet(machines, orders).place();
        assertThat(plan.outcome()).isEqualTo(outcome);
        assertThat(plan.devices()).isEqualTo(devices);
        assertThat(plan.isSearched()).isTrue();
    }

    @Test
    void twentyReplicasOfFourModelsOnSixteenMachinesOfThreeKinds() {
        Fleet fleet = fleet(
                "5x8xH100 + 5x8xA100-80GB + 6x4xL40S",
                "3 mixtral-8x22b-v0.1, 5 llama-3.1-70b, 6 qwen2.5-32b, 6 llama-3.1-8b");
        Instant before = Instant.now();
        FleetPlan plan = fleet.place();
        assertThat(plan.outcome()).isEqualTo(FleetPlan.Outcome.PLACED);
        assertThat(plan.isSearched()).isTrue();
        assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(5));
    }

    /** Each takes five or six of twelve devices, so that one of them takes parts of two machines. */
    @Test
    void replicasTakePartsOfSeveralMachines() {
        Order large = new Order(
                "large",
                2,
                on -> Deployment.builder(CATALOG.model("meta-llama/Llama-3.1-70B-Instruct"), on)
                        .workload(Workload.of(10, 65_536)));
        FleetPlan plan = Fleet.of(cluster("3x4xH100")).order(large).place();
        assertThat(plan.outcome()).isEqualTo(FleetPlan.Outcome.PLACED);
        assertThat(plan.devices()).isLessThanOrEqualTo(12);
    }

    /** Eight devices, of each of which another process holds a little more. */
    @Test
    void aMachineServesByItsDevicesThatAreNotBusy() {
        Accelerator card = CATALOG.accelerator("H100");
        List<Node> nodes = IntStream.range(0, 12)
                .mapToObj(number -> Node.of(IntStream.range(0, 8)
                        .mapToObj(device -> new Node.Devices(
                                card.withMemory(card.memory()
                                        .limitedTo(
                                                ByteSize.ofBytes((number == 0 && device % 2 == 0 ? 1L << 30 : 79L << 30)
                                                        - 1_000_000L * (8 * number + device)))),
                                1,
                                List.of()))
                        .toList()))
                .toList();
        Instant before = Instant.now();
        FleetPlan one = Fleet.of(new Inventory(nodes.subList(0, 1)))
                .order(order("llama-3.1-8b", 4))
                .place();
        assertThat(one.outcome()).isEqualTo(FleetPlan.Outcome.PLACED);
        FleetPlan all = Fleet.of(new Inventory(nodes))
                .order(order("llama-3.1-70b", 12))
                .order(order("llama-3.1-8b", 12))
                .place();
        assertThat(all.outcome()).isEqualTo(FleetPlan.Outcome.PLACED);
        assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(20));
    }

    @ParameterizedTest
    @CsvSource({"1x8xH100 + 1x8xA100-SXM4-80GB", "1x8xA100-SXM4-80GB + 1x8xH100"})
    void aReplicaTakesUnlikeMachinesAtLast(String machines) {
        Order reasoner = new Order("reasoner", 1, on -> Deployment.builder(CATALOG.model("deepseek-r1"), on));
        FleetPlan plan = Fleet.of(cluster(machines)).order(reasoner).place();
        assertThat(plan.outcome()).isEqualTo(FleetPlan.Outcome.PLACED);
        assertThat(plan.placed().get(0).places().stream()
                        .map(PlacedReplica.Place::kind)
                        .distinct())
                .hasSize(2);
    }

    @Test
    void theCheapestMachinesAreTakenWhereTheirPricesAreKnown() {
        PriceList prices = node -> Optional.of(
                BigDecimal.valueOf(node.devices().get(0).accelerator().name().contains("L40S") ? 350 : 8825, 2));
        FleetPlan plan =
                fleet("8xH100 + 8xL40S", "1 llama-3.1-70b").prices(prices).place();
        assertThat(plan.dollarsPerHour()).contains(new BigDecimal("3.50"));
        assertThat(plan.devices()).isEqualTo(5);
        PriceList some = node -> prices.dollarsPerHour(node).filter(price -> price.compareTo(BigDecimal.TEN) < 0);
        FleetPlan withoutPrices =
                fleet("8xH100 + 8xL40S", "1 llama-3.1-70b").prices(some).place();
        assertThat(withoutPrices.dollarsPerHour()).isEmpty();
        assertThat(withoutPrices.devices()).isEqualTo(3);
    }

    @Test
    void whatIsTooCloseToCallIsNotSaidToBeImpossible() {
        Order close = new Order(
                "close",
                1,
                on -> Deployment.builder(CATALOG.model("llama-3.1-8b"), on).workload(Workload.of(1, 48_000)));
        FleetPlan one = Fleet.of(cluster("RTX 3090")).order(close).place();
        assertThat(one.outcome()).isEqualTo(FleetPlan.Outcome.TOO_CLOSE_TO_CALL);
        assertThat(one.unplaced().get(0).reason()).contains("TOO CLOSE TO CALL");
        FleetPlan two = Fleet.of(cluster("RTX 3090"))
                .order(new Order("two", 2, close.question()))
                .place();
        assertThat(two.outcome()).isEqualTo(FleetPlan.Outcome.IMPOSSIBLE);
    }

    @Test
    void aSearchThatIsGivenUpProvesNothing() {
        FleetPlan none = fleet("8xH100", "2 llama-3.1-70b").mostTries(1).place();
        assertThat(none.outcome()).isEqualTo(FleetPlan.Outcome.NOT_FOUND);
        assertThat(none.isProven()).isFalse();
    }

    @Test
    void ranksThatAreAskedForAreTaken() {
        LayoutRequest sixteen =
                new LayoutRequest(OptionalInt.of(16), OptionalInt.empty(), OptionalInt.empty(), Optional.empty());
        Order wide = new Order(
                "wide",
                1,
                on -> Deployment.builder(CATALOG.model("llama-3.1-8b"), on)
                        .engine(Engines.vllm("0.19"))
                        .layout(sixteen));
        FleetPlan over = Fleet.of(cluster("3x8xH100")).order(wide).place();
        assertThat(over.devices()).isEqualTo(16);
        FleetPlan never = Fleet.of(cluster("8xH100")).order(wide).place();
        assertThat(never.outcome()).isEqualTo(FleetPlan.Outcome.IMPOSSIBLE);
        assertThat(never.unplaced().get(0).reason()).contains("takes 16 devices");
    }

    @Test
    void machinesOfAnInventoryKeepTheirNames() {
        Node node = Node.of(CATALOG.accelerator("H100"), 8);
        Inventory inventory = new Inventory(IntStream.of(7, 3)
                .mapToObj(number -> new Node("rack-" + number, node.devices(), node.network(), ByteSize.ZERO))
                .toList());
        FleetPlan plan = Fleet.of(inventory).order(order("llama-3.1-8b", 1)).place();
        assertThat(plan.machine(0, 0)).isEqualTo("rack-7");
        assertThat(plan.machine(0, 1)).isEqualTo("rack-3");
        assertThat(plan.machines().groups()).hasSize(1);
    }

    @Test
    void whatIsPlacedIsCheckedAgain() {
        Cluster machines = cluster("2xH100");
        PlacedReplica one = fleet("2xH100", "1 llama-3.1-8b").place().placed().get(0);
        assertThatThrownBy(() -> Placing.check(machines, List.of(one, one)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("taken before");
        PlacedReplica beyond =
                new PlacedReplica(one.order(), 1, List.of(new PlacedReplica.Place(0, 0, 2, 1)), one.deployment());
        assertThatThrownBy(() -> Placing.check(machines, List.of(beyond))).hasMessageContaining("is not there");
        Deployment tooLarge = Deployment.builder(
                        CATALOG.model("llama-3.1-70b"), Cluster.of(CATALOG.accelerator("H100"), 1))
                .build();
        PlacedReplica large = new PlacedReplica("large", 1, one.places(), tooLarge);
        assertThatThrownBy(() -> Placing.check(machines, List.of(large))).hasMessageContaining("does not fit");
        PlacedReplica wider =
                new PlacedReplica("wider", 1, List.of(new PlacedReplica.Place(0, 0, 0, 2)), one.deployment());
        assertThatThrownBy(() -> Placing.check(machines, List.of(wider))).hasMessageContaining("other devices");
        PlacedReplica elsewhere =
                new PlacedReplica("elsewhere", 1, List.of(new PlacedReplica.Place(0, 0, 0, 1)), one.deployment());
        assertThatThrownBy(() -> Placing.check(cluster("2xL40S"), List.of(elsewhere)))
                .hasMessageContaining("devices of another kind");
    }

    @Test
    void whatIsOrderedIsRefusedWhereItIsAbsurd() {
        Fleet fleet = Fleet.of(cluster("8xH100"));
        assertThatThrownBy(fleet::place).hasMessageContaining("no deployments to place");
        assertThatThrownBy(() -> order("llama-3.1-8b", 0))
                .hasMessageContaining("0 replicas of llama-3.1-8b; 1 to 1000");
        fleet.order(order("llama-3.1-8b", 900));
        assertThatThrownBy(() -> fleet.order(order("llama-3.1-8b", 1))).hasMessageContaining("two deployments named");
        assertThatThrownBy(() -> fleet.order(order("llama-3.1-70b", 101)))
                .hasMessageContaining("1001 replicas of all deployments");
        assertThatThrownBy(() -> fleet.mostTries(0)).hasMessageContaining("0 tries");
        Order beyond = new Order(
                "beyond",
                1,
                on -> Deployment.builder(CATALOG.model("llama-3.1-8b"), on).workload(Workload.of(1, 1 << 20)));
        assertThatThrownBy(() -> Fleet.of(cluster("8xH100")).order(beyond).place())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("deployment 'beyond': a context of 1048576 tokens is beyond");
    }
}
