package io.llmsizing.inventory;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.units.SizeUnits;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is printed of a device's memory is what counts, in every form; MiB. An L40S has 46,068 of which 613 are kept. */
class PrintedMemoryTest {
    private static final long NOTHING = 0;

    private static void holds(InventoryReading reading, String id, long usable, String found) {
        String problems =
                reading.findings().stream().map(InventoryFinding::problem).collect(joining("\n"));
        assertThat(problems).contains(found == null ? "" : found);
        if (found == null) {
            assertThat(problems).isEmpty();
        }
        if (usable == NOTHING) {
            assertThat(reading.inventory().nodes()).isEmpty();
            return;
        }
        Accelerator card = reading.inventory().cluster().firstAccelerator();
        assertThat(card.id()).isEqualTo(id);
        assertThat(card.memory().usable().bytes() / SizeUnits.MIB.bytes()).isEqualTo(usable);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            name, memory.used [MiB], memory.total [MiB]  | NVIDIA L40S, 20000 MiB, 46068 MiB         | l40s  | 25455 | other programs hold 20,000.0 MiB
            name, memory.used [MiB], memory.total [MiB]  | NVIDIA L40S, 0 MiB, 46068 MiB             | l40s  | 45455 | -
            name, memory.used [MiB]                      | NVIDIA L40S, 20000 MiB                    | l40s  | 25455 | other programs hold
            name, memory.used [MiB], memory.total [MiB]  | NVIDIA L40S, 46068 MiB, 46068 MiB         | -     | 0     | no memory is free
            name, memory.used [MiB], memory.total [MiB]  | NVIDIA L40S, 46069 MiB, 46068 MiB         | -     | 0     | 46,069.0 MiB used of a total of
            name, memory.total [MiB], memory.free [MiB], memory.used [MiB] | NVIDIA L40S, 46068, [N/A], 20000 | l40s | 25455 | other programs hold
            name, memory.total [MiB], memory.reserved [MiB] | NVIDIA L40S, 46068 MiB, 613 MiB        | l40s  | 45455 | -
            name, memory.total [MiB], memory.reserved [MiB] | NVIDIA L40S, 46068 MiB, 2000 MiB       | l40s  | 44068 | the driver keeps 2,000.0 MiB; 44,068.0 MiB are usable
            name, memory.total [MiB], memory.reserved [MiB], memory.used [MiB] | NVIDIA L40S, 46068, 700, 1000 | l40s | 44368 | other programs hold 1,000.0 MiB
            name, memory.total [MiB], memory.reserved [MiB] | NVIDIA L40S, 46068 MiB, 46068 MiB      | -     | 0     | reserved of a total
            name, ecc.mode.current                       | NVIDIA L40S, Disabled                     | l40s  | 48526 | error correction of NVIDIA L40S is off
            name, ecc.mode.current                       | NVIDIA L40S, Enabled                      | l40s  | 45455 | -
            name, ecc.mode.current                       | NVIDIA RTX A6000, Enabled                 | a6000 | 45609 | error correction of NVIDIA RTX A6000 is on
            name, ecc.mode.current                       | NVIDIA RTX A6000, [N/A]                   | a6000 | 48681 | -
            name, ecc.mode.current                       | NVIDIA H200, Enabled                      | h200  | 143156 | -
            name, ecc.mode.current, memory.total [MiB]   | NVIDIA L40S, Enabled, 49140               | l40s  | 48527 | a total of 49,140.0 MiB is printed
            Name, Memory.Total [MiB]                     | NVIDIA L40S, 46068                        | l40s  | 45455 | -
            name, memory.total                           | NVIDIA L40S, 46068                        | l40s  | 45455 | -
            name, memory.total [MiB]                     | NVIDIA GeForce RTX 3090, 49152            | 3090-48 | 48552 | 'NVIDIA GeForce RTX 3090' with 49,152.0 MiB is taken as NVIDIA GeForce RTX 3090 48GB (modified)
            name, memory.total [MiB]                     | NVIDIA GeForce RTX 3090, 23040            | 3090  | 22610 | a total of 23,040.0 MiB is printed
            """)
    void aTableOfNvidiaSmi(String header, String line, String id, long usable, String found) {
        holds(Samples.text(header + "\n" + line + "\n"), id, usable, found);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            <fb_memory_usage><total>46068 MiB</total><used>20000 MiB</used></fb_memory_usage>        | 25455 | other programs hold 20,000.0 MiB
            <fb_memory_usage><total>46068 MiB</total><reserved>2000 MiB</reserved></fb_memory_usage> | 44068 | the driver keeps 2,000.0 MiB
            <ecc_mode><current_ecc>Disabled</current_ecc></ecc_mode>                                 | 48526 | error correction of NVIDIA L40S is off
            <ecc_mode><current_ecc>Enabled</current_ecc></ecc_mode>                                  | 45455 | -
            """)
    void anXmlOfNvidiaSmi(String elements, long usable, String found) {
        String log =
                "<nvidia_smi_log><gpu><product_name>NVIDIA L40S</product_name>" + elements + "</gpu></nvidia_smi_log>";
        holds(Samples.text(log), "l40s", usable, found);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            {"card0": {"Card Series": "AMD Instinct MI300X", "Compute Partition": "CPX"}}                     | 0      | compute partition CPX: a part of a device
            {"card0": {"Card Series": "AMD Instinct MI300X", "Compute Partition": "SPX"}}                     | 196291 | -
            {"card0": {"Card Series": "AMD Instinct MI300X", "Compute Partition": "N/A"}}                     | 196291 | -
            {"gpu_data": [{"asic": {"market_name": "AMD Instinct MI300X"}, "partition": {"compute_partition": "DPX"}}]}     | 0 | compute partition DPX
            {"gpu_data": [{"asic": {"market_name": "AMD Instinct MI300X"}, "partition": {"accelerator_partition": "CPX"}}]} | 0 | compute partition CPX
            {"gpu_data": [{"asic": {"market_name": "AMD Instinct MI300X"}, "partition": {"compute_partition": "SPX"}}]}     | 196291 | -
            """)
    void partsOfAmdDevices(String json, long usable, String found) {
        holds(Samples.text(json), "mi300x", usable, found);
    }

    @ParameterizedTest
    @CsvSource({
        "'NVIDIA GeForce RTX 4090, 49140 MiB', nvidia-rtx-4090-48gb",
        "'NVIDIA GeForce RTX 2080 Ti, 22528 MiB', nvidia-rtx-2080-ti-22gb",
        "'NVIDIA GeForce RTX 4090, 24564 MiB', nvidia-rtx-4090"
    })
    void theCatalogueHasProductsOfOneNameAndUnlikeSizes(String line, String id) {
        byte[] table = ("name, memory.total [MiB]\n" + line + "\n").getBytes(StandardCharsets.UTF_8);
        InventoryReading reading = InventoryReader.read(new ByteArrayInputStream(table), "some.csv", Catalog.bundled());
        assertThat(reading.inventory().cluster().firstAccelerator().id()).isEqualTo(id);
    }

    /** Profiles are named by more than they have: 4,864 MiB are 1g.5gb, 9,984 are 1g.10gb. */
    @ParameterizedTest
    @CsvSource({"NVIDIA A100-SXM4-40GB, 4864, 1g.5gb", "NVIDIA H100 80GB HBM3, 9984, 1g.10gb"})
    void aPartIsToldByItsMemory(String card, long mebibytes, String profile) {
        String log = """
                <nvidia_smi_log><gpu><product_name>%s</product_name><mig_mode><current_mig>Enabled</current_mig></mig_mode>
                <mig_devices><mig_device><gpu_instance_id>7</gpu_instance_id><compute_instance_id>0</compute_instance_id>
                <fb_memory_usage><total>%d MiB</total></fb_memory_usage></mig_device></mig_devices></gpu></nvidia_smi_log>
                """.formatted(card, mebibytes);
        assertThat(Samples.text(log).inventory().cluster().toString()).endsWith(" MIG " + profile);
    }
}
