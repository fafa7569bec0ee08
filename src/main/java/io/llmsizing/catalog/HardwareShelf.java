package io.llmsizing.catalog;

import com.google.common.base.Supplier;
import com.google.common.base.Suppliers;
import com.google.common.collect.HashBasedTable;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.LinkedListMultimap;
import com.google.common.collect.ListMultimap;
import com.google.common.collect.Table;
import io.llmsizing.document.MalformedFileException;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.HardwareNames;
import io.llmsizing.hardware.Node;
import io.llmsizing.hardware.NodeType;
import io.llmsizing.hardware.Partition;
import io.llmsizing.hardware.Reading;
import io.llmsizing.units.ByteSize;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Accelerators, their parts and types of machines by name, and what sources say about them. Tables are read one over the
 * other, an entry with a known id replacing that one; parts and readings when they are first asked for.
 */
final class HardwareShelf implements HardwareNames {
    private static final Pattern PART =
            Pattern.compile("(.*?\\S)[\\s:/-]+(?:mig[\\s:-]*)?(\\d{1,2}g\\.\\d{1,4}gb\\S*)", Pattern.CASE_INSENSITIVE);
    private static final Pattern WITH_MEMORY =
            Pattern.compile("(.*\\S)[\\s_-]*?\\b(\\d{1,4})\\s*GB", Pattern.CASE_INSENSITIVE);

    private static final Pattern BARE_SIZE = Pattern.compile("(.*\\S[\\s_-]*\\b\\d{1,4}G)", Pattern.CASE_INSENSITIVE);

    /** Opens a table. */
    interface Directory {
        /** Nothing where there is no such table. */
        @Nullable
        InputStream open(String file) throws IOException;
    }

    private final Map<String, Accelerator> accelerators = new LinkedHashMap<>();
    private final Map<String, NodeType> nodes = new LinkedHashMap<>();
    private final Supplier<Table<String, String, Partition>> partitions;
    private final Supplier<ListMultimap<String, Reading>> readings;
    private final NameIndex acceleratorNames = new NameIndex(
            "accelerator", List.of(NameIndex::spellingFolded, DeviceSpelling::joined, DeviceSpelling::inAnyOrder));
    private final NameIndex nodeNames =
            new NameIndex("type of machine", List.of(NameIndex::spellingFolded, HardwareShelf::withoutService));

    /**
     * The tables of some directories.
     *
     * @param directories by their names, the user's own last
     */
    HardwareShelf(Map<String, Directory> directories) {
        directories.forEach((name, directory) -> {
            read(
                    name,
                    directory,
                    "accelerators.csv",
                    (bytes, file) -> accelerators.putAll(AcceleratorTable.read(bytes, file)));
            read(
                    name,
                    directory,
                    "nodes.csv",
                    (bytes, file) -> nodes.putAll(NodeTable.read(bytes, file, accelerators)));
        });
        partitions = Suppliers.memoize(() -> partitions(directories));
        readings = Suppliers.memoize(() -> readings(directories));
        for (Accelerator accelerator : accelerators.values()) {
            acceleratorNames.add(accelerator.id(), accelerator.id());
            acceleratorNames.add(accelerator.name(), accelerator.id());
            accelerator.aliases().forEach(alias -> acceleratorNames.add(alias, accelerator.id()));
            accelerator.driverNames().forEach(printed -> acceleratorNames.add(printed, accelerator.id()));
        }
        directories.forEach((name, directory) -> read(
                name,
                directory,
                "shared-names.csv",
                (bytes, file) -> SharedNameTable.read(bytes, file, accelerators).forEach(this::share)));
        for (NodeType type : nodes.values()) {
            nodeNames.add(type.id(), type.id());
            nodeNames.add(type.node().name(), type.id());
            type.aliases().forEach(alias -> nodeNames.add(alias, type.id()));
        }
    }

    /** Services put theirs in front of a type of machine's name: {@code ml.p5.48xlarge}. */
    private static String withoutService(String name) {
        String folded = NameIndex.spellingFolded(name);
        return folded.startsWith("ml.") ? folded.substring(3) : folded;
    }

    private void share(SharedNameTable.SharedName shared) {
        acceleratorNames.addUsual(shared.name(), shared.usual());
        shared.others().forEach(id -> acceleratorNames.add(shared.name(), id));
    }

    private interface Reader {
        void read(InputStream bytes, String file);
    }

    private static void read(String name, Directory directory, String file, Reader reader) {
        String place = name.isEmpty() ? file : name + "/" + file;
        try (InputStream bytes = directory.open(file)) {
            if (bytes != null) {
                reader.read(bytes, place);
            }
        } catch (IOException unreadable) {
            throw new MalformedFileException(place, "file", "can't be read: " + unreadable.getMessage());
        }
    }

    private static Table<String, String, Partition> partitions(Map<String, Directory> directories) {
        Table<String, String, Partition> partitions = HashBasedTable.create();
        directories.forEach((name, directory) -> read(
                name,
                directory,
                "mig-profiles.csv",
                (bytes, file) -> partitions.putAll(PartitionTable.read(bytes, file))));
        return partitions;
    }

    private Map<String, Partition> partitionsOf(String id) {
        return Objects.requireNonNull(partitions.get()).row(id);
    }

    private static ListMultimap<String, Reading> readings(Map<String, Directory> directories) {
        ListMultimap<String, Reading> readings = LinkedListMultimap.create();
        directories.forEach((name, directory) -> {
            for (String file : List.of("readings.csv", "node-readings.csv")) {
                read(name, directory, file, (bytes, place) -> readings.putAll(ReadingTable.read(bytes, place)));
            }
        });
        return readings;
    }

    @Override
    public Accelerator accelerator(String name) {
        Matcher part = PART.matcher(name.strip());
        return part.matches()
                ? part(part.group(1), NameIndex.caseFolded(part.group(2)))
                : known(only(name, idsOf(name)));
    }

    private String only(String name, List<String> ids) {
        Matcher bare = BARE_SIZE.matcher(name.strip());
        String sized = bare.matches() ? bare.group(1) + "B" : name;
        if (ids.isEmpty() && bare.matches() && !idsOf(sized).isEmpty()) {
            throw new UnknownNameException(
                    "accelerator",
                    "no accelerator '" + name + "': a bare G is no unit of memory; write GB: " + sized,
                    List.of(sized));
        }
        return acceleratorNames.only(name, ids);
    }

    @Override
    public Accelerator accelerator(String name, ByteSize memory) {
        List<String> meant = idsOf(name);
        List<String> near =
                meant.stream().filter(id -> known(id).memory().isNear(memory)).toList();
        if (meant.size() < 2) {
            return accelerator(name);
        }
        Optional<String> usual = acceleratorNames.usual(name, near);
        Set<String> sold =
                near.stream().map(id -> known(id).memory().marketing()).collect(Collectors.toSet());
        return usual.isEmpty() && near.size() > 1 && sold.size() == 1
                ? accelerator(name + " " + sold.iterator().next())
                : known(acceleratorNames.only(name, near.isEmpty() ? meant : near));
    }

    private Accelerator known(String id) {
        return Objects.requireNonNull(accelerators.get(id));
    }

    @Override
    public List<Accelerator> candidates(String name) {
        Matcher part = PART.matcher(name.strip());
        String whole = part.matches() ? part.group(1) : name;
        List<Accelerator> candidates = new ArrayList<>();
        for (String id : idsOf(whole)) {
            Accelerator accelerator = known(id);
            if (!part.matches()) {
                candidates.add(accelerator);
            } else {
                Partition partition = partitionsOf(id).get(NameIndex.caseFolded(part.group(2)));
                if (partition != null) {
                    candidates.add(partition.of(accelerator));
                }
            }
        }
        return candidates;
    }

    @Override
    public List<Accelerator> namesakes(String name) {
        List<Accelerator> strictly = candidates(name);
        Optional<Accelerator> writtenOut =
                strictly.stream().filter(one -> isNameOf(name, one)).findFirst();
        if (writtenOut.isPresent()) {
            return List.of(writtenOut.get());
        }
        return PART.matcher(name.strip()).matches()
                ? strictly
                : Stream.concat(
                                strictly.stream(),
                                acceleratorNames.idsOfAnySpelling(name).stream().map(this::known))
                        .distinct()
                        .toList();
    }

    private static boolean isNameOf(String name, Accelerator accelerator) {
        return NameIndex.caseFolded(name).equals(accelerator.id())
                || NameIndex.spellingFolded(name).equals(NameIndex.spellingFolded(accelerator.name()));
    }

    private List<String> idsOf(String name) {
        List<String> ids = acceleratorNames.idsOf(name);
        Matcher sized = WITH_MEMORY.matcher(name.strip());
        return ids.isEmpty() && sized.matches()
                ? ofMemory(acceleratorNames.idsOf(sized.group(1)), sized.group(2) + " GB")
                : ids;
    }

    private List<String> ofMemory(List<String> ids, String sold) {
        return ids.stream().filter(id -> isSoldWith(known(id), sold)).toList();
    }

    /** By the device or by the product: an MI250X of 128 GB is two devices of 64. */
    private static boolean isSoldWith(Accelerator accelerator, String sold) {
        ByteSize each = ByteSize.parse(accelerator.memory().marketing());
        ByteSize all = ByteSize.ofBytes(each.bytes() * accelerator.product().devices());
        return accelerator.memory().marketing().equals(sold) || all.equals(ByteSize.parse(sold));
    }

    private Accelerator part(String name, String profile) {
        Accelerator whole = accelerator(name);
        Partition partition = partitionsOf(whole.id()).get(profile);
        if (partition == null) {
            List<String> known =
                    partitionsOf(whole.id()).keySet().stream().sorted().toList();
            throw new UnknownNameException(
                    "accelerator",
                    known.isEmpty()
                            ? whole.name() + " can't be cut into MIG instances"
                            : whole.name() + " has no MIG profile '" + profile + "'; known: "
                                    + String.join(", ", known),
                    known);
        }
        return partition.of(whole);
    }

    @Override
    public Optional<Node> node(String name) {
        List<String> ids = nodeNames.idsOf(name);
        return ids.isEmpty() ? Optional.empty() : Optional.of(nodeType(name).node());
    }

    NodeType nodeType(String name) {
        return Objects.requireNonNull(nodes.get(nodeNames.idOf(name)));
    }

    List<Accelerator> accelerators() {
        return ImmutableList.copyOf(accelerators.values());
    }

    List<NodeType> nodeTypes() {
        return ImmutableList.copyOf(nodes.values());
    }

    List<Partition> partitions(Accelerator accelerator) {
        return ImmutableList.copyOf(partitionsOf(accelerator.id()).values());
    }

    List<Reading> readings(String id) {
        return ImmutableList.copyOf(Objects.requireNonNull(readings.get()).get(id));
    }
}
