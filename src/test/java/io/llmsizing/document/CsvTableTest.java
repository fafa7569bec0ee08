package io.llmsizing.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvTableTest {
    private static final List<String> COLUMNS = List.of("name", "bytes", "aliases");

    private static CsvTable table(String text) {
        return CsvTable.read(
                new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "accelerators.csv", COLUMNS);
    }

    @Test
    void rowsAreReadInOrderWithoutBlanksAroundTheirValues() {
        List<CsvTable.Row> rows = table("name,bytes,aliases\n H200 , 141 ,\"h200; gh200 ;\"\nA100,80,\n")
                .rows();
        assertThat(rows).hasSize(2);
        assertThat(rows.get(0).text("name")).isEqualTo("H200");
        assertThat(rows.get(0).required("name")).isEqualTo("H200");
        assertThat(rows.get(0).whole("bytes", 1, 200)).isEqualTo(141);
        assertThat(rows.get(0).list("aliases", ';')).containsExactly("h200", "gh200");
        assertThat(rows.get(1).text("name")).isEqualTo("A100");
        assertThat(rows.get(1).text("aliases")).isEmpty();
        assertThat(rows.get(1).list("aliases", ';')).isEmpty();
    }

    @Test
    void quotesHoldCommasQuotesAndLineBreaks() {
        CsvTable.Row row = table("name,bytes,aliases\n\"H200, \"\"SXM\"\"\",1,\"two\nlines\"\n")
                .rows()
                .get(0);
        assertThat(row.text("name")).isEqualTo("H200, \"SXM\"");
        assertThat(row.text("aliases")).isEqualTo("two\nlines");
    }

    @Test
    void aSeparatorIsACharacterAndNoPattern() {
        CsvTable.Row row = table("name,bytes,aliases\na,1,b|c.d\n").rows().get(0);
        assertThat(row.list("aliases", '|')).containsExactly("b", "c.d");
        assertThat(row.list("aliases", '.')).containsExactly("b|c", "d");
    }

    @Test
    void linesAreCountedFromTheHeaderThroughEmptyAndBrokenLines() {
        List<CsvTable.Row> rows =
                table("name,bytes,aliases\na,1,\n\n\"b\nb\",2,\nc,3,\r\n").rows();
        assertThat(rows.stream().map(CsvTable.Row::line)).containsExactly(2L, 4L, 6L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "name,aliases,bytes\na,b,1\n",
                "name,bytes\na,1\n",
                "name,bytes,aliases,more\na,1,b,c\n",
                "Name,bytes,aliases\na,1,b\n",
                "name;bytes;aliases\na;1;b\n",
                "name,bytes\n",
                "\n",
                ""
            })
    void anotherHeaderIsRefusedWithTheOneExpected(String text) {
        assertThatExceptionOfType(MalformedFileException.class)
                .isThrownBy(() -> table(text))
                .withMessageStartingWith("accelerators.csv: line 1: ")
                .withMessageContaining("expected [name, bytes, aliases]");
    }

    @Test
    void aRowWithAnotherNumberOfValuesIsRefusedWithItsLine() {
        for (String row : new String[] {"b,2", "b,2,c,d", "b"}) {
            assertThatExceptionOfType(MalformedFileException.class)
                    .isThrownBy(() -> table("name,bytes,aliases\na,1,\n" + row + "\nc,3,\n"))
                    .satisfies(thrown -> assertThat(thrown.at()).isEqualTo("line 3"))
                    .withMessageContaining("values; expected 3");
        }
    }

    @Test
    void whoTakesRefusedRowsIsGivenTheOthers() {
        List<String> refused = new ArrayList<>();
        CsvTable table = CsvTable.read(
                new ByteArrayInputStream("a, b\n1,2\n3\n4,5,6\n7,8\n".getBytes(StandardCharsets.UTF_8)),
                "some.csv",
                List.of("a", "b"),
                malformed -> refused.add(malformed.at()));
        assertThat(table.rows()).extracting(row -> row.text("b")).containsExactly("2", "8");
        assertThat(refused).containsExactly("line 3", "line 4");
    }

    @Test
    void aQuoteThatIsNotClosedDoesNotSwallowTheLinesBehindIt() {
        assertThatExceptionOfType(MalformedFileException.class)
                .isThrownBy(() -> table("name,bytes,aliases\na,1,\nb,2,\"open\nc,3,x\n"))
                .withMessageContaining("a quote is opened and not closed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a,1", "a,1,b,c", "a", "\"a\",1"})
    void theFirstRowIsMeasuredAgainstTheHeader(String row) {
        assertThatExceptionOfType(MalformedFileException.class)
                .isThrownBy(() -> table("name,bytes,aliases\n" + row + "\n"))
                .satisfies(thrown -> assertThat(thrown.at()).contains("line"))
                .withMessageContaining("accelerators.csv");
    }

    @Test
    void textBehindAClosingQuoteIsRefused() {
        assertThatExceptionOfType(MalformedFileException.class)
                .isThrownBy(() -> table("name,bytes,aliases\n\"a\"x,1,\n"))
                .satisfies(thrown -> assertThat(thrown.at()).isEqualTo("after line 1"))
                .withMessageContaining("closing quote");
    }

    @Test
    void aColumnStandsOnlyOnce() {
        assertThatExceptionOfType(MalformedFileException.class).isThrownBy(() -> table("name,name,aliases\na,1,\n"));
    }

    @Test
    void aNumberOutOfRangeNamesFileLineColumnValueAndRange() {
        CsvTable.Row row = table("name,bytes,aliases\na,1,\nb,201,\n").rows().get(1);
        assertThat(row.whole("bytes", 201, 201)).isEqualTo(201);
        assertThatExceptionOfType(MalformedFileException.class)
                .isThrownBy(() -> row.whole("bytes", 1, 200))
                .withMessage("accelerators.csv: line 3, column bytes: \"201\"; expected a whole number from 1 to 200");
        assertThatExceptionOfType(MalformedFileException.class).isThrownBy(() -> row.whole("bytes", 202, 2000));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1.5", "1e3", "x", "9223372036854775808", "\"1,000\"", "1_000", "0x10", "- 1"})
    void whatIsNotAWholeNumberIsRefused(String value) {
        CsvTable.Row row =
                table("name,bytes,aliases\na," + value + ",\n").rows().get(0);
        assertThatExceptionOfType(MalformedFileException.class)
                .isThrownBy(() -> row.whole("bytes", Long.MIN_VALUE, Long.MAX_VALUE))
                .withMessageContaining("line 2, column bytes")
                .withMessageContaining("expected a whole number");
    }

    @Test
    void anEmptyValueThatMustStandThereIsRefused() {
        CsvTable.Row row = table("name,bytes,aliases\n\"  \",1,\n").rows().get(0);
        assertThatExceptionOfType(MalformedFileException.class)
                .isThrownBy(() -> row.required("name"))
                .withMessageContaining("line 2, column name: empty");
    }

    @Test
    void aColumnThatDoesNotExistIsNamed() {
        CsvTable.Row row = table("name,bytes,aliases\na,1,\n").rows().get(0);
        assertThatExceptionOfType(MalformedFileException.class)
                .isThrownBy(() -> row.text("price"))
                .withMessageContaining("no column price");
    }

    @Test
    void aHeaderAloneIsAnEmptyTable() {
        assertThat(table("name,bytes,aliases\n").rows()).isEmpty();
    }
}
