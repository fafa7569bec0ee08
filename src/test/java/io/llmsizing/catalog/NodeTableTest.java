package io.llmsizing.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.llmsizing.document.MalformedFileException;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.Interconnect;
import io.llmsizing.hardware.NodeType;
import io.llmsizing.hardware.Price;
import io.llmsizing.units.Bandwidth;
import io.llmsizing.units.ByteSize;
import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeTableTest {
    private static final Accelerator H200 = Catalog.bundled().accelerator("H200");
    private static final String HEADER = String.join(",", NodeTable.COLUMNS);
    private static final String ROW =
            "my-box,My Box,mine;own,Maker,server,nvidia-h200-sxm5-141gb,8,NVLink 4,450000000000,"
                    + "16,EFA,400000000000,2199023255552,192,63.296,on demand,2026-07-20,available,a test,2026-11-23";

    @Test
    void aRowIsReadWithAllItsColumns() {
        NodeType type = read(HEADER + "\n" + ROW + "\n").get("my-box");
        assertThat(type.aliases()).containsExactly("mine", "own");
        assertThat(type.provider()).isEqualTo("Maker");
        assertThat(type.kind()).isEqualTo("server");
        assertThat(type.processors()).isEqualTo(192);
        assertThat(type.status()).isEqualTo("available");
        assertThat(type.source()).isEqualTo("a test");
        assertThat(type.retrieved()).isEqualTo("2026-11-23");
        assertThat(type.price()).contains(new Price(new BigDecimal("63.296"), "on demand", "2026-07-20"));
        assertThat(type.node().name()).isEqualTo("My Box");
        assertThat(type.node().deviceCount()).isEqualTo(8);
        assertThat(type.node().hostMemory()).isEqualTo(ByteSize.ofGibibytes(2_048));
        assertThat(type.node().network()).isEqualTo(new Interconnect("EFA", new Bandwidth(400_000_000_000L), 1));
        assertThat(type.node().devices().get(0).accelerator())
                .isEqualTo(H200.withLink(new Interconnect("NVLink 4", new Bandwidth(450_000_000_000L), 16)));
    }

    @Test
    void whatIsNotKnownStaysOpenAndTheLinkIsTheDevicesOwn() {
        NodeType type = read(HEADER
                        + "\nmy-box,My Box,,Maker,server,nvidia-h200-sxm5-141gb,1,,,,,,,,,,,available,a test,"
                        + "2026-11-23\n")
                .get("my-box");
        assertThat(type.aliases()).isEmpty();
        assertThat(type.price()).isEmpty();
        assertThat(type.processors()).isZero();
        assertThat(type.node().hostMemory()).isEqualTo(ByteSize.ZERO);
        assertThat(type.node().network()).isEqualTo(Interconnect.UNKNOWN);
        assertThat(type.node().devices().get(0).accelerator()).isEqualTo(H200);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            'my-box,'             | ','                    | column id                        | empty
            ',My Box,'            | ',,'                   | column name                      | empty
            ',Maker,'             | ',,'                   | column provider                  | empty
            ',server,'            | ',,'                   | column kind                      | empty
            '-h200-sxm5-141gb'    | '-h2000'               | column accelerator               | "nvidia-h2000" is no id
            'nvidia-h200-sxm5-141gb' | ''                  | column accelerator               | empty
            ',8,NVLink'           | ',0,NVLink'            | column count                     | "0"
            ',8,NVLink'           | ',1025,NVLink'         | column count                     | "1025"
            ',8,NVLink'           | ',eight,NVLink'        | column count                     | "eight"
            ',450000000000,'      | ',900 GB/s,'           | column link_bytes_per_second     | "900 GB/s"
            ',450000000000,'      | ',0,'                  | column link_bytes_per_second     | "0"
            ',16,EFA'             | ',0,EFA'               | column link_domain               | "0"
            ',16,EFA'             | ',,EFA'                | column link_domain               | 1 to
            ',400000000000,'      | ',-4,'                 | column network_bytes_per_second  | "-4"
            ',400000000000,'      | ',1000000000000001,'   | column network_bytes_per_second  | "1000000000000001"
            ',2199023255552,'     | ',2 TiB,'              | column host_memory_bytes         | "2 TiB"
            ',2199023255552,'     | ',1125899906842625,'   | column host_memory_bytes         | "1125899906842625"
            ',192,'               | ',1.5,'                | column vcpus                     | "1.5"
            ',192,'               | ',1048577,'            | column vcpus                     | "1048577"
            ',63.296,'            | ',$63,'                | column price_usd_per_hour        | "$63"
            ',63.296,'            | ',-1,'                 | column price_usd_per_hour        | "-1"
            ',63.296,'            | ',1e9,'                | column price_usd_per_hour        | "1e9"
            ',on demand,'         | ',,'                   | column price_basis               | empty
            ',2026-07-20,'        | ',last July,'          | column price_date                | "last July"
            ',2026-07-20,'        | ',,'                   | column price_date                | empty
            ',available,'         | ',,'                   | column status                    | empty
            ',a test,'            | ',,'                   | column source                    | empty
            '2026-11-23'          | '23.11.2026'           | column retrieved                 | "23.11.2026"
            '2026-11-23'          | ''                     | column retrieved                 | empty
            """)
    void aMalformedValueIsRefusedNamingFileLineColumnAndValue(String from, String to, String column, String value) {
        String good = ROW.replace("my-box", "good-box");
        String bad = ROW.replace(from, to);
        assertThat(bad).isNotEqualTo(ROW);
        MalformedFileException refused = refused(HEADER + "\n" + good + "\n" + bad + "\n");
        assertThat(refused)
                .hasMessageStartingWith("mine.csv: line 3, " + column)
                .hasMessageContaining(value);
        assertThat(refused.file()).isEqualTo("mine.csv");
    }

    @Test
    void anIdThatStandsTwiceIsRefused() {
        assertThat(refused(HEADER + "\n" + ROW + "\n" + ROW + "\n"))
                .hasMessage("mine.csv: line 3, column id: \"my-box\" stands twice");
    }

    @Test
    void anotherHeaderIsRefusedWithTheColumnsThatWereExpected() {
        assertThat(refused(HEADER.replace("vcpus", "cpus") + "\n" + ROW + "\n"))
                .hasMessageContaining("mine.csv: line 1")
                .hasMessageContaining("vcpus");
    }

    private static MalformedFileException refused(String table) {
        return catchThrowableOfType(MalformedFileException.class, () -> read(table));
    }

    private static Map<String, NodeType> read(String table) {
        return NodeTable.read(
                new ByteArrayInputStream(table.getBytes(StandardCharsets.UTF_8)), "mine.csv", Map.of(H200.id(), H200));
    }
}
