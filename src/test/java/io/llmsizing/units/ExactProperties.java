package io.llmsizing.units;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class ExactProperties {
    private static final BigInteger LARGEST = BigInteger.valueOf(Long.MAX_VALUE);

    @Property
    void aRoundedUpQuotientCoversTheDividendAndOneLessDoesNot(
            @ForAll @LongRange(min = 0) long dividend, @ForAll @LongRange(min = 1) long divisor) {
        BigInteger quotient = BigInteger.valueOf(Exact.ceilDiv(dividend, divisor));
        BigInteger by = BigInteger.valueOf(divisor);
        assertThat(quotient.multiply(by)).isGreaterThanOrEqualTo(BigInteger.valueOf(dividend));
        assertThat(quotient.subtract(BigInteger.ONE).multiply(by)).isLessThan(BigInteger.valueOf(dividend));
    }

    @Property
    void paddingGivesTheSmallestMultipleNotBelow(
            @ForAll @LongRange(min = 0, max = 1L << 40) long value,
            @ForAll @LongRange(min = 1, max = 1L << 20) long multiple) {
        long padded = Exact.padTo(value, multiple);
        assertThat(padded % multiple).isZero();
        assertThat(padded).isBetween(value, value + multiple - 1);
    }

    @Property
    void whatIsPaddedStaysWhenPaddedAgain(
            @ForAll @LongRange(min = 0, max = 1L << 40) long value,
            @ForAll @LongRange(min = 1, max = 1L << 20) long multiple) {
        long padded = Exact.padTo(value, multiple);
        assertThat(Exact.padTo(padded, multiple)).isEqualTo(padded);
    }

    @Property
    void aCappedProductIsTheTrueProductClipped(
            @ForAll @LongRange(min = 0) long left, @ForAll @LongRange(min = 0) long right) {
        BigInteger product = BigInteger.valueOf(left).multiply(BigInteger.valueOf(right));
        assertThat(Exact.multiplyCapped(left, right))
                .isEqualTo(product.min(LARGEST).longValueExact());
    }

    @Property
    void aCappedSumIsTheTrueSumClipped(@ForAll @LongRange(min = 0) long left, @ForAll @LongRange(min = 0) long right) {
        BigInteger sum = BigInteger.valueOf(left).add(BigInteger.valueOf(right));
        assertThat(Exact.addCapped(left, right)).isEqualTo(sum.min(LARGEST).longValueExact());
    }

    @Property
    void powersOfTwoRoundLikeAllOthers(
            @ForAll @LongRange(min = 0) long dividend, @ForAll @IntRange(min = 0, max = 62) int exponent) {
        BigInteger by = BigInteger.ONE.shiftLeft(exponent);
        BigInteger[] truth = BigInteger.valueOf(dividend).divideAndRemainder(by);
        long up = truth[0].longValueExact() + truth[1].signum();
        assertThat(Exact.ceilDiv(dividend, 1L << exponent)).isEqualTo(up);
    }

    @Property
    void aMultipleIsWhatPaddingLeavesAlone(
            @ForAll @LongRange(min = 0, max = 1L << 40) long value,
            @ForAll @LongRange(min = 1, max = 300) long divisor) {
        assertThat(Exact.isMultiple(value, divisor)).isEqualTo(Exact.padTo(value, divisor) == value);
        assertThat(Exact.isMultiple(value * divisor, divisor)).isTrue();
    }
}
