package io.llmsizing.units;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.BigRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Scale;

class ByteSizeProperties {
    @Property
    void theExactFormReadsBackAsTheSameSize(@ForAll @LongRange(min = 0) long bytes) {
        ByteSize size = ByteSize.ofBytes(bytes);
        assertThat(ByteSize.parse(size.toString())).isEqualTo(size);
    }

    @Property
    void aDecimalOfAUnitIsItsBytesCutToAWhole(
            @ForAll @BigRange(min = "0", max = "8000000") @Scale(6) BigDecimal number, @ForAll SizeUnits unit) {
        assertThat(ByteSize.parse(number.toPlainString() + " " + unit.symbol()).bytes())
                .isEqualTo(number.multiply(BigDecimal.valueOf(unit.bytes()))
                        .setScale(0, RoundingMode.FLOOR)
                        .longValueExact());
    }

    @Property
    void theOrderIsThatOfTheBytes(@ForAll @LongRange(min = 0) long left, @ForAll @LongRange(min = 0) long right) {
        assertThat(Integer.signum(ByteSize.ofBytes(left).compareTo(ByteSize.ofBytes(right))))
                .isEqualTo(Long.compare(left, right));
    }
}
