package io.llmsizing.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.document.CsvTable;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.hardware.DeviceMemory;
import io.llmsizing.hardware.NodeType;
import io.llmsizing.hardware.Reading;
import io.llmsizing.units.ByteSize;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class ReadingsTest {
    private static final Catalog CATALOG = Catalog.bundled();
    private static final Set<String> NAMES_AND_NOTES = Set.of(
            "id",
            "name",
            "aliases",
            "provider",
            "kind",
            "category",
            "engine",
            "status",
            "price_basis",
            "price_date",
            "source",
            "retrieved");

    private static final Pattern ERROR_CORRECTION = Pattern.compile("ECC (on|off)");

    @ParameterizedTest
    @CsvFileSource(resources = "/io/llmsizing/hardware/driver-memory.csv", numLinesToSkip = 1)
    void memoryIsWhatToolsPrintWithinThreeThousandths(
            String product, String accelerator, String what, String reading, String note, String source) {
        Matcher term = ERROR_CORRECTION.matcher(note);
        DeviceMemory memory = Cluster.parse(accelerator + (term.lookingAt() ? " (" + term.group() + ")" : ""), CATALOG)
                .firstAccelerator()
                .memory();
        long printed = ByteSize.parse(reading.replace("bytes", "B")).bytes();
        if (note.startsWith("band only")) {
            assertThat(printed)
                    .as("%s of %s (%s)", what, product, source)
                    .isBetween(memory.usableLow().bytes(), memory.usableHigh().bytes());
            return;
        }
        ByteSize known = what.equals("driver") ? memory.driver() : memory.usable();
        assertThat(known.bytes())
                .as("%s of %s (%s, %s)", what, product, note, source)
                .isCloseTo(printed, Percentage.withPercentage(0.3));
    }

    @Test
    void everyFigureOfADeviceHasAReadingThatSaysIt() throws IOException {
        check("accelerators.csv", AcceleratorTable.COLUMNS);
    }

    @Test
    void everyFigureOfAMachineHasAReadingThatSaysIt() throws IOException {
        check("nodes.csv", NodeTable.COLUMNS);
    }

    private static void check(String file, List<String> columns) throws IOException {
        try (InputStream bytes = Objects.requireNonNull(Catalog.class.getResourceAsStream(file))) {
            for (CsvTable.Row row : CsvTable.read(bytes, file, columns).rows()) {
                List<Reading> readings = CATALOG.readings(row.required("id"));
                for (String column : columns) {
                    if (!NAMES_AND_NOTES.contains(column) && !row.text(column).isEmpty()) {
                        assertThat(readings)
                                .as("%s, %s", row.text("id"), column)
                                .anyMatch(reading -> reading.field().equals(column)
                                        && reading.value().equals(row.text(column)));
                    }
                }
            }
        }
    }

    @Test
    void everyReadingIsAboutSomethingKnownAndHasASource() {
        Set<String> ids = CATALOG.accelerators().stream().map(Accelerator::id).collect(Collectors.toSet());
        CATALOG.nodeTypes().stream().map(NodeType::id).forEach(ids::add);
        for (String id : ids) {
            assertThat(CATALOG.readings(id)).as(id).isNotEmpty().allSatisfy(reading -> {
                assertThat(reading.subject()).isEqualTo(id);
                assertThat(reading.source()).isNotBlank();
            });
        }
    }

    @Test
    void sourcesThatDisagreeAreBothKept() {
        assertThat(CATALOG.readings("nvidia-h200-sxm5-141gb").stream()
                        .filter(reading -> reading.field().equals("memory_driver_bytes"))
                        .map(Reading::value)
                        .distinct())
                .hasSizeGreaterThan(1);
    }

    @Test
    void theInventoryIsThatOfTheFleetsPeopleHave() {
        assertThat(CATALOG.accelerators()).hasSizeGreaterThan(250);
        assertThat(CATALOG.nodeTypes()).hasSizeGreaterThan(200);
        assertThat(CATALOG.accelerators().stream().map(Accelerator::vendor))
                .contains("NVIDIA", "AMD", "Intel", "Google", "AWS", "Huawei", "Apple", "Qualcomm");
    }
}
