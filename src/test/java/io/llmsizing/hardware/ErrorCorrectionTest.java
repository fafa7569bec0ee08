package io.llmsizing.hardware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.units.ByteSize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What drivers show of graphics memory with error correction and without. */
class ErrorCorrectionTest {
    private static final Catalog CATALOG = Catalog.bundled();

    private static DeviceMemory memory(String text) {
        return Cluster.parse(text, CATALOG).firstAccelerator().memory();
    }

    private static long mib(ByteSize size) {
        return size.bytes() >> 20;
    }

    /** The readings of nvidia-smi with ECC enabled and disabled. */
    @ParameterizedTest
    @CsvSource({"RTX A6000, 49140, 46068", "RTX 4090, 24564, 23028"})
    void aSixteenthIsTakenFromACardThatComesWithout(String card, long without, long with) {
        assertThat(mib(memory(card).driver())).isEqualTo(without);
        assertThat(mib(memory(card + " (ECC on)").driver())).isEqualTo(with);
        assertThat(memory(card + " (ECC off)")).isEqualTo(memory(card));
    }

    @Test
    void aSixteenthIsGivenBackByACardThatComesWith() {
        assertThat(mib(memory("L40S").driver())).isEqualTo(46_068);
        // The same memory without error correction shows 49,140 MiB; what stands between is what was rounded off
        // before.
        assertThat(mib(memory("L40S (ECC off)").driver())).isCloseTo(49_140, within(49_140 * 3 / 1_000L));
        assertThat(memory("L40S (ECC on)")).isEqualTo(memory("L40S"));
    }

    @ParameterizedTest
    @CsvSource({"RTX A6000, RTX A6000 (ECC on)", "L40S, L40S (ECC off)"})
    void whatProgramsDoNotGetOfTheDriversFigureStays(String before, String after) {
        DeviceMemory one = memory(before);
        DeviceMemory other = memory(after);
        long change = other.driver().bytes() - one.driver().bytes();
        assertThat(other.usable().bytes() - one.usable().bytes()).isEqualTo(change);
        assertThat(other.usableLow().bytes() - one.usableLow().bytes()).isEqualTo(change);
        assertThat(other.usableHigh().bytes() - one.usableHigh().bytes()).isEqualTo(change);
        assertThat(other.evidence()).startsWith(one.evidence()).contains("ECC o");
        assertThat(other.marketing()).isEqualTo(one.marketing());
    }

    @ParameterizedTest
    @ValueSource(strings = {"H100-SXM", "H200", "MI300X"})
    void memoryWithCheckBitsBesideTheDataTakesNoSuchTerm(String card) {
        for (String term : new String[] {"ECC on", "ECC off"}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> memory(card + " (" + term + ")"))
                    .withMessageContaining("takes no room for error correction; leave it out");
        }
    }
}
