package io.llmsizing.hardware;

import com.google.common.collect.ImmutableMap;
import io.llmsizing.units.ByteSize;
import io.llmsizing.units.Ratio;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is said about a device beyond its name: its link, its error correction, and the memory left of it. Each is said once at
 * most, and holds whatever the order in which they are written.
 */
final class DeviceTerms {
    private static final Pattern PERCENT = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,9})?)\\s*%");
    private static final Pattern SOLD_SIZE = Pattern.compile("\\d{1,4}\\s*Gi?B", Pattern.CASE_INSENSITIVE);

    /** In the order in which they are applied. */
    private enum Subject {
        LINK("how devices reach each other"),
        ERROR_CORRECTION("whether errors are corrected"),
        LEFT("what is left of each");

        private final String words;

        Subject(String words) {
            this.words = words;
        }
    }

    private static final Map<String, Subject> WORDS = ImmutableMap.of(
            "pcie", Subject.LINK,
            "nvlink", Subject.LINK,
            "ecc on", Subject.ERROR_CORRECTION,
            "ecc off", Subject.ERROR_CORRECTION);

    private DeviceTerms() {}

    /**
     * A device as terms say.
     *
     * @throws IllegalArgumentException if a term is unknown, does not hold for the device, or says again what another says
     */
    static Accelerator applied(Accelerator device, List<String> terms) {
        Map<Subject, String> said = new EnumMap<>(Subject.class);
        for (String term : terms) {
            String before = said.putIfAbsent(subject(term), term);
            if (before != null) {
                throw new IllegalArgumentException("(" + before + ", " + term + "): both say " + subject(term).words
                        + " of " + device.name() + "; leave one out");
            }
        }
        Accelerator changed = device;
        for (String term : said.values()) {
            changed = applied(changed, term);
        }
        return changed;
    }

    private static Subject subject(String term) {
        return WORDS.getOrDefault(term.toLowerCase(Locale.ROOT), Subject.LEFT);
    }

    /** The terms that another usable size leaves standing. */
    static List<String> withoutSizes(List<String> terms) {
        return terms.stream().filter(term -> subject(term) != Subject.LEFT).toList();
    }

    /** The size that is said to be usable, if one is. */
    static Optional<ByteSize> givenSize(List<String> terms) {
        return terms.stream()
                .filter(term -> subject(term) == Subject.LEFT)
                .filter(term -> !term.equalsIgnoreCase("display") && !term.endsWith("%"))
                .map(ByteSize::parse)
                .findFirst();
    }

    /** What is said where more is given than there should be. */
    static Optional<String> beyondDriver(Accelerator device, ByteSize given) {
        ByteSize driver = device.memory().driver();
        return given.compareTo(driver) <= 0
                ? Optional.empty()
                : Optional.of(given.toDisplay() + " of each " + device + " are taken as given; its driver reports "
                        + driver.toDisplay());
    }

    private static Accelerator applied(Accelerator device, String term) {
        return switch (term.toLowerCase(Locale.ROOT)) {
            case "pcie" ->
                device.withLink(
                        new Interconnect(device.host().name(), device.host().perDirection(), 1));
            case "nvlink" -> linked(device, term);
            case "ecc on" -> device.withMemory(ErrorCorrection.on(device));
            case "ecc off" -> device.withMemory(ErrorCorrection.off(device));
            default -> device.withMemory(left(device, term));
        };
    }

    private static DeviceMemory left(Accelerator device, String term) {
        Matcher percent = PERCENT.matcher(term);
        boolean display = term.equalsIgnoreCase("display");
        DeviceMemory memory = device.memory();
        ByteSize size = display || percent.matches() ? ByteSize.ZERO : readSize(term);
        try {
            if (percent.matches()) {
                return memory.share(hundredth(percent.group(1)));
            }
            return display ? DisplayShare.takenOff(memory) : memory.withUsable(size);
        } catch (IllegalArgumentException outOfRange) {
            throw new IllegalArgumentException(
                    "(" + term + "), of " + device.name() + ": " + outOfRange.getMessage()
                            + "; write what is usable of each," + " such as "
                            + memory.usable().toDisplay() + " or 50%",
                    outOfRange);
        }
    }

    /**
     * Whether a term is the size that a device is sold with, such as {@code 80 GB} of an A100, or {@code 80 GiB}, as many say. A
     * size in bytes, as clusters print theirs, never is.
     */
    static boolean isSoldWith(Accelerator device, String term) {
        if (!SOLD_SIZE.matcher(term).matches()) {
            return false;
        }
        String sold = device.memory().marketing();
        ByteSize size = ByteSize.parse(term);
        return size.equals(ByteSize.parse(sold)) || size.equals(ByteSize.parse(sold.replace("GB", "GiB")));
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

    private static ByteSize readSize(String term) {
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
