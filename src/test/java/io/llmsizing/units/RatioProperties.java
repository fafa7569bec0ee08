package io.llmsizing.units;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.BigRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Scale;

class RatioProperties {
    @Property
    void aParsedDecimalEqualsTheDecimal(@ForAll @BigRange(min = "0", max = "999999") @Scale(12) BigDecimal decimal) {
        Ratio ratio = Ratio.parse(decimal.toPlainString());
        assertThat(decimal.multiply(BigDecimal.valueOf(ratio.denominator())))
                .isEqualByComparingTo(BigDecimal.valueOf(ratio.numerator()));
    }

    @Property
    void aRatioHasNoCommonFactorAndKeepsItsValue(
            @ForAll @LongRange(min = 0) long numerator, @ForAll @LongRange(min = 1) long denominator) {
        Ratio ratio = Ratio.of(numerator, denominator);
        assertThat(BigInteger.valueOf(ratio.numerator()).gcd(BigInteger.valueOf(ratio.denominator())))
                .isEqualTo(BigInteger.ONE);
        assertThat(BigInteger.valueOf(ratio.numerator()).multiply(BigInteger.valueOf(denominator)))
                .isEqualTo(BigInteger.valueOf(ratio.denominator()).multiply(BigInteger.valueOf(numerator)));
    }

    @Property
    void floorAndCeilingAreThoseOfTheTrueProductOverTheWholeRange(
            @ForAll @LongRange(min = 0) long whole,
            @ForAll @LongRange(min = 0) long first,
            @ForAll @LongRange(min = 1) long second) {
        Ratio share = Ratio.of(Math.min(first, second), Math.max(first, second));
        assertThat(share.floorOf(whole)).isEqualTo(truth(share, whole, RoundingMode.FLOOR));
        assertThat(share.ceilOf(whole)).isEqualTo(truth(share, whole, RoundingMode.CEILING));
    }

    @Property
    void aMultipleIsExactOrAnOverflow(
            @ForAll @LongRange(min = 0) long whole,
            @ForAll @LongRange(min = 0, max = 1000) long numerator,
            @ForAll @LongRange(min = 1, max = 10) long denominator) {
        Ratio ratio = Ratio.of(numerator, denominator);
        BigInteger truth = BigInteger.valueOf(whole)
                .multiply(BigInteger.valueOf(ratio.numerator()))
                .divide(BigInteger.valueOf(ratio.denominator()));
        if (truth.bitLength() < 64) {
            assertThat(ratio.floorOf(whole)).isEqualTo(truth.longValueExact());
        } else {
            assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> ratio.floorOf(whole));
        }
    }

    @Property
    void aShareAndItsRestMakeTheWhole(
            @ForAll @LongRange(min = 0, max = 1L << 50) long whole,
            @ForAll @LongRange(min = 0, max = 1000) long thousandths) {
        long part = Ratio.of(thousandths, 1000).floorOf(whole);
        long rest = Ratio.of(1000 - thousandths, 1000).ceilOf(whole);
        assertThat(part + rest).isEqualTo(whole);
    }

    private static long truth(Ratio share, long whole, RoundingMode rounding) {
        return BigDecimal.valueOf(whole)
                .multiply(BigDecimal.valueOf(share.numerator()))
                .divide(BigDecimal.valueOf(share.denominator()), 0, rounding)
                .longValueExact();
    }

    @Property
    void ratiosAreOrderedAsTheirDecimalsAre(
            @ForAll @LongRange(min = 0) long left,
            @ForAll @LongRange(min = 1) long below,
            @ForAll @LongRange(min = 0) long right,
            @ForAll @LongRange(min = 1) long under) {
        BigInteger crossLeft = BigInteger.valueOf(left).multiply(BigInteger.valueOf(under));
        BigInteger crossRight = BigInteger.valueOf(right).multiply(BigInteger.valueOf(below));
        assertThat(Integer.signum(Ratio.compare(Ratio.of(left, below), Ratio.of(right, under))))
                .isEqualTo(crossLeft.compareTo(crossRight));
    }
}
