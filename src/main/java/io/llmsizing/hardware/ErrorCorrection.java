package io.llmsizing.hardware;

import io.llmsizing.units.ByteSize;
import io.llmsizing.units.Ratio;
import io.llmsizing.units.SizeUnits;

/**
 * Error correction of graphics memory, which takes a sixteenth of it. Memory of other kinds keeps its check bits beside the
 * data and loses nothing.
 *
 * <p>Worked value: an RTX A6000 shows 49,140 MiB without and 46,068 MiB with it; an RTX 4090 24,564 and 23,028 MiB.
 */
final class ErrorCorrection {
    private static final Ratio LEFT = Ratio.of(15, 16);
    private static final Ratio REGAINED = Ratio.of(16, 15);

    private ErrorCorrection() {}

    /**
     * Whether the driver's figure is that of a card with error correction: more than a thirtieth below what it is sold with.
     */
    static boolean isOn(DeviceMemory memory) {
        if (!isGraphicsMemory(memory)) {
            return false;
        }
        long sold = ByteSize.parse(memory.marketing().replace("GB", SizeUnits.GIB.symbol()))
                .bytes();
        return memory.driver().bytes() < sold - sold / 30;
    }

    static boolean isGraphicsMemory(DeviceMemory memory) {
        return memory.kind().startsWith("GDDR");
    }

    static DeviceMemory on(Accelerator device) {
        return isOn(graphicsMemory(device)) ? device.memory() : scaled(device.memory(), LEFT, "ECC on");
    }

    static DeviceMemory off(Accelerator device) {
        return isOn(graphicsMemory(device)) ? scaled(device.memory(), REGAINED, "ECC off") : device.memory();
    }

    private static DeviceMemory graphicsMemory(Accelerator device) {
        if (!isGraphicsMemory(device.memory())) {
            throw new IllegalArgumentException("(ECC): the " + device.memory().kind() + " of " + device.name()
                    + " takes no room for error correction; leave it out");
        }
        return device.memory();
    }

    /** What the driver shows is scaled down to whole MiB; what programs do not get of it stays. */
    private static DeviceMemory scaled(DeviceMemory memory, Ratio share, String how) {
        long mib = SizeUnits.MIB.bytes();
        return memory.withDriver(
                ByteSize.ofBytes(share.floorOf(memory.driver().bytes()) / mib * mib), memory.evidence() + "; " + how);
    }
}
