package io.llmsizing.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TorchAllocatorTest {
    private static final BigDecimal MIB = BigDecimal.valueOf(1L << 20);

    /** The parameters of Qwen2.5-7B in BF16: gate and up, down, query with key and value, output projection. */
    @ParameterizedTest
    @CsvSource({"259, 260", "129.5, 130", "31.5, 32", "24.5, 24.5", "1039.5, 1040"})
    void aLargeTensorIsChargedToTheEndOfItsSegmentUnlessMoreThanOneMebibyteIsLeft(
            BigDecimal mebibytes, BigDecimal charged) {
        assertThat(TorchAllocator.charge(mebibytes.multiply(MIB).longValueExact()))
                .isEqualTo(charged.multiply(MIB).longValueExact());
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 512",
        "512, 512",
        "513, 1024",
        "1048577, 1049088",
        // the last below 10 MiB stays as it is, 10 MiB is a segment of its own
        "10485248, 10485248",
        "10485249, 10485760",
        "10485760, 10485760",
        // 1 MiB short of 12 MiB the rest is charged; one step more and it is split off
        "12582912, 12582912",
        "11534336, 12582912",
        "11533825, 12582912",
        "11533824, 11533824",
        "11010048, 11010048"
    })
    void theEdgesAreThoseOfTheAllocator(long bytes, long charged) {
        assertThat(TorchAllocator.charge(bytes)).isEqualTo(charged);
    }
}
