package io.llmsizing.inventory;

import static io.llmsizing.inventory.Recognition.mebibytes;

import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.DeviceMemory;
import io.llmsizing.units.ByteSize;
import java.util.List;

/** What can be used of a device, by what a tool prints of its memory: that counts where the catalogue has other figures. */
final class PrintedMemory {
    private final Findings findings;

    PrintedMemory(Findings findings) {
        this.findings = findings;
    }

    /**
     * The memory.
     *
     * @throws IllegalArgumentException if nothing of it is free, or the figures speak against each other
     */
    DeviceMemory of(Sighting seen, Accelerator card) {
        return free(seen, card, kept(seen, card, total(seen, card)));
    }

    private DeviceMemory total(Sighting seen, Accelerator card) {
        DeviceMemory listed = card.memory();
        if (seen.total().isEmpty()) {
            return seen.memory()
                    .errorCorrection()
                    .map(on -> corrected(seen, card, on))
                    .orElse(listed);
        }
        ByteSize printed = seen.total().get();
        if (printed.bytes() == 0) {
            throw new IllegalArgumentException("a total of 0 B is printed");
        }
        if (Recognition.isNear(printed, listed.driver())) {
            return listed.limitedTo(printed);
        }
        findings.assume(
                seen.place(),
                List.of(
                        "a total of ",
                        " is printed, the catalogue has " + mebibytes(listed.driver()) + " for " + card.name()
                                + "; the printed one is taken"),
                printed);
        return listed.withDriver(printed, "the total as printed, less what the catalogue knows to be kept");
    }

    private DeviceMemory corrected(Sighting seen, Accelerator card, boolean on) {
        DeviceMemory other = card.withErrorCorrection(on).memory();
        if (!other.equals(card.memory())) {
            findings.assume(
                    seen.place(),
                    "error correction of " + card.name() + " is " + (on ? "on" : "off") + " and no total is printed; "
                            + mebibytes(other.driver()) + " are taken, the catalogue has "
                            + mebibytes(card.memory().driver()));
        }
        return other;
    }

    /** A total less what is reserved of it is what programs see, to the byte. */
    private DeviceMemory kept(Sighting seen, Accelerator card, DeviceMemory whole) {
        if (seen.total().isEmpty() || seen.memory().reserved().isEmpty()) {
            return whole;
        }
        ByteSize total = seen.total().get();
        ByteSize reserved = seen.memory().reserved().get();
        if (reserved.compareTo(total) >= 0) {
            throw new IllegalArgumentException(mebibytes(reserved) + " reserved of a total of " + mebibytes(total));
        }
        ByteSize usable = ByteSize.ofBytes(total.bytes() - reserved.bytes());
        if (!Recognition.isNear(usable, whole.usable())) {
            findings.assume(
                    seen.place(),
                    List.of(
                            "the driver keeps ",
                            "; ",
                            " are usable, the catalogue has " + mebibytes(whole.usable()) + " for " + card.name()
                                    + "; what is printed is taken"),
                    reserved,
                    usable);
        }
        return new DeviceMemory(
                whole.marketing(),
                whole.kind(),
                whole.unified(),
                whole.bandwidth(),
                total,
                usable,
                usable,
                usable,
                "the total less what is reserved, as printed");
    }

    private DeviceMemory free(Sighting seen, Accelerator card, DeviceMemory whole) {
        Sighting.Memory printed = seen.memory();
        if (printed.free().isPresent() && printed.total().isPresent()) {
            noMore(printed.free().get(), "free", printed.total().get());
        }
        ByteSize free = printed.free()
                .or(() -> printed.used()
                        .filter(used -> used.bytes() > 0)
                        .map(used -> left(used, printed.total().orElse(whole.driver()), whole)))
                .orElse(whole.usableHigh());
        if (free.bytes() == 0) {
            throw new IllegalArgumentException("no memory is free");
        }
        long held = whole.usable().bytes() - free.bytes();
        if (held > whole.driver().bytes() / 1000 * 3) {
            findings.add(
                    seen.place(),
                    List.of("other programs hold ", " of the ", " of " + card.name() + "; ", " are counted"),
                    ByteSize.ofBytes(held),
                    whole.usable(),
                    free);
        }
        return whole.limitedTo(free);
    }

    private static ByteSize left(ByteSize used, ByteSize total, DeviceMemory whole) {
        noMore(used, "used", total);
        return ByteSize.ofBytes(Math.max(0, whole.usable().bytes() - used.bytes()));
    }

    private static void noMore(ByteSize part, String what, ByteSize total) {
        if (part.compareTo(total) > 0) {
            throw new IllegalArgumentException(mebibytes(part) + " " + what + " of a total of " + mebibytes(total));
        }
    }
}
