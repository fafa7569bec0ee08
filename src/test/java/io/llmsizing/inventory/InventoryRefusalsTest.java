package io.llmsizing.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmsizing.document.MalformedFileException;
import io.llmsizing.hardware.Node;
import io.llmsizing.units.ByteSize;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong is said with its place; what is right beside it is read. */
class InventoryRefusalsTest {
    private static final String OWN = "node,accelerator,count,nodes,memory_total,memory_free,host_memory\n";
    private static final String SMI = "index, name, memory.total [MiB], memory.free [MiB]\n";

    private static String problems(InventoryReading reading) {
        return String.join(
                "\n",
                reading.findings().stream().map(InventoryFinding::toString).toList());
    }

    private static Node.Devices only(InventoryReading reading) {
        assertThat(reading.inventory().nodes()).hasSize(1);
        assertThat(reading.inventory().nodes().get(0).devices()).hasSize(1);
        return reading.inventory().nodes().get(0).devices().get(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  \n",
                "hello",
                "{}",
                "{\"a\": 1}",
                "<html></html>",
                "No devices were found\n",
                "\0\0\0",
                "memory.total [MiB], memory.free [MiB]\n81559 MiB, 81079 MiB\n",
                "node,accelerator,colour\n"
            })
    void whatIsNoInventoryIsRefusedWithAWayOut(String text) {
        assertThatThrownBy(() -> Samples.text(text))
                .isInstanceOf(MalformedFileException.class)
                .hasMessageStartingWith("some.txt: ")
                .hasMessageMatching("(?s).*(known|write nvidia-smi|write the cluster).*");
    }

    @Test
    void aFolderIsRefusedAsSuch(@TempDir Path folder) {
        assertThatThrownBy(() -> InventoryReader.read(folder, Samples.NAMES))
                .isInstanceOf(MalformedFileException.class)
                .hasMessage(folder + ": file: a folder; give a file in it");
    }

    @Test
    void aTotalOfNothingIsLeftOutInOneSentence() {
        assertThat(problems(Samples.text("accelerator,memory_total\nL40S,0 MiB\n")))
                .isEqualTo("some.txt: line 2: NVIDIA L40S: a total of 0 B is printed; left out");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> InventoryReader.read(Path.of("no", "such.csv"), Samples.NAMES))
                .isInstanceOf(MalformedFileException.class)
                .hasMessage(Path.of("no", "such.csv") + ": file: is not there");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a,H100-SXM,0,1,,,          | line 3, column count",
                "a,H100-SXM,1000000000,1,,, | line 3, column count",
                "a,H100-SXM,8,0,,,          | line 3, column nodes",
                "a,H100-SXM,8,1,80G,,       | line 3, column memory_total",
                "a,H100-SXM,8,1,,80,        | line 3, column memory_free",
                "a,H100-SXM,8,1,,,2T        | line 3, column host_memory",
                "a,,8,1,,,                  | line 3, column accelerator",
                "a,H100-SXM,8,1             | line 3",
                "a,Z900,8,1,,,              | line 3",
                "a,A100,8,1,,,              | line 3",
                "a,H100-SXM,8,1,,0 B,       | line 3",
                "a,H100-SXM,8,1,80 GiB,81 GiB, | line 3"
            })
    void aWrongRowIsAFindingAndItsNeighboursAreRead(String row, String place) {
        InventoryReading reading = Samples.text(OWN + "b,L40S,2,1,,,\n" + row + "\nc,H200,8,1,,,\n");
        assertThat(reading.inventory().devices()).isEqualTo(10);
        assertThat(reading.findings()).anyMatch(finding -> finding.place().equals(place));
    }

    @ParameterizedTest
    @CsvSource({"40960 MiB, a100-40", "81920 MiB, a100-80", "81500 MiB, "})
    void printedMemoryDecidesAnAmbiguousNameOrNothingDoes(String total, String id) {
        InventoryReading reading = Samples.text(SMI + "0, NVIDIA A100, " + total + ", [N/A]\n");
        if (id == null) {
            assertThat(reading.inventory().nodes()).isEmpty();
            assertThat(problems(reading)).contains("line 2: not one but 2 accelerators 'NVIDIA A100'");
        } else {
            assertThat(only(reading).accelerator()).isEqualTo(Samples.NAMES.card(id));
        }
    }

    @Test
    void aTotalThatTheCatalogueDoesNotHaveIsTakenLessWhatIsKept() {
        InventoryReading reading = Samples.text(SMI + "0, NVIDIA L40S, 49140 MiB, [N/A]\n");
        assertThat(only(reading).accelerator().memory().driver()).isEqualTo(ByteSize.parse("49140 MiB"));
        assertThat(only(reading).accelerator().memory().usable()).isEqualTo(ByteSize.parse("48527 MiB"));
        assertThat(problems(reading))
                .contains("line 2: a total of 49,140.0 MiB")
                .contains("46,068.0 MiB for NVIDIA L40S");
    }

    @Test
    void aDriftOfTheTotalOfLessThanThreeThousandthsSaysNothing() {
        InventoryReading reading = Samples.text(SMI + "0, NVIDIA L40S, 46100 MiB, [N/A]\n");
        assertThat(only(reading).accelerator()).isEqualTo(Samples.NAMES.card("l40s"));
        assertThat(reading.findings()).isEmpty();
    }

    @Test
    void whatOthersHoldIsLeftToThem() {
        InventoryReading reading = Samples.text(SMI + "0, NVIDIA L40S, 46068 MiB, 1024 MiB\n");
        assertThat(only(reading).accelerator().memory().usable()).isEqualTo(ByteSize.ofGibibytes(1));
        assertThat(problems(reading)).contains("other programs hold 44,431.0 MiB");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1, NVIDIA L40S, 81x MiB, 1024 MiB",
                "1, NVIDIA L40S, 46068 MiB",
                "1, NVIDIA L40S, 46068 MiB, 0 MiB",
                "1, NVIDIA L40S, 46068 MiB, 46069 MiB",
                "1, NVIDIA Z900, 46068 MiB, 1024 MiB",
                "1, NVIDIA L40S, 99999999999999999999 TiB, 5 MiB",
                "1, NVIDIA L40S, 1 MiB, 1 MiB"
            })
    void aWrongLineOfNvidiaSmiIsAFindingAndItsNeighboursAreRead(String line) {
        InventoryReading reading = Samples.text(
                SMI + "0, NVIDIA H200, 143771 MiB, 143771 MiB\n" + line + "\n2, NVIDIA H200, 143771, [N/A]\n");
        assertThat(only(reading).count()).isEqualTo(2);
        assertThat(problems(reading)).contains("line 3");
    }

    @Test
    void withoutAHeaderANumberThatIsNotTheTotalIsRefused() {
        InventoryReading reading = Samples.text("NVIDIA L40S, 46068\nNVIDIA L40S, 12113\nNVIDIA L40S, 49140 MiB\n");
        assertThat(reading.inventory().devices()).isEqualTo(2);
        assertThat(problems(reading)).contains("line 2: '12113' is not the total memory of NVIDIA L40S");
    }

    @Test
    void aTextAsPowerShellRedirectsItIsRead() {
        byte[] bytes = ("\uFEFF" + SMI + "0, NVIDIA L40S, 46068 MiB, [N/A]\r\n")
                .getBytes(java.nio.charset.StandardCharsets.UTF_16LE);
        InventoryReading reading =
                InventoryReader.read(new java.io.ByteArrayInputStream(bytes), "some.txt", Samples.NAMES);
        assertThat(reading.inventory().devices()).isEqualTo(1);
    }

    @Test
    void aListThatBreaksOffGivesWhatStandsBefore() {
        String list = Samples.textOf("kubernetes-nodes.json");
        InventoryReading reading = Samples.text(list.substring(0, list.indexOf("a100-mig-mixed")));
        assertThat(reading.inventory().nodes()).extracting(Node::name).containsExactly("h100-01", "h100-02-one-broken");
        assertThat(problems(reading)).containsPattern("line \\d+, column \\d+: .*nothing behind it was read");
    }

    @Test
    void anXmlThatBreaksOffGivesWhatStandsBefore() {
        String log = Samples.textOf("nvidia-smi-q.xml");
        InventoryReading reading = Samples.text(log.substring(0, log.lastIndexOf("<gpu id=")));
        assertThat(reading.inventory().devices()).isEqualTo(1);
        assertThat(problems(reading)).contains("nothing behind it was read");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gpu:h100:0                       | 0 | 0 devices",
                "gpu:h100:1000000000              | 0 | 1000000000 devices",
                "gpu:h100:x                       | 0 | expected gpu:TYPE:COUNT",
                "gpu:2(S:0,1),gpu:h100:3(S:0-1)   | 3 | Gres does not say of what type",
                "gpu:h100:4(IDX:0,2-4)            | 4 | ",
                "gpu:h100_1g.10gb:7               | 7 | "
            })
    void gresIsReadAsWrittenOrNamed(String gres, int devices, String problem) {
        InventoryReading reading =
                Samples.text("NodeName=n1 Gres=" + gres + " State=IDLE RealMemory=1000 AllocTRES=\n");
        assertThat(reading.inventory().devices()).isEqualTo(devices);
        assertThat(problems(reading)).contains(problem == null ? "" : problem);
        if (problem == null) {
            assertThat(reading.findings()).isEmpty();
        }
    }

    @Test
    void whatPeopleWriteIntoAReasonIsNoState() {
        InventoryReading reading =
                Samples.text("NodeName=n1 Gres=gpu:h100:4 State=DOWN RealMemory=1000 Reason=was State=IDLE\n");
        assertThat(reading.inventory().nodes()).isEmpty();
    }

    @Test
    void usedDevicesOfAnUnsaidTypeTakeTheNodeAlong() {
        InventoryReading reading = Samples.text(
                "NodeName=n1 Gres=gpu:h100:4,gpu:l40s:4 State=MIXED RealMemory=1000 AllocTRES=gres/gpu=2\n");
        assertThat(reading.inventory().nodes()).isEmpty();
        assertThat(problems(reading)).contains("line 1, n1: jobs hold GPUs of which the type is not said");
    }

    @Test
    void findingsAreBounded() {
        StringBuilder table = new StringBuilder(OWN);
        for (int i = 0; i < 5_000; i++) {
            table.append("a,no card ").append(i).append(",1,1,,,\n");
        }
        List<InventoryFinding> findings = Samples.text(table.toString()).findings();
        assertThat(findings).hasSize(1_001);
        assertThat(findings.get(1_000).problem()).isEqualTo("4000 further problems are not listed");
    }

    /** A fleet of which each machine has other memory free is no flood of lines. */
    @Test
    void sizesThatDifferFromMachineToMachineAreOneFinding() {
        StringBuilder table = new StringBuilder(OWN);
        for (int i = 0; i < 300; i++) {
            table.append("m" + i + ",L40S,8,1,,").append(30_000 - i).append(" MiB,\n");
        }
        table.append("n,L40S,1,1,49140 MiB,,\no,L40S,1,1,50000 MiB,,\np,H200,1,1,,70000 MiB,\n");
        InventoryReading reading = Samples.text(table.toString());
        assertThat(reading.inventory().cluster().groups()).hasSize(303);
        assertThat(problems(reading).lines())
                .containsExactly(
                        "some.txt: line 2, line 3, line 4 and 297 more: other programs hold 15,455.0 MiB to 15,754.0 MiB"
                                + " of the 45,455.0 MiB of NVIDIA L40S; 29,701.0 MiB to 30,000.0 MiB are counted",
                        "some.txt: line 302, line 303: a total of 49,140.0 MiB to 50,000.0 MiB is printed, the catalogue"
                                + " has 46,068.0 MiB for NVIDIA L40S; the printed one is taken",
                        "some.txt: line 304: other programs hold 73,156.0 MiB of the 143,156.0 MiB of NVIDIA H200 SXM5;"
                                + " 70,000.0 MiB are counted");
    }

    @Test
    void moreMachinesThanAnInventoryHoldsAreLeftOut() {
        InventoryReading reading = Samples.text(OWN + "a,L40S,1,65536,,,\nb,L40S,1,2,,,\n");
        assertThat(reading.inventory().nodes()).hasSize(65_536);
        assertThat(problems(reading)).contains("line 3: more than 65,536 machines");
    }

    @Test
    void rowsOfOneNodeAreUnlikeDevicesOfOneMachine() {
        InventoryReading reading = Samples.text(OWN + "a,L40S,1,1,,,\na,RTX 3090,2,1,,,\n");
        assertThat(reading.inventory().nodes()).hasSize(1);
        assertThat(reading.inventory().nodes().get(0)).hasToString("1x NVIDIA L40S & 2x NVIDIA GeForce RTX 3090");
    }

    @Test
    void anXmlOfManyEntitiesIsRefusedAtOnce() {
        StringBuilder laughs =
                new StringBuilder("<?xml version=\"1.0\"?><!DOCTYPE nvidia_smi_log [<!ENTITY a0 \"ha\">");
        for (int i = 1; i < 20; i++) {
            laughs.append("<!ENTITY a")
                    .append(i)
                    .append(" \"")
                    .append(("&a" + (i - 1) + ";").repeat(10))
                    .append("\">");
        }
        laughs.append("]><nvidia_smi_log><gpu><product_name>&a19;</product_name></gpu></nvidia_smi_log>");
        assertThatThrownBy(() -> Samples.text(laughs.toString())).isInstanceOf(MalformedFileException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "No devices were found                               | nvidia-smi says 'No devices were found'; run it where",
                "NVIDIA-SMI has failed because it could not communicate | nvidia-smi says 'NVIDIA-SMI has failed because",
                "{\"items\": [                                       | the text ends before its JSON does",
                "{\"items\": /* none */ []}                          | not JSON from here on",
                "{\"card0\": {                                       | the text ends before its JSON does",
                "<nvidia_smi_log><gpu>&e;</gpu></nvidia_smi_log>     | an entity of its own; none is allowed",
                "<nvidia_smi_log><gpu></nvidia_smi_log>              | not XML from here on, or cut off"
            })
    void whatIsWrongIsSaidInOurOwnWords(String text, String said) {
        assertThatThrownBy(() -> Samples.text(text))
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining(said)
                .message()
                .doesNotContainPattern("Feature|Source:|REDACTED|ALLOW_|Message:|Unexpected");
    }

    @ParameterizedTest
    @CsvSource({"7, 1, 1, 0", "7, 2, 0, 0", "7, 1, 0, 1", "1, 7, 0, 7", "3, 2, 0, 2", "3, 2, 1, 0"})
    void partsOfMoreMemoryThanTheirDeviceAreLeftOut(int slices, int count, int small, int devices) {
        String profile = Map.of(7, "7g.80gb", 3, "3g.40gb", 1, "1g.10gb").get(slices);
        String list = "GPU 0: NVIDIA A100-SXM4-80GB (UUID: GPU-0)\n"
                + "  MIG %s Device 0: (UUID: MIG-0)\n".formatted(profile).repeat(count)
                + "  MIG 1g.10gb Device 9: (UUID: MIG-1)\n".repeat(small);
        InventoryReading reading = Samples.text(list);
        assertThat(reading.inventory().devices()).isEqualTo(devices);
        assertThat(problems(reading)).contains(devices == 0 ? "have more memory than it has itself; left out" : "");
    }

    @ParameterizedTest
    @CsvSource({"2, 2", "3, 0"})
    void anXmlOfPartsOfMoreMemoryThanTheirDeviceIsLeftOut(int parts, int devices) {
        StringBuilder log = new StringBuilder("<nvidia_smi_log><gpu><product_name>NVIDIA A100-SXM4-80GB</product_name>"
                + "<fb_memory_usage><total>81920 MiB</total></fb_memory_usage><mig_devices>");
        for (int i = 0; i < parts; i++) {
            log.append("<mig_device><gpu_instance_id>").append(i);
            log.append("</gpu_instance_id><fb_memory_usage><total>40192 MiB</total></fb_memory_usage></mig_device>");
        }
        InventoryReading reading =
                Samples.text(log.append("</mig_devices></gpu></nvidia_smi_log>").toString());
        assertThat(reading.inventory().devices()).isEqualTo(devices);
        assertThat(problems(reading)).contains(devices == 0 ? "have more memory than it has itself; left out" : "");
    }
}
