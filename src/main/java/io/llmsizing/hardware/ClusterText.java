package io.llmsizing.hardware;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a cluster. Names may hold what looks like a count (7900 XTX, p5en.48xlarge), terms (GB10 (DGX Spark)) or a plus (1g.10gb+me), so each
 * part is tried with the longest name first.
 */
final class ClusterText {
    private static final Splitter JOINED = Splitter.on(
                    Pattern.compile("(?<=^|\\s)\\+(?=\\s|$)|\\+(?=\\s*\\d{1,9}\\s*[xX*×])"))
            .trimResults();
    private static final Splitter TOGETHER = Splitter.on('&').trimResults();
    private static final Splitter TERMS = Splitter.on(',').trimResults();
    private static final Pattern IN_FRONT = Pattern.compile("(\\d{1,9})\\s*[xX*×]\\s*(\\S.*)");
    private static final Pattern BEHIND = Pattern.compile("(.*\\S)\\s*[xX*×]\\s*(\\d{1,9})");
    private static final Pattern IN_BRACKETS = Pattern.compile("(?:(\\d{1,9})\\s*[xX*×]\\s*)?\\[([^\\[\\]]*)]");
    private static final Pattern WITH_TERMS = Pattern.compile("(.*\\S)\\s*\\(([^()]+)\\)");
    private static final int UNWRITTEN = -1;
    private static final int LONGEST = 1 << 16;

    private final String text;
    private final HardwareNames names;
    private final boolean suggesting;
    private final Set<String> choices = new LinkedHashSet<>();

    ClusterText(String text, HardwareNames names) {
        this(text, names, true);
    }

    private ClusterText(String text, HardwareNames names, boolean suggesting) {
        this.text = text;
        this.names = names;
        this.suggesting = suggesting;
    }

    Cluster cluster() {
        if (text.isBlank() || text.length() > LONGEST || text.strip().contains("\n")) {
            throw unreadable(text.length() > LONGEST ? text.substring(0, 40) + "..." : text);
        }
        ClusterSpelling.check(text);
        List<Cluster.Group> groups = new ArrayList<>();
        for (String part : ClusterSpelling.noneEmpty(JOINED.splitToList(text.strip()), text)) {
            groups.add(group(part));
        }
        return new Cluster(groups, ImmutableList.copyOf(choices));
    }

    private Cluster.Group group(String part) {
        Matcher bracketed = IN_BRACKETS.matcher(part);
        if (bracketed.matches()) {
            int count = bracketed.group(1) == null ? 1 : Integer.parseInt(bracketed.group(1));
            checkNodes(part, count);
            return new Cluster.Group(together(bracketed.group(2)), count);
        }
        if (part.indexOf('&') >= 0) {
            return new Cluster.Group(together(part), 1);
        }
        return read(part);
    }

    private Node together(String unlike) {
        List<Node.Devices> devices = new ArrayList<>();
        for (String part : ClusterSpelling.noneEmpty(TOGETHER.splitToList(unlike), text)) {
            Cluster.Group one = read(part);
            if (one.count() > 1 || !one.node().name().isEmpty()) {
                throw new IllegalArgumentException(
                        "'" + part + "' is more than the devices of one node; join nodes by + instead of &");
            }
            devices.addAll(one.node().devices());
        }
        return Node.of(devices);
    }

    /** One way to take a part to pieces. */
    private record Taken(String name, int outer, int inner, String terms) {
        int outerOrOne() {
            return outer == UNWRITTEN ? 1 : outer;
        }

        int innerOrOne() {
            return inner == UNWRITTEN ? 1 : inner;
        }
    }

    private Cluster.Group read(String part) {
        @Nullable IllegalArgumentException last = null;
        for (Taken taken : waysToTake(part)) {
            try {
                return resolved(taken, part);
            } catch (UnresolvedNameException unknown) {
                last = last == null || !isCutInAWord(part, taken.name()) ? unknown.said() : last;
            }
        }
        Optional<String> meant = suggesting ? ClusterSpelling.meant(part, this::isReadable) : Optional.empty();
        if (meant.isPresent()) {
            throw new IllegalArgumentException("'" + part + "' is not a cluster; write " + meant.get());
        }
        throw last == null ? unreadable(part) : last;
    }

    private boolean isReadable(String other) {
        try {
            new ClusterText(other, names, false).cluster();
            return true;
        } catch (IllegalArgumentException neither) {
            return false;
        }
    }

    /** Such as RT of RTX 3060: nothing to be told about, since nobody wrote it as a name. */
    private static boolean isCutInAWord(String part, String name) {
        int behind = part.indexOf(name) + name.length();
        return behind < part.length()
                && Character.isLetter(part.charAt(behind))
                && Character.isLetter(part.charAt(behind - 1));
    }

    private static List<Taken> waysToTake(String part) {
        List<Taken> ways = new ArrayList<>();
        addWays(ways, part, "");
        Matcher terms = WITH_TERMS.matcher(part);
        if (terms.matches()) {
            addWays(ways, terms.group(1), terms.group(2));
        }
        Matcher behind = BEHIND.matcher(part);
        Matcher termsBefore = WITH_TERMS.matcher(behind.matches() ? behind.group(1) : "");
        if (termsBefore.matches()) {
            addWays(ways, termsBefore.group(1) + " x " + behind.group(2), termsBefore.group(2));
        }
        return ways;
    }

    private static void addWays(List<Taken> ways, String part, String terms) {
        if (part.isEmpty()) {
            return;
        }
        ways.add(new Taken(part, UNWRITTEN, UNWRITTEN, terms));
        Matcher behind = BEHIND.matcher(part);
        if (behind.matches()) {
            ways.add(new Taken(behind.group(1), UNWRITTEN, Integer.parseInt(behind.group(2)), terms));
        }
        Matcher once = IN_FRONT.matcher(part);
        if (!once.matches()) {
            return;
        }
        int first = Integer.parseInt(once.group(1));
        ways.add(new Taken(once.group(2), UNWRITTEN, first, terms));
        Matcher both = BEHIND.matcher(once.group(2));
        if (both.matches()) {
            ways.add(new Taken(both.group(1), Integer.parseInt(both.group(2)), first, terms));
        }
        Matcher twice = IN_FRONT.matcher(once.group(2));
        if (twice.matches()) {
            ways.add(new Taken(twice.group(2), first, Integer.parseInt(twice.group(1)), terms));
        }
    }

    /** A name that could not be found, which another way to take the part may yet find. */
    private static final class UnresolvedNameException extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final transient IllegalArgumentException said;

        UnresolvedNameException(IllegalArgumentException said) {
            super(said);
            this.said = said;
        }

        IllegalArgumentException said() {
            return said;
        }
    }

    private Cluster.Group resolved(Taken taken, String part) {
        Optional<Node> machine = names.node(taken.name());
        return machine.isPresent() ? machines(machine.get(), taken, part) : devices(taken, part);
    }

    private Cluster.Group machines(Node machine, Taken taken, String part) {
        if (!taken.terms().isEmpty() || taken.outer() != UNWRITTEN) {
            throw new IllegalArgumentException("'" + text + "': " + machine.name()
                    + " is a whole machine; write how many there are, and nothing else: 4x " + machine.name());
        }
        checkNodes(part, taken.innerOrOne());
        return new Cluster.Group(machine, taken.innerOrOne());
    }

    private static void checkNodes(String part, int count) {
        if (count < 1 || count > Cluster.MOST_NODES) {
            throw new IllegalArgumentException("'" + part + "': " + count + " nodes; 1 to 65,536 allowed");
        }
    }

    private Cluster.Group devices(Taken taken, String part) {
        List<String> terms = new ArrayList<>(taken.terms().isEmpty() ? List.of() : TERMS.splitToList(taken.terms()));
        Accelerator named = named(taken.name(), terms);
        checkNodes(part, taken.outerOrOne());
        if (taken.innerOrOne() < 1 || taken.innerOrOne() > Node.MOST_DEVICES) {
            throw new IllegalArgumentException(
                    "'" + part + "': " + taken.inner() + " devices in a node; 1 to 1,024 allowed");
        }
        Node.Devices devices = new Node.Devices(DeviceTerms.applied(named, terms), taken.innerOrOne(), terms);
        DeviceTerms.givenSize(terms)
                .flatMap(given ->
                        DeviceTerms.beyondDriver(DeviceTerms.applied(named, DeviceTerms.withoutSizes(terms)), given))
                .ifPresent(choices::add);
        if (!named.name().equalsIgnoreCase(taken.name())) {
            devices.productNote().ifPresent(choices::add);
        }
        return new Cluster.Group(Node.of(List.of(devices)), taken.outerOrOne());
    }

    /** The device that is meant; a term that only says with what size it is sold is taken off. */
    private Accelerator named(String name, List<String> terms) {
        List<Accelerator> candidates = names.namesakes(name);
        for (String term : terms) {
            List<Accelerator> sold = soldWith(candidates, term);
            if (!sold.isEmpty()) {
                terms.remove(term);
                refuseAnother(sold, term, terms);
                Accelerator meant = sold.size() == 1
                        ? sold.get(0)
                        : names.accelerator(name, sold.get(0).memory().driver());
                HardwareNames.choice(name + " (" + term + ")", meant, sold).ifPresent(choices::add);
                return meant;
            }
        }
        try {
            Accelerator meant = names.accelerator(name);
            names.choice(name, meant).ifPresent(choices::add);
            return meant;
        } catch (IllegalArgumentException unresolved) {
            throw candidates.size() > 1 ? unresolved : new UnresolvedNameException(unresolved);
        }
    }

    private static List<Accelerator> soldWith(List<Accelerator> candidates, String term) {
        return candidates.stream()
                .filter(candidate -> DeviceTerms.isSoldWith(candidate, term))
                .toList();
    }

    /** What is printed as the usable size would read back as the name's. */
    private static void refuseAnother(List<Accelerator> sold, String term, List<String> others) {
        for (String other : others) {
            if (!soldWith(sold, other).isEmpty()) {
                throw new IllegalArgumentException(
                        "(" + term + ", " + other + "): " + sold.get(0).name()
                                + " is sold with that, which is said once; write in bytes what is usable of it, such as "
                                + sold.get(0).memory().usable());
            }
        }
    }

    private static IllegalArgumentException unreadable(String part) {
        return new IllegalArgumentException(
                "'" + part + "' is not a cluster; write 8xH200, 2x8xH200 for two nodes of 8, or 4x p5en.48xlarge");
    }
}
