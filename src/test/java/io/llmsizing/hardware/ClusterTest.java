package io.llmsizing.hardware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.llmsizing.units.Bandwidth;
import io.llmsizing.units.ByteSize;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterTest {
    private static final DeviceMemory MEMORY =
            DeviceMemory.of("141 GB", ByteSize.parse("143771 MiB"), ByteSize.parse("139.8 GiB"), "torch on the card");
    private static final Accelerator H200 = accelerator(List.of("H200"), Set.of("fp8", "bf16"));

    private static final Accelerator RTX_3090 = card("NVIDIA GeForce RTX 3090", "24 GB", "NVLink 3");
    private static final Accelerator L40S = card("NVIDIA L40S", "48 GB", "PCIe 4");
    private static final Accelerator XTX = card("AMD Radeon RX 7900 XTX", "24 GB", "PCIe 4");
    private static final Node P5EN = new Node(
            "p5en.48xlarge",
            List.of(new Node.Devices(H200, 8, List.of())),
            new Interconnect("EFA", new Bandwidth(400_000_000_000L), 1),
            ByteSize.ofGibibytes(2_048));

    private static Accelerator accelerator(List<String> aliases, Set<String> formats) {
        return new Accelerator(
                "nvidia-h200-sxm5-141gb",
                "NVIDIA H200",
                aliases,
                List.of(),
                "NVIDIA",
                "Hopper",
                "datacenter",
                MEMORY,
                new ComputeRates(Map.of(), formats),
                new Interconnect("NVLink 4", new Bandwidth(450_000_000_000L), 8),
                Interconnect.UNKNOWN,
                new Product("released", "", "", 1, 0, "", ""),
                "vllm",
                "data sheet",
                "2026-01-01");
    }

    private static Accelerator card(String name, String sold, String link) {
        ByteSize driver = ByteSize.parse(sold.replace("GB", "GiB"));
        DeviceMemory memory = new DeviceMemory(
                sold, "GDDR6", false, Bandwidth.NONE, driver, driver, driver, driver, "no error correction");
        return new Accelerator(
                name.toLowerCase(Locale.ROOT).replace(' ', '-'),
                name,
                List.of(),
                List.of(),
                "a maker",
                "a generation",
                "consumer",
                memory,
                new ComputeRates(Map.of(), Set.of("fp16")),
                new Interconnect(link, new Bandwidth(56_000_000_000L), 2),
                new Interconnect("PCIe 4", new Bandwidth(32_000_000_000L), 1),
                new Product("released", "", "", 1, 0, "", ""),
                "vllm",
                "data sheet",
                "2026-01-01");
    }

    private static final HardwareNames NAMES = new HardwareNames() {
        private final Map<String, Accelerator> devices = Map.of(
                "h200", H200,
                "nvidia h200", H200,
                "rtx 3090", RTX_3090,
                "nvidia geforce rtx 3090", RTX_3090,
                "l40s", L40S,
                "nvidia l40s", L40S,
                "7900 xtx", XTX,
                "amd radeon rx 7900 xtx", XTX);

        @Override
        public Accelerator accelerator(String name) {
            Accelerator known = devices.get(name.toLowerCase(Locale.ROOT));
            if (known == null) {
                throw new IllegalArgumentException("unknown device '" + name + "'");
            }
            return known;
        }

        @Override
        public Optional<Node> node(String name) {
            return name.equalsIgnoreCase("p5en.48xlarge") ? Optional.of(P5EN) : Optional.empty();
        }
    };

    private static Cluster parse(String text) {
        return Cluster.parse(text, NAMES);
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
        assertThat(parse(text)).isEqualTo(Cluster.of(H200, devicesPerNode, nodes));
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
        Cluster cluster = Cluster.of(H200, devicesPerNode, nodes);
        assertThat(cluster).hasToString(printed);
        assertThat(parse(printed)).isEqualTo(cluster);
    }

    @ParameterizedTest
    @CsvSource({
        "0xH200, '''0xH200'': 0 devices in a node; 1 to'",
        "4xL40S + 0xH200, '''0xH200'': 0 devices in a node; 1 to'",
        "1025xH200, 1025 devices in a node; 1 to",
        "999999999xH200, 999999999 devices in a node; 1 to",
        "0x8xH200, 0 nodes; 1 to",
        "65537x8xH200, 65537 nodes; 1 to",
        "0x p5en.48xlarge, '''0x p5en.48xlarge'': 0 nodes; 1 to'",
        "0x[H200 & L40S], '''0x[H200 & L40S]'': 0 nodes; 1 to'",
        "2x0xH200, 0 devices in a node; 1 to",
        "99999999999xH200, a count of 99999999999; 1 to 1",
        "99999999999x, a count of 99999999999; 1 to 1",
        "99999999999x99999999999xH200, a count of 99999999999; 1 to 1"
    })
    void countsOutOfRangeAreNamed(String text, String said) {
        assertThatIllegalArgumentException().isThrownBy(() -> parse(text)).withMessageContaining(said);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-8xH200",
                "8x",
                "2x8x",
                "1x2x3xH200",
                "xH200",
                "8,H200",
                "8 A100",
                "A100",
                "1e3xH200",
                "8.5xH200"
            })
    void whatIsNeitherACountNorANameIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> parse(text)).withMessageContaining("unknown device");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            8 H200                        | '8 H200' is not a cluster; write 8x H200
            x8 H200                       | write 8x H200
            RTX 3090+L40S                 | write RTX 3090 + L40S
            4xL40S,2x8xH200               | write 4xL40S + 2x8xH200
            4xL40S; H200                  | write 4xL40S + H200
            L40S + 8 H200                 | '8 H200' is not a cluster; write 8x H200
            3x[RTX 3090 + L40S]           | joined by &: [RTX 3090 & L40S]
            """)
    void whatIsNearlyAClusterIsAnsweredWithIt(String text, String said) {
        assertThatIllegalArgumentException().isThrownBy(() -> parse(text)).withMessageContaining(said);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n", "8xH200\nA100", "8x\nH200\n8"})
    void whatCannotBeReadIsRefusedWithAnExample(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> parse(text)).withMessageContaining("write 8xH200");
    }

    @ParameterizedTest
    @ValueSource(strings = {"+", "H200 +", "+ H200", "H200 + + H200", "H200 & ", "[]", "2x[]"})
    void anEmptyPartIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse(text))
                .withMessageStartingWith("'" + text + "': nothing stands beside a + or &");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            [H200             | brackets stand in pairs
            H200]             | brackets stand in pairs
            2x[2x[H200]]      | brackets stand in pairs
            [H200] + L40S]    | brackets stand in pairs
            8xH200 ()         | parentheses with nothing in them
            L40S + H200 ( )   | parentheses with nothing in them
            """)
    void whatHoldsNothingTogetherIsRefusedWhole(String text, String said) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse(text))
                .withMessageStartingWith("'" + text + "': " + said);
    }

    @Test
    void aPlusWithinANameIsNoJoint() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse("Max+ 395"))
                .withMessageContaining("unknown device 'Max+ 395'");
        assertThat(parse("8xH200+4xL40S")).isEqualTo(parse("8xH200 + 4x L40S"));
    }

    @Test
    void nodesAreJoinedInTheOrderInWhichTheyAreWritten() {
        Cluster cluster = parse("4xL40S + 2x8xH200");
        assertThat(cluster.groups())
                .containsExactly(new Cluster.Group(Node.of(L40S, 4), 1), new Cluster.Group(Node.of(H200, 8), 2));
        assertThat(cluster.devices()).isEqualTo(20);
        assertThat(cluster.widestNode()).isEqualTo(8);
        assertThat(cluster.firstAccelerator()).isEqualTo(L40S);
        assertThat(cluster.runs()).containsExactly(new Cluster.Run(L40S, 0, 4), new Cluster.Run(H200, 4, 16));
    }

    @Test
    void devicesOfOneNodeMayDiffer() {
        Cluster cluster = parse("3x[RTX 3090 & 2xL40S]");
        Node node = Node.of(List.of(new Node.Devices(RTX_3090, 1, List.of()), new Node.Devices(L40S, 2, List.of())));
        assertThat(cluster.groups()).containsExactly(new Cluster.Group(node, 3));
        assertThat(cluster.devices()).isEqualTo(9);
        assertThat(cluster.runs()).extracting(Cluster.Run::first).containsExactly(0L, 1L, 3L, 4L, 6L, 7L);
        assertThat(parse("RTX 3090 & 2xL40S").groups()).containsExactly(new Cluster.Group(node, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse("2x8xH200 & L40S"))
                .withMessageContaining("join nodes by +");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse("p5en.48xlarge & L40S"))
                .withMessageContaining("join nodes by +");
    }

    @ParameterizedTest
    @ValueSource(strings = {"p5en.48xlarge x 4", "4x p5en.48xlarge", "4xp5en.48xlarge", "4 * p5en.48xlarge"})
    void aTypeOfMachineIsCountedByMachines(String text) {
        assertThat(parse(text).groups()).containsExactly(new Cluster.Group(P5EN, 4));
        assertThat(parse(text).devices()).isEqualTo(32);
        assertThat(parse(text)).hasToString("4x p5en.48xlarge");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2x8x p5en.48xlarge", "p5en.48xlarge (PCIe)"})
    void aTypeOfMachineTakesNoOtherCountsOrTerms(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> parse(text)).withMessageContaining("whole machine");
    }

    @Test
    void aNameMayLookLikeACount() {
        assertThat(parse("8x7900 XTX")).isEqualTo(Cluster.of(XTX, 8));
        assertThat(parse("2x8x7900 XTX")).isEqualTo(Cluster.of(XTX, 8, 2));
        assertThat(parse("7900 XTX x 2")).isEqualTo(Cluster.of(XTX, 2));
    }

    @Test
    void termsSayWhatIsSpecialAboutDevices() {
        assertThat(parse("RTX 3090 x 2 (PCIe)").firstAccelerator().link())
                .isEqualTo(new Interconnect("PCIe 4", new Bandwidth(32_000_000_000L), 1));
        assertThat(parse("2x RTX 3090 (NVLink)").firstAccelerator()).isEqualTo(RTX_3090);
        assertThat(usable("H200 (40 GiB)")).isEqualTo(ByteSize.ofGibibytes(40).bytes());
        assertThat(usable("RTX 3090 (50%)")).isEqualTo(ByteSize.ofGibibytes(12).bytes());
        assertThat(usable("RTX 3090 (50 %, PCIe)"))
                .isEqualTo(ByteSize.ofGibibytes(12).bytes());
        assertThat(usable("RTX 3090 (12.5%)")).isEqualTo(ByteSize.ofGibibytes(3).bytes());
        assertThat(usable("RTX 3090 (ECC on)"))
                .isEqualTo(ByteSize.parse("23040 MiB").bytes());
        assertThat(usable("RTX 3090 (ECC off)"))
                .isEqualTo(RTX_3090.memory().usable().bytes());
        assertThat(usable("RTX 3090 (ECC on, 50%)")).isEqualTo(11520L << 20);
        assertThat(usable("RTX 3090 (50%, ECC on)")).isEqualTo(11520L << 20);
        assertThat(usable("RTX 3090 (20 GiB, ECC on)"))
                .isEqualTo(ByteSize.ofGibibytes(20).bytes());
    }

    @Test
    void aDisplayTakesWhatDesktopsHaveBeenSeenToTake() {
        DeviceMemory all = RTX_3090.memory();
        DeviceMemory left = parse("RTX 3090 (display)").firstAccelerator().memory();
        assertThat(left.usable().bytes()).isEqualTo(all.usable().bytes() - (890L << 20));
        assertThat(left.usableHigh().bytes()).isEqualTo(all.usableHigh().bytes() - (424L << 20));
        assertThat(left.usableLow().bytes()).isEqualTo(all.usableLow().bytes() - 2_100_000_000L);
        assertThat(parse(parse("2x RTX 3090 (display)").toString())).isEqualTo(parse("2x RTX 3090 (display)"));
    }

    private static long usable(String text) {
        return parse(text).firstAccelerator().memory().usable().bytes();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            L40S (NVLink)   | has no NVLink, but PCIe 4
            H200 (ECC on)   | takes no room for error correction
            H200 (fast)     | write PCIe, NVLink, display, ECC on
            H200 (40G)      | GiB (2^30 bytes) or GB
            H200 ()         | parentheses with nothing in them
            H200 (0%)       | (0%), of NVIDIA H200: a share of
            H200 (101%)     | (101%), of NVIDIA H200: a share of
            RTX 3090 (0.000000001%, PCIe) | leaves nothing of
            H200 (0 B)      | (0 B), of NVIDIA H200: 0 B usable of a device; 1 B to 16 TiB allowed; write what is usable of each, such as 139.8 GiB or 50%
            H200 (17 TiB)   | 1 B to 16 TiB allowed
            RTX 3090 (ECC on, ECC off) | (ECC on, ECC off): both say whether errors are corrected
            RTX 3090 (ECC on, ecc on) | both say whether errors are corrected
            RTX 3090 (PCIe, NVLink) | both say how devices reach each other
            RTX 3090 (50%, 20 GiB)  | (50%, 20 GiB): both say what is left
            RTX 3090 (20 GiB, 50%)  | both say what is left
            RTX 3090 (20 GiB, 21 GiB) | both say what is left
            RTX 3090 (display, display) | both say what is left
            RTX 3090 (24 GB, 24 GiB) | which is said once; write in bytes
            """)
    void aTermThatDoesNotHoldIsRefused(String text, String said) {
        assertThatIllegalArgumentException().isThrownBy(() -> parse(text)).withMessageContaining(said);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "4xL40S + 2x8xH200 + H200",
                "2x RTX 3090 (PCIe) & L40S (40 GiB)",
                "3x[RTX 3090 & 2xL40S (50%)] + p5en.48xlarge",
                "5x[7900 XTX]",
                "8x7900 XTX + 4x1xL40S (ECC on, 40 GiB)"
            })
    void everyPrintedClusterReadsBack(String text) {
        Cluster cluster = parse(text);
        assertThat(parse(cluster.toString())).isEqualTo(cluster);
    }

    @Test
    void aDevicesOwnReadingReplacesWhatIsKnownOfIt() {
        Cluster cluster = parse("2x RTX 3090 (PCIe) + 2xL40S").withUsable(ByteSize.ofGibibytes(20));
        assertThat(cluster.runs())
                .allSatisfy(
                        run -> assertThat(run.accelerator().memory().usable()).isEqualTo(ByteSize.ofGibibytes(20)));
        assertThat(parse(cluster.toString())).isEqualTo(cluster);
        assertThat(cluster)
                .hasToString("2x NVIDIA GeForce RTX 3090 (PCIe, 21474836480 B) + 2x NVIDIA L40S (21474836480 B)");
    }

    /** The same size is taken alike wherever it is said, and a later one takes the place of an earlier one. */
    @ParameterizedTest
    @CsvSource({"24 GB", "24 GiB", "20 GiB", "30 GiB"})
    void aReadingIsPrintedSoThatItReadsBack(String size) {
        Cluster cluster = parse("2x RTX 3090 (display)").withUsable(ByteSize.parse(size));
        assertThat(cluster.firstAccelerator().memory().usable()).isEqualTo(ByteSize.parse(size));
        assertThat(parse(cluster.toString())).isEqualTo(cluster);
    }

    @Test
    void moreThanTheDriverReportsIsSaidWhereverItIsGiven() {
        String said = "200.0 GiB of each NVIDIA H200 are taken as given; its driver reports 140.4 GiB";
        assertThat(parse("H200 (200 GiB)").choices()).containsExactly(said);
        assertThat(parse("H200 + 2xH200").withUsable(ByteSize.ofGibibytes(200)).choices())
                .containsExactly(said);
        assertThat(parse("H200").withUsable(ByteSize.ofGibibytes(140)).choices())
                .isEmpty();
        assertThat(parse("RTX 3090 (ECC off)").choices()).isEmpty();
    }

    @Test
    void oneNodeIsTheUsualCluster() {
        assertThat(Cluster.of(H200, 8)).isEqualTo(Cluster.of(H200, 8, 1));
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
        assertThat(device.compute().nativeFormats()).containsExactly("fp8");
    }
}
