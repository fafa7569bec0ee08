package io.llmsizing.inventory;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.document.MalformedFileException;
import java.io.ByteArrayInputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows below a header, with semicolons for the ends of lines. */
class OwnTableTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            node,accelerator,host_memory;a,L40S,512 GiB;a,RTX 3090,1 TiB    | 1x NVIDIA L40S | line 3, column host_memory: 1,024.0 GiB of 'a', but 512.0 GiB in another row of it; left out
            node,accelerator,host_memory;a,L40S,512 GiB;a,RTX 3090,512 GiB  | 1x NVIDIA L40S & 1x NVIDIA GeForce RTX 3090 | -
            node,accelerator,host_memory;a,L40S,;a,RTX 3090,512 GiB         | 1x NVIDIA L40S & 1x NVIDIA GeForce RTX 3090 | -
            Accelerator,Count;L40S,2                                        | 2x NVIDIA L40S | -
            accelerator,count;L40S,2;p5.48xlarge,1                          | 2x NVIDIA L40S | line 3: 'p5.48xlarge' is a type of machine, and a device is wanted here, such as NVIDIA H100 SXM5, 8 of them in each; 1 device left out. Write the cluster, or our own table, with a name that is known
            accelerator,count;L40S,2;L40S (ECC off),1                       | 2x NVIDIA L40S | line 3: 'L40S (ECC off)' has terms in parentheses, and a device's name is wanted here, with its memory in columns of their own; 1 device left out. Write the cluster, or our own table, with a name that is known
            """)
    void aRowIsReadOrFoundWanting(String table, String machine, String found) {
        InventoryReading reading = Samples.text(table.replace(';', '\n') + "\n");
        assertThat(reading.inventory().nodes()).singleElement().hasToString(machine);
        assertThat(reading.findings().stream()
                        .map(finding -> finding.place() + ": " + finding.problem())
                        .collect(joining()))
                .isEqualTo(found == null ? "" : found);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16", "UTF-16LE", "UTF-16BE"})
    void aTableWithAMarkIsReadInEitherCharset(String charset) {
        String table = (charset.equals("UTF-16") ? "" : "\uFEFF") + "node,accelerator,count\nK\u00fche,L40S,2\n";
        InventoryReading reading = InventoryReader.read(
                new ByteArrayInputStream(table.getBytes(Charset.forName(charset))), "some.txt", Samples.NAMES);
        assertThat(reading.findings()).isEmpty();
        assertThat(reading.inventory().nodes()).singleElement().satisfies(node -> {
            assertThat(node.name()).isEqualTo("K\u00fche");
            assertThat(node).hasToString("2x NVIDIA L40S");
        });
    }

    @Test
    void bytesThatAreNoTextAreRefusedInOurWords() {
        byte[] table = "node,accelerator,count\nK\u00fche,L40S,2\n".getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> InventoryReader.read(new ByteArrayInputStream(table), "some.txt", Samples.NAMES))
                .isInstanceOf(MalformedFileException.class)
                .hasMessage("some.txt: bytes: not a text in UTF-8");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            MI250X,4                           | 4x AMD Instinct MI250X (one of two GCDs) counts devices as programs see them, of which a product has 2; write 8x if 4 products are meant
            AMD Instinct MI250X (one of two GCDs),4 | -
            L40S,4                             | -
            """)
    void aProductOfSeveralDevicesIsATakenChoice(String row, String said) {
        String table = "accelerator,count\n" + row + "\n";
        InventoryReading reading = InventoryReader.read(
                new ByteArrayInputStream(table.getBytes(StandardCharsets.UTF_8)), "some.txt", Catalog.bundled());
        assertThat(reading.inventory().cluster().devices()).isEqualTo(4);
        assertThat(reading.findings().stream()
                        .filter(InventoryFinding::assumed)
                        .map(InventoryFinding::problem)
                        .collect(joining()))
                .isEqualTo(said == null ? "" : said);
    }
}
