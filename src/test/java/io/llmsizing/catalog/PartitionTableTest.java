package io.llmsizing.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.collect.Table;
import io.llmsizing.document.MalformedFileException;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.Partition;
import io.llmsizing.units.ByteSize;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartitionTableTest {
    private static final String HEADER = String.join(",", PartitionTable.COLUMNS);
    private static final String ROW = "my-card,1g.10gb,10468982784,10400000000,a test,7,1,8,a source,2026-11-23";

    @Test
    void aRowIsReadWithAllItsColumns() {
        Partition part = read(HEADER + "\n" + ROW + "\n").get("my-card", "1g.10gb");
        assertThat(part.profile()).isEqualTo("1g.10gb");
        assertThat(part.memory().marketing()).isEqualTo("10 GB");
        assertThat(part.memory().driver()).isEqualTo(ByteSize.ofBytes(10_468_982_784L));
        assertThat(part.memory().usable()).isEqualTo(ByteSize.ofBytes(10_400_000_000L));
        assertThat(part.memory().usableLow()).isEqualTo(part.memory().usable());
        assertThat(part.memory().usableHigh()).isEqualTo(part.memory().usable());
        assertThat(part.memory().evidence()).isEqualTo("a test");
        assertThat(part.instances()).isEqualTo(7);
        assertThat(part.slices()).isEqualTo(1);
        assertThat(part.slicesOfDevice()).isEqualTo(8);
        assertThat(part.source()).isEqualTo("a source");
        assertThat(part.retrieved()).isEqualTo("2026-11-23");
    }

    @Test
    void aPartIsADeviceOfItsOwnWithoutLinks() {
        Accelerator whole = Catalog.bundled().accelerator("H100-SXM");
        Accelerator part =
                read(HEADER + "\n" + ROW + "\n").get("my-card", "1g.10gb").of(whole);
        assertThat(part.id()).isEqualTo(whole.id() + "-mig-1g.10gb");
        assertThat(part.name()).isEqualTo(whole.name() + " MIG 1g.10gb");
        assertThat(part.category()).isEqualTo(Partition.CATEGORY);
        assertThat(part.link().domain()).isEqualTo(1);
        assertThat(part.memory().usable()).isEqualTo(ByteSize.ofBytes(10_400_000_000L));
        assertThat(part.memory().kind()).isEqualTo(whole.memory().kind());
        assertThat(part.compute().nativeFormats()).isEqualTo(whole.compute().nativeFormats());
        assertThat(part.compute().dense()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1g.10gb", "1G.10GB", "2g.20gb+me", "1g.5gb+me.all", "7g.80gb-me", "12g.1234gb"})
    void profilesAreNamedAsTheDriverNamesThem(String profile) {
        assertThat(read(HEADER + "\n" + ROW.replace("1g.10gb", profile) + "\n").row("my-card"))
                .containsOnlyKeys(profile.toLowerCase(Locale.ROOT));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            'my-card,'        | ','                  | column accelerator         | empty
            ',1g.10gb,'       | ',,'                 | column profile             | empty
            ',1g.10gb,'       | ',1g,'               | column profile             | "1g"; expected one such as 1g.10gb
            ',1g.10gb,'       | ',g.10gb,'           | column profile             | "g.10gb"
            ',1g.10gb,'       | ',1g.10,'            | column profile             | "1g.10"
            ',1g.10gb,'       | ',1g.10gb me,'       | column profile             | "1g.10gb me"
            ',1g.10gb,'       | ',123g.10gb,'        | column profile             | "123g.10gb"
            ',10468982784,'   | ',0,'                | column memory_driver_bytes | "0"
            ',10468982784,'   | ',9.75 GiB,'         | column memory_driver_bytes | "9.75 GiB"
            ',10468982784,'   | ',17592186044417,'   | column memory_driver_bytes | "17592186044417"
            ',10468982784,'   | ',,'                 | column memory_driver_bytes | 1 to
            ',10400000000,'   | ',0,'                | column memory_usable_bytes | "0"
            ',10400000000,'   | ',10468982785,'      | column memory_usable_bytes | "10468982785"
            ',a test,'        | ',,'                 | column usable_evidence     | empty
            ',7,1,8,'         | ',0,1,8,'            | column instances           | "0"
            ',7,1,8,'         | ',65,1,8,'           | column instances           | "65"
            ',7,1,8,'         | ',7,none,8,'         | column compute_slices      | "none"
            ',7,1,8,'         | ',7,1,0,'            | column compute_slices_of   | "0"
            ',a source,'      | ',,'                 | column source              | empty
            '2026-11-23'      | 'today'              | column retrieved           | "today"
            """)
    void aMalformedValueIsRefusedNamingFileLineColumnAndValue(String from, String to, String column, String value) {
        String bad = ROW.replace(from, to);
        assertThat(bad).isNotEqualTo(ROW);
        MalformedFileException refused =
                refused(HEADER + "\n" + ROW.replace("my-card", "good-card") + "\n" + bad + "\n");
        assertThat(refused)
                .hasMessageStartingWith("mine.csv: line 3, " + column)
                .hasMessageContaining(value);
        assertThat(refused.file()).isEqualTo("mine.csv");
    }

    @Test
    void aProfileThatStandsTwiceForADeviceIsRefusedInAnyLetterCase() {
        assertThat(refused(HEADER + "\n" + ROW + "\n" + ROW.replace("1g.10gb", "1G.10GB") + "\n"))
                .hasMessage("mine.csv: line 3, column profile: \"1g.10gb\" stands twice for my-card");
        assertThat(read(HEADER + "\n" + ROW + "\n" + ROW.replace("my-card", "another") + "\n")
                        .size())
                .isEqualTo(2);
    }

    /** A part that has more compute slices than the device it is cut from can't be. */
    @Test
    void noPartHasMoreSlicesThanItsDevice() {
        assertThat(refused(HEADER + "\n" + ROW.replace(",7,1,8,", ",7,9,8,") + "\n"))
                .hasMessageStartingWith("mine.csv: line 2, column compute_slices")
                .hasMessageContaining("9");
    }

    private static MalformedFileException refused(String table) {
        return catchThrowableOfType(MalformedFileException.class, () -> read(table));
    }

    private static Table<String, String, Partition> read(String table) {
        return PartitionTable.read(new ByteArrayInputStream(table.getBytes(StandardCharsets.UTF_8)), "mine.csv");
    }
}
