package io.llmsizing.inventory;

import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.DeviceMemory;
import io.llmsizing.hardware.HardwareNames;
import io.llmsizing.hardware.Node;
import io.llmsizing.units.ByteSize;
import io.llmsizing.units.SizeUnits;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which device a tool means, and what of its memory can be used: the name decides, printed memory where the name may mean
 * several, and what is printed counts where it differs from the catalogue.
 */
final class Recognition {
    private static final int MOST_KEPT = 4096;
    private static final int MOST_EXPLAINED = 128;
    private static final int LONGEST_NAME = 120;
    private static final int[] SLICES = {1, 2, 3, 4, 7};
    private static final Pattern PART =
            Pattern.compile("(.+?)[\\s_:/-]+(?:MIG[\\s:-]*)?(\\d{1,2}g\\.\\d{1,4}gb)\\S*", Pattern.CASE_INSENSITIVE);
    private static final String SHARED = "-SHARED";
    private static final int MOST_NAMED = 12;
    private static final String WAY_OUT = "Write the cluster, or our own table, with a name that is known";

    private final HardwareNames names;
    private final Findings findings;
    private final PrintedMemory memory;
    private final Map<String, List<Accelerator>> candidates = new HashMap<>();
    private final Map<String, String> problems = new HashMap<>();

    Recognition(HardwareNames names, Findings findings) {
        this.names = names;
        this.findings = findings;
        memory = new PrintedMemory(findings);
    }

    /** The devices with what can be used of them, or nothing and a finding. */
    Optional<Node.Devices> devices(Sighting seen) {
        if (seen.count() < 1 || seen.count() > 1 << 10) {
            findings.add(seen.place(), seen.count() + " devices; 1 to 1,024 allowed, left out");
            return Optional.empty();
        }
        return card(seen).flatMap(card -> devices(seen, card));
    }

    /** The devices, where it is known which they are, or nothing and a finding. */
    Optional<Node.Devices> devices(Sighting seen, Accelerator card) {
        DeviceMemory listed = card.memory();
        try {
            DeviceMemory left = memory.of(seen, card);
            return Optional.of(
                    left.equals(listed)
                            ? new Node.Devices(card, seen.count(), List.of())
                            : new Node.Devices(
                                    card.withMemory(left),
                                    seen.count(),
                                    List.of(left.usable().toString())));
        } catch (IllegalArgumentException noMemory) {
            findings.add(seen.place(), card.name() + ": " + noMemory.getMessage() + "; left out");
            return Optional.empty();
        }
    }

    /** Whether a name, with the memory printed beside it, means one device. Says nothing if not. */
    boolean knows(Sighting seen) {
        return known(seen).isPresent();
    }

    /** The device that a name means, with the memory printed beside it, if it means one. Says nothing if not. */
    Optional<Accelerator> known(Sighting seen) {
        return only(candidates(seen.name()), seen.total());
    }

    /** A device's name in the catalogue, or as printed. */
    String nameOf(Sighting seen) {
        return known(seen).map(Accelerator::name).orElse(Findings.shown(seen.name()));
    }

    /** Whether the memory printed beside a name is that of the device it means. */
    boolean isTotal(Sighting seen) {
        return seen.total()
                .flatMap(total ->
                        known(seen).map(card -> isNear(total, card.memory().driver())))
                .orElse(false);
    }

    /** Whether parts have more memory than the device that they are of, where all are known. */
    boolean exceed(Sighting whole, List<Sighting> parts) {
        long sum = 0;
        for (Sighting part : parts) {
            sum += known(part).map(card -> card.memory().driver().bytes()).orElse(0L) * part.count();
        }
        long all = sum;
        return known(whole).map(card -> all > card.memory().driver().bytes()).orElse(false);
    }

    /** A machine of a type, if there is one such type. */
    Optional<Node> machineType(String type) {
        if (type.isBlank() || type.length() > LONGEST_NAME) {
            return Optional.empty();
        }
        try {
            return names.node(type);
        } catch (IllegalArgumentException ambiguous) {
            return Optional.empty();
        }
    }

    /** Whether printed memory can be nothing but the total of a device, with or without error correction of its memory. */
    static boolean isTotalOf(ByteSize printed, DeviceMemory listed) {
        return isNear(printed, listed.driver())
                || isNear(ByteSize.ofBytes(printed.bytes() / 16 * 15), listed.driver())
                || isNear(printed, ByteSize.ofBytes(listed.driver().bytes() / 16 * 15));
    }

    /** Whether printed memory is that of a device. */
    static boolean isNear(ByteSize printed, ByteSize listed) {
        return Math.abs(printed.bytes() - listed.bytes()) <= listed.bytes() / 1000 * 3;
    }

    /** The device, or nothing and a finding. */
    Optional<Accelerator> card(Sighting seen) {
        List<Accelerator> meant = candidates(seen.name());
        Optional<Accelerator> card = only(meant, seen.total());
        if (card.isEmpty() && meant.size() > 1) {
            card = usual(seen);
        }
        if (card.isEmpty()) {
            String decided = meant.size() > 1 && seen.total().isPresent()
                    ? "; its " + mebibytes(seen.total().get()) + " do not decide"
                    : "";
            findings.add(
                    seen.place(), problem(seen.name()) + decided + "; " + seen.counted() + " left out. " + WAY_OUT);
        }
        return card.map(named -> ofSize(seen, named));
    }

    /** The product of another size where a driver prints one name for both. */
    private Accelerator ofSize(Sighting seen, Accelerator named) {
        if (seen.total().isEmpty() || isTotalOf(seen.total().get(), named.memory())) {
            return named;
        }
        long gib = seen.total().get().bytes() / SizeUnits.GIB.bytes();
        for (long sold = gib; sold <= gib + 2; sold++) {
            List<Accelerator> near = candidates(named.name() + " " + sold + "GB").stream()
                    .filter(other -> isNear(seen.total().get(), other.memory().driver()))
                    .toList();
            if (near.size() == 1) {
                findings.assume(
                        seen.place(),
                        "'" + Findings.shown(seen.name()) + "' with "
                                + mebibytes(seen.total().get()) + " is taken as " + near.get(0));
                return near.get(0);
            }
        }
        return named;
    }

    /** Of several that share the name, the one usually meant, and a finding. */
    private Optional<Accelerator> usual(Sighting seen) {
        String name = spelled(seen.name());
        try {
            Accelerator usual = seen.total().isPresent()
                    ? names.accelerator(name, seen.total().get())
                    : names.accelerator(name);
            if (seen.total().isPresent()
                    && !isNear(seen.total().get(), usual.memory().driver())) {
                return Optional.empty();
            }
            findings.assume(
                    seen.place(),
                    "'" + seen.name() + "' is taken as " + usual + "; nothing tells it from others of that name");
            return Optional.of(usual);
        } catch (IllegalArgumentException none) {
            return Optional.empty();
        }
    }

    private static Optional<Accelerator> only(List<Accelerator> candidates, Optional<ByteSize> total) {
        if (candidates.size() == 1) {
            return Optional.of(candidates.get(0));
        }
        List<Accelerator> near = candidates.stream()
                .filter(one ->
                        total.isPresent() && isNear(total.get(), one.memory().driver()))
                .toList();
        return near.size() == 1 ? Optional.of(near.get(0)) : Optional.empty();
    }

    private List<Accelerator> candidates(String printed) {
        if (printed.isBlank() || printed.length() > LONGEST_NAME) {
            return List.of();
        }
        List<Accelerator> known = candidates.get(printed);
        if (known == null) {
            known = names.candidates(spelled(printed));
            if (candidates.size() < MOST_KEPT) {
                candidates.put(printed, known);
            }
        }
        return known;
    }

    /** Why a name means no device. Names that come near are looked for as long as there are few. */
    private String problem(String printed) {
        if (printed.isBlank() || printed.length() > LONGEST_NAME) {
            return "'" + Findings.shown(printed) + "' is no device's name";
        }
        String known = problems.get(printed);
        if (known == null) {
            if (problems.size() >= MOST_EXPLAINED) {
                return "no accelerator, or no single one, is called '" + Findings.shown(printed) + "'";
            }
            known = explained(spelled(printed));
            problems.put(printed, known);
        }
        return known;
    }

    /** A file that a tool wrote is not the user's to edit, so the way out is another. */
    private String explained(String name) {
        Optional<Node> machine = machineType(name);
        if (machine.isPresent()) {
            return "'" + name + "' is a type of machine, and a device is wanted here, such as "
                    + machine.get().devices().stream()
                            .map(devices -> devices.accelerator().name() + ", " + devices.count() + " of them in each")
                            .collect(Collectors.joining(", and "));
        }
        if (name.endsWith(")") && knows(Sighting.of("", name.replaceFirst("\\s*\\([^()]*\\)$", ""), 1))) {
            return "'" + name
                    + "' has terms in parentheses, and a device's name is wanted here, with its memory in columns of"
                    + " their own";
        }
        List<Accelerator> several = names.candidates(name);
        if (several.size() > 1) {
            return "not one but " + several.size() + " accelerators '" + name + "': "
                    + several.stream().map(Accelerator::id).limit(MOST_NAMED).collect(Collectors.joining(", "))
                    + (several.size() > MOST_NAMED ? " and others" : "");
        }
        try {
            return "'" + name + "' is only " + names.accelerator(name).name() + " where nothing else is printed";
        } catch (IllegalArgumentException unknown) {
            return String.valueOf(unknown.getMessage());
        }
    }

    /** Parts as the catalogue names them; media engines and the like of a part do not touch its memory. */
    private static String spelled(String printed) {
        String name = printed.strip();
        if (name.endsWith(SHARED)) {
            name = name.substring(0, name.length() - SHARED.length());
        }
        Matcher part = PART.matcher(name);
        return part.matches() ? part.group(1) + " MIG " + part.group(2) : name;
    }

    /**
     * The profile of a part of which the memory is printed and the name is not.
     *
     * @param slices of the device, as the number of its copy engines tells, for profiles of equal memory
     */
    Optional<String> partOf(String whole, ByteSize total, int slices) {
        long gib = total.bytes() / SizeUnits.GIB.bytes();
        Optional<String> found = Optional.empty();
        for (int size : SLICES) {
            for (long sold = gib; sold <= gib + gib / 6 + 2 && sold < 10_000; sold++) {
                String name = whole + " MIG " + size + "g." + sold + "gb";
                List<Accelerator> candidates = name.length() > LONGEST_NAME
                        ? List.of()
                        : names.candidates(name).stream()
                                .filter(part -> isNear(total, part.memory().driver()))
                                .toList();
                if (!candidates.isEmpty() && (found.isEmpty() || size == slices)) {
                    found = Optional.of(name);
                }
            }
        }
        return found;
    }

    static String mebibytes(ByteSize size) {
        long mib = SizeUnits.MIB.bytes();
        return size.bytes() % mib == 0 || size.bytes() > 1L << 30 ? size.toDisplay(SizeUnits.MIB) : size.toString();
    }
}
