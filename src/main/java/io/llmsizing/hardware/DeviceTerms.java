package io.llmsizing.hardware;

import io.llmsizing.units.ByteSize;
import io.llmsizing.units.Ratio;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is said about a device beyond its name: its link, the memory left of it, its error correction, its display. */
final class DeviceTerms {
    private static final Pattern PERCENT = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,9})?)\\s*%");

    private DeviceTerms() {}

    /**
     * A device as a term says.
     *
     * @throws IllegalArgumentException if the term is unknown, or does not hold for the device
     */
    static Accelerator applied(Accelerator device, String term) {
        Matcher percent = PERCENT.matcher(term);
        return switch (term.toLowerCase(Locale.ROOT)) {
            case "pcie" ->
                device.withLink(
                        new Interconnect(device.host().name(), device.host().perDirection(), 1));
            case "nvlink" -> linked(device, term);
            case "display" -> device.withMemory(DisplayShare.takenOff(device.memory()));
            case "ecc on" -> device.withMemory(ErrorCorrection.on(device));
            case "ecc off" -> device.withMemory(ErrorCorrection.off(device));
            default ->
                device.withMemory(
                        percent.matches() ? device.memory().share(hundredth(percent.group(1))) : usable(device, term));
        };
    }

    /** Whether a term is the size that a device is sold with, such as {@code 80 GB} of an A100, or {@code 80 GiB}, as many say. */
    static boolean isSoldWith(Accelerator device, String term) {
        String sold = device.memory().marketing();
        try {
            ByteSize size = ByteSize.parse(term);
            return size.equals(ByteSize.parse(sold)) || size.equals(ByteSize.parse(sold.replace("GB", "GiB")));
        } catch (IllegalArgumentException noSize) {
            return false;
        }
    }

    private static DeviceMemory usable(Accelerator device, String term) {
        ByteSize size = size(term);
        if (size.bytes() == 0) {
            throw new IllegalArgumentException("(" + term + "): nothing would be left of " + device.name()
                    + "; write what is usable of each, such as "
                    + device.memory().usable().toDisplay());
        }
        return device.memory().withUsable(size);
    }

    private static Accelerator linked(Accelerator device, String term) {
        if (!device.link().name().startsWith("NVLink")) {
            throw new IllegalArgumentException("(" + term + "): " + device.name() + " has no NVLink, but "
                    + device.link().name() + "; leave it out");
        }
        return device;
    }

    private static Ratio hundredth(String percent) {
        Ratio share = Ratio.parse(percent);
        return Ratio.of(share.numerator(), Math.multiplyExact(share.denominator(), 100L));
    }

    private static ByteSize size(String term) {
        try {
            return ByteSize.parse(term);
        } catch (IllegalArgumentException noSize) {
            throw new IllegalArgumentException(
                    "(" + term
                            + "): write PCIe, NVLink, display, ECC on, ECC off, a share such as 50%, or what is usable of each"
                            + " device, such as 40 GiB; " + noSize.getMessage(),
                    noSize);
        }
    }
}
