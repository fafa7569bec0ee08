package io.llmsizing.hardware;

import static com.google.common.base.Preconditions.checkArgument;

import io.llmsizing.units.ByteSize;

/**
 * What a desktop takes of the card that shows it. No rule holds, so the range is that of readings on sound desktops: 424 MiB of
 * an RX 7900 XTX under Windows (ggml-org/llama.cpp#23999), 890 MiB of one of two equal RTX 3090 (noonghunna/club-3090#1120), 2.1
 * GB under KDE with a browser (NVIDIA/egl-wayland#126).
 */
final class DisplayShare {
    private static final long LEAST = ByteSize.parse("424 MiB").bytes();
    private static final long USUAL = ByteSize.parse("890 MiB").bytes();
    private static final long MOST = ByteSize.parse("2.1 GB").bytes();

    private DisplayShare() {}

    /**
     * What is left.
     *
     * @throws IllegalArgumentException if that may be nothing
     */
    static DeviceMemory takenOff(DeviceMemory memory) {
        checkArgument(
                memory.usableLow().bytes() > MOST,
                "a display takes up to %s, and no more is usable than %s",
                ByteSize.ofBytes(MOST).toDisplay(),
                memory.usableLow().toDisplay());
        return memory.withUsable(
                DeviceMemory.less(memory.usable(), USUAL),
                DeviceMemory.less(memory.usableLow(), MOST),
                DeviceMemory.less(memory.usableHigh(), LEAST),
                memory.evidence() + "; less a display's share");
    }
}
