package io.llmsizing.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.llmsizing.document.MalformedFileException;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.Product;
import io.llmsizing.units.Bandwidth;
import io.llmsizing.units.FlopRate;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcceleratorTableTest {
    private static final String HEADER = String.join(",", AcceleratorTable.COLUMNS);
    private static final String ROW =
            "my-card,My Card,mine;own,MAKER CARD,Maker,Arch,desktop,released,1,24 GB,GDDR6,false,25769803776,25318916096,"
                    + "25300000000,25400000000,observed,936000000000,fp32 bf16,fp32 35.6;bf16 71.25,PCIe 4,32000000000,1,"
                    + "PCIe 4,,350,PCIe x16,sm_86,2020-09,,vllm,a test,2026-11-23";

    @Test
    void aRowIsReadWithAllItsColumns() {
        Accelerator card = read(HEADER + "\n" + ROW + "\n").get("my-card");
        assertThat(card.name()).isEqualTo("My Card");
        assertThat(card.aliases()).containsExactly("mine", "own");
        assertThat(card.memory().marketing()).isEqualTo("24 GB");
        assertThat(card.memory().usable().bytes()).isEqualTo(25_318_916_096L);
        assertThat(card.compute().nativeFormats()).containsExactly("fp32", "bf16");
        assertThat(card.compute().dense())
                .containsExactly(
                        Map.entry("fp32", new FlopRate(35_600_000_000_000L)),
                        Map.entry("bf16", new FlopRate(71_250_000_000_000L)));
        assertThat(card.driverNames()).containsExactly("MAKER CARD");
        assertThat(card.memory().usableLow().bytes()).isEqualTo(25_300_000_000L);
        assertThat(card.memory().usableHigh().bytes()).isEqualTo(25_400_000_000L);
        assertThat(card.memory().kind()).isEqualTo("GDDR6");
        assertThat(card.memory().unified()).isFalse();
        assertThat(card.memory().bandwidth()).isEqualTo(new Bandwidth(936_000_000_000L));
        assertThat(card.host().perDirection()).isEqualTo(Bandwidth.NONE);
        assertThat(card.product()).isEqualTo(new Product("released", "2020-09", "PCIe x16", 1, 350, "sm_86", ""));
        assertThat(card.link().domain()).isEqualTo(1);
        assertThat(card.retrieved()).isEqualTo("2026-11-23");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ',25318916096,'    | ',25769803777,'  | column memory_usable_bytes | 25769803777
            ',25300000000,'    | ',25318916097,'  | column memory_usable_bytes | 25318916097
            ',25400000000,'    | ',25318916095,'  | column memory_usable_bytes | 25318916095
            ',25400000000,'    | ',25769803777,'  | column memory_usable_bytes | 25769803777
            ',false,'          | ',maybe,'        | column memory_unified | "maybe"
            ';bf16 71.25,'     | ';bf16,'         | column dense_rates | "bf16"
            ';bf16 71.25,'     | ';bf16 fast,'    | column dense_rates | 'fast'
            ';bf16 71.25,'     | ';fp32 1,'       | column dense_rates | twice
            ',350,'            | ',0,'            | column power_watts | "0"
            ',released,1,'     | ',released,0,'   | column devices_per_product | "0"
            ',25318916096,'    | ',0,'            | column memory_usable_bytes | "0"
            ',25318916096,'    | ',23.58 GiB,'    | column memory_usable_bytes | "23.58 GiB"
            ',25769803776,'    | ',-1,'           | column memory_driver_bytes | "-1"
            ',25769803776,'    | ',99999999999999999999,' | column memory_driver_bytes | "99999999999999999999"
            ',24 GB,'          | ',24G,'          | column memory_marketing    | 'G'
            ',24 GB,'          | ',80G,'          | column memory_marketing    | GiB (2^30 bytes) or GB
            ',24 GB,'          | ',much,'         | column memory_marketing    | 'much'
            ',24 GB,'          | ',,'             | column memory_marketing    | empty
            'fp32 bf16'        | 'fp32 bf17'      | column native_formats      | "bf17"
            'fp32 bf16'        | ''               | column native_formats      | empty
            '2026-11-23'       | '23.11.2026'     | column retrieved           | "23.11.2026"
            '2026-11-23'       | ''               | column retrieved           | empty
            ',936000000000,'   | ',fast,'         | column bandwidth_bytes_per_second | "fast"
            ',936000000000,'   | ',1000000000000001,' | column bandwidth_bytes_per_second | 1,000,000,000,000,000
            ',32000000000,1,'  | ',32000000000,0,' | column link_domain        | "0"
            ',vllm,'           | ',,'             | column engine              | empty
            'my-card,'         | ','              | column id                  | empty
            """)
    void aMalformedValueIsRefusedNamingFileLineColumnAndValue(String from, String to, String column, String value) {
        String good = ROW.replace("my-card", "good-card");
        MalformedFileException refused = refused(HEADER + "\n" + good + "\n" + ROW.replace(from, to) + "\n");
        assertThat(refused)
                .hasMessageStartingWith("mine.csv: line 3, " + column)
                .hasMessageContaining(value);
        assertThat(refused.file()).isEqualTo("mine.csv");
    }

    @Test
    void anIdThatStandsTwiceIsRefused() {
        assertThat(refused(HEADER + "\n" + ROW + "\n" + ROW + "\n"))
                .hasMessage("mine.csv: line 3, column id: \"my-card\" stands twice");
    }

    @Test
    void anotherHeaderIsRefusedWithTheColumnsThatWereExpected() {
        assertThat(refused(HEADER.replace("usable_evidence", "evidence") + "\n" + ROW + "\n"))
                .hasMessageContaining("mine.csv: line 1")
                .hasMessageContaining("usable_evidence");
    }

    @Test
    void aRowWithTooFewOrTooManyValuesIsRefused() {
        assertThat(refused(HEADER + "\n" + ROW + "\nshort,row\n"))
                .hasMessageContaining("mine.csv: line 3: 2 values; expected 33");
        assertThat(refused(HEADER + "\n" + ROW + "\n" + ROW + ",more\n"))
                .hasMessageContaining("mine.csv: line 3: 34 values; expected 33");
    }

    private static MalformedFileException refused(String table) {
        return catchThrowableOfType(MalformedFileException.class, () -> read(table));
    }

    private static Map<String, Accelerator> read(String table) {
        return AcceleratorTable.read(new ByteArrayInputStream(table.getBytes(StandardCharsets.UTF_8)), "mine.csv");
    }
}
