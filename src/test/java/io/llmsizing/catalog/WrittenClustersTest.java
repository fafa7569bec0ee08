package io.llmsizing.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.units.ByteSize;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clusters as people write them and as they are printed, with the devices of the catalogue. */
class WrittenClustersTest {
    private static final Catalog CATALOG = Catalog.bundled();
    private static final Pattern BARE = Pattern.compile(".*\\b\\d+\\s*[Gg]");

    private static Cluster parse(String text) {
        return Cluster.parse(text, CATALOG);
    }

    @Test
    void everyDeviceReadsBackWithTheSizeThatItIsSoldWithAsItsOwnReading() {
        for (Accelerator device : CATALOG.accelerators()) {
            ByteSize sold = ByteSize.parse(device.memory().marketing());
            Cluster cluster = Cluster.of(device, 2).withUsable(sold);
            Cluster read = parse(cluster.toString());
            assertThat(read.groups()).as(cluster.toString()).isEqualTo(cluster.groups());
            assertThat(read.firstAccelerator().memory().usable()).isEqualTo(sold);
        }
    }

    @Test
    void aDevicesOwnNameNeedsNoChoice() {
        for (Accelerator device : CATALOG.accelerators()) {
            assertThat(CATALOG.choice(device.name(), device)).as(device.name()).isEmpty();
            assertThat(CATALOG.choice(device.id(), device)).as(device.id()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            NVIDIA H20                      | 'NVIDIA H20' is taken as NVIDIA H20 96GB; write NVIDIA H20-3e 141GB if that is meant
            NVIDIA RTX PRO 5000 Blackwell   | write NVIDIA RTX PRO 5000 Blackwell 72GB if that is meant
            NVIDIA H200                     | write NVIDIA H200 NVL 141GB if that is meant
            NVIDIA H800                     | write NVIDIA H800 PCIe 80GB if that is meant
            A100 (80 GB)                    | 'A100 (80 GB)' is taken as NVIDIA A100 SXM4 80GB; write NVIDIA A100 PCIe 80GB if that is meant
            4xMI250X                        | of which a product has 2; write 8x if 4 products are meant
            MI250X 128GB                    | write 2x if 1 product is meant
            8x Max 1550                     | of which a product has 2; write 16x
            K80                             | of which a product has 2
            910C                            | of which a product has 2
            A16                             | of which a product has 4; write 4x if 1 product is meant
            Atlas 300I Duo                  | of which a product has 2
            """)
    void whatWasTakenIsSaidOnce(String cluster, String said) {
        assertThat(parse(cluster).choices()).singleElement().asString().contains(said);
    }

    @ParameterizedTest
    @CsvSource({"A100 (40 GB)|40 GB", "NVIDIA H20 (141 GB)|141 GB", "NVIDIA H100 (94 GB)|94 GB"})
    void aSoldSizeChoosesAmongAllThatTheNameMayMean(String both) {
        List<String> parts = List.of(both.split("\\|"));
        assertThat(parse(parts.get(0)).firstAccelerator().memory().marketing()).isEqualTo(parts.get(1));
    }

    @ParameterizedTest
    @CsvSource({
        "A100 80G, write GB: A100 80GB",
        "8xA100-80G, write GB: A100-80GB",
        "H100 80G, write GB: H100 80GB",
        "2080 Ti 22G, write GB: 2080 Ti 22GB"
    })
    void aBareGIsNoUnit(String cluster, String said) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse(cluster))
                .withMessageContaining("a bare G is no unit of memory; " + said);
    }

    @Test
    void noNameThatPeopleTypeEndsInABareG() {
        CATALOG.accelerators()
                .forEach(device -> assertThat(device.aliases()).as(device.id()).noneMatch(BARE.asMatchPredicate()));
    }

    /** The smaller of the two states that it was met in. */
    @Test
    void anRtx5880AdaCorrectsErrorsUnlessItIsSaid() {
        assertThat(parse("RTX 5880 Ada").firstAccelerator().memory().driver()).isEqualTo(ByteSize.parse("46068 MiB"));
        assertThat(parse("RTX 5880 Ada (ECC on)")
                        .groups()
                        .get(0)
                        .node()
                        .devices()
                        .get(0)
                        .accelerator())
                .isEqualTo(parse("RTX 5880 Ada").firstAccelerator());
        assertThat(parse("RTX 5880 Ada (ECC off)")
                        .firstAccelerator()
                        .memory()
                        .driver()
                        .bytes())
                .isBetween(49139L << 20, 49140L << 20);
    }
}
