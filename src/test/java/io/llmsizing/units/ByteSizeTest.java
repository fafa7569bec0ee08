package io.llmsizing.units;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                // An H200 as sold, an 80 GiB card, and the 79.19 GiB that an H100's start log shows.
                "141 GB; 141000000000",
                "80 GiB; 85899345920",
                "79.19 GiB; 85029615042",
                "80GiB; 85899345920",
                "80 gib; 85899345920",
                "1024 MiB; 1073741824",
                "1.5 kB; 1500",
                "1 TiB; 1099511627776",
                "1 TB; 1000000000000",
                "1 MB; 1000000",
                "85899345920 B; 85899345920",
                "  7 B  ; 7",
                "0 B; 0",
                "0.9 B; 0",
                "1.0009 KiB; 1024",
                "9223372036854775807 B; 9223372036854775807",
                "9223372036854775807.9 B; 9223372036854775807"
            })
    void aNumberWithAUnitIsASize(String text, long bytes) {
        assertThat(ByteSize.parse(text)).isEqualTo(ByteSize.ofBytes(bytes));
    }

    @ParameterizedTest
    @ValueSource(strings = {"80G", "80 G", "80 gigs", "1.5T", "80 M", "8 GiBs", "8 iB"})
    void aUnitThatIsNotOneIsRefusedWithBothThatCouldBeMeant(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ByteSize.parse(text))
                .withMessageContaining("'" + text + "'")
                .withMessageContaining("GiB (2^30 bytes)")
                .withMessageContaining("GB (10^9 bytes)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "80",
                "GiB",
                "-1 GiB",
                "+1 GiB",
                "1e3 GB",
                "NaN GiB",
                "Infinity GiB",
                "1..5 GB",
                "1. GB",
                ".5 GB",
                "_1 GB",
                ",1 GB",
                "1 GB 2 GB",
                "0x10 GB",
                "1\u00a0GB",
                "\u0661 GB",
                "1/2 GB"
            })
    void whatIsNotANumberWithAUnitIsRefusedWithItsText(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ByteSize.parse(text))
                .withMessageContaining("'" + text + "'")
                .withMessageContaining("80 GiB");
    }

    @ParameterizedTest
    @ValueSource(strings = {"9223372036854775808 B", "8589934592 GiB", "9223373 TB", "99999999999999999999999 B"})
    void aSizeBeyondALongIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ByteSize.parse(text))
                .withMessageContaining(text)
                .withMessageContaining("2^63");
    }

    @Test
    void tenThousandDigitsAreRefusedAtOnce() {
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(2),
                () -> assertThatIllegalArgumentException()
                        .isThrownBy(() -> ByteSize.parse("9".repeat(10_000) + " GiB")));
    }

    @ParameterizedTest
    @CsvSource({
        // DeepSeek-V3 in FP8 without multi-token prediction, and an H200's measured total.
        "673150611808, GIB, 626.9 GiB",
        "150109880320, GIB, 139.8 GiB",
        "150109880320, GB, 150.1 GB",
        "1073741824000, GIB, '1,000.0 GiB'",
        "1024, KIB, 1.0 KiB",
        "1024, B, '1,024 B'",
        "0, B, 0 B",
        "0, GIB, 0.0 GiB",
        // Halves go to the even digit.
        "1250, KB, 1.2 KB",
        "1350, KB, 1.4 KB",
        "1251, KB, 1.3 KB"
    })
    void peopleSeeOneDecimalInTheUnitTheyAskFor(long bytes, SizeUnits units, String shown) {
        assertThat(ByteSize.ofBytes(bytes).toDisplay(units)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "1023, '1,023 B'",
        "1024, 1.0 KiB",
        "1048575, '1,024.0 KiB'",
        "1048576, 1.0 MiB",
        "1073741823, '1,024.0 MiB'",
        "1073741824, 1.0 GiB",
        "673150611808, 626.9 GiB"
    })
    void peopleSeeTheLargestBinaryUnitUpToGibibytes(long bytes, String shown) {
        assertThat(ByteSize.ofBytes(bytes).toDisplay()).isEqualTo(shown);
    }

    @Test
    void theExactFormHasEveryByte() {
        assertThat(ByteSize.ofBytes(70_272)).hasToString("70272 B");
    }

    @Test
    void gibibytesAndGigabytesDiffer() {
        assertThat(ByteSize.ofGibibytes(80).bytes()).isEqualTo(85_899_345_920L);
        assertThat(ByteSize.ofGigabytes(141).bytes()).isEqualTo(141_000_000_000L);
        assertThat(ByteSize.ZERO.bytes()).isZero();
    }

    @Test
    void countsOfUnitsBeyondALongAreOverflows() {
        assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> ByteSize.ofGibibytes(1L << 33));
        assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> ByteSize.ofGigabytes(9_223_372_037L));
        assertThat(ByteSize.ofGibibytes((1L << 33) - 1).bytes()).isEqualTo(Long.MAX_VALUE - (1L << 30) + 1);
    }

    @Test
    void aSizeIsNeverNegative() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ByteSize.ofBytes(-1))
                .withMessageContaining("-1");
        assertThatIllegalArgumentException().isThrownBy(() -> ByteSize.ofGibibytes(-1));
    }

    @Test
    void sizesAreOrderedByTheirBytes() {
        assertThat(ByteSize.parse("1 GB")).isLessThan(ByteSize.parse("1 GiB"));
        assertThat(ByteSize.parse("1 GiB")).isGreaterThan(ByteSize.parse("1 GB"));
        assertThat(ByteSize.parse("1024 MiB")).isEqualByComparingTo(ByteSize.parse("1 GiB"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"79,19 GiB", "1,024 MiB", "80 Gb", "80 gB x", "1_024 KiB"})
    void aCommaOrABitIsNotGuessedAt(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> ByteSize.parse(text));
    }
}
