package io.llmsizing.hardware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.llmsizing.units.ByteSize;
import org.junit.jupiter.api.Test;

class DeviceMemoryTest {
    private static DeviceMemory memory(long driver, long usable) {
        return DeviceMemory.of("80 GB", ByteSize.ofBytes(driver), ByteSize.ofBytes(usable), "measured");
    }

    @Test
    void usableIsAtLeastAByteAndAtMostWhatTheDriverShows() {
        assertThat(memory(100, 1).usable().bytes()).isEqualTo(1);
        assertThat(memory(100, 100).usable().bytes()).isEqualTo(100);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> memory(100, 0))
                .withMessageContaining("0 B usable of 100 B");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> memory(100, 101))
                .withMessageContaining("101 B usable of 100 B");
    }

    @Test
    void aUsersOwnFigureReplacesTheUsableSize() {
        assertThat(memory(100, 90).withUsable(ByteSize.ofBytes(50)))
                .isEqualTo(DeviceMemory.of("80 GB", ByteSize.ofBytes(100), ByteSize.ofBytes(50), "given by the user"));
        assertThat(memory(100, 90).withUsable(ByteSize.ofBytes(100)).driver()).isEqualTo(ByteSize.ofBytes(100));
    }

    @Test
    void aUsersLargerFigureRaisesWhatTheDriverShows() {
        assertThat(memory(100, 90).withUsable(ByteSize.ofBytes(120)))
                .isEqualTo(DeviceMemory.of("80 GB", ByteSize.ofBytes(120), ByteSize.ofBytes(120), "given by the user"));
    }

    @Test
    void aUsersFigureIsNotZero() {
        assertThatIllegalArgumentException().isThrownBy(() -> memory(100, 90).withUsable(ByteSize.ZERO));
    }
}
