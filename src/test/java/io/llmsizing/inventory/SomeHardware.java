package io.llmsizing.inventory;

import com.google.common.base.CharMatcher;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.ComputeRates;
import io.llmsizing.hardware.DeviceMemory;
import io.llmsizing.hardware.HardwareNames;
import io.llmsizing.hardware.Interconnect;
import io.llmsizing.hardware.Node;
import io.llmsizing.hardware.Partition;
import io.llmsizing.hardware.Product;
import io.llmsizing.units.Bandwidth;
import io.llmsizing.units.ByteSize;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names that do not change when the catalogue grows. */
final class SomeHardware implements HardwareNames {
    private static final CharMatcher IGNORED = CharMatcher.whitespace().or(CharMatcher.anyOf("_-"));
    private static final Pattern PART = Pattern.compile("(.+?)\\s+MIG\\s+(\\S+)", Pattern.CASE_INSENSITIVE);
    private static final Map<String, Integer> PROFILES = Map.ofEntries(
            Map.entry("h100 1g.10gb", 9_984),
            Map.entry("h100 1g.20gb", 20_096),
            Map.entry("h100 2g.20gb", 20_096),
            Map.entry("h100 3g.40gb", 40_448),
            Map.entry("h100 4g.40gb", 40_448),
            Map.entry("h200 3g.71gb", 71_424),
            Map.entry("a100-40 1g.5gb", 4_864),
            Map.entry("a100-80 1g.10gb", 9_728),
            Map.entry("a100-80 3g.40gb", 40_192),
            Map.entry("a100-80 7g.80gb", 80_384));

    private final Map<String, Accelerator> cards = new LinkedHashMap<>();

    SomeHardware() {
        card("h100", "NVIDIA H100 SXM5", "80 GB", "HBM3", 81_559, 469, "NVIDIA H100 80GB HBM3", "H100-SXM");
        card("h100-nvl", "NVIDIA H100 NVL", "94 GB", "HBM3", 95_830, 578);
        card("h200", "NVIDIA H200 SXM5", "141 GB", "HBM3e", 143_771, 615, "NVIDIA H200", "nvidia-h200-141gb");
        card(
                "a100-40",
                "NVIDIA A100 SXM4 40GB",
                "40 GB",
                "HBM2",
                40_960,
                625,
                "NVIDIA A100-SXM4-40GB",
                "A100",
                "NVIDIA A100");
        card(
                "a100-80",
                "NVIDIA A100 SXM4 80GB",
                "80 GB",
                "HBM2e",
                81_920,
                768,
                "NVIDIA A100-SXM4-80GB",
                "A100",
                "NVIDIA A100");
        card("l40s", "NVIDIA L40S", "48 GB", "GDDR6", 46_068, 613);
        card("l4", "NVIDIA L4", "24 GB", "GDDR6", 23_034, 475);
        card("a6000", "NVIDIA RTX A6000", "48 GB", "GDDR6", 49_140, 459);
        card("3090", "NVIDIA GeForce RTX 3090", "24 GB", "GDDR6X", 24_576, 430, "RTX 3090");
        card(
                "3090-48",
                "NVIDIA GeForce RTX 3090 48GB (modified)",
                "48 GB",
                "GDDR6X",
                49_152,
                600,
                "NVIDIA GeForce RTX 3090 48GB");
        card("mi300x", "AMD Instinct MI300X", "192 GB", "HBM3", 196_592, 301, "AMD Instinct MI300X OAM");
        card("gb10", "NVIDIA GB10", "128 GB", "LPDDR5X unified", 124_546, 0, "DGX Spark");
        card("trn1", "AWS Trainium", "32 GB", "HBM", 32_768, 100);
        card("tpu-v5e", "Google TPU v5e", "16 GB", "HBM", 16_384, 100, "TPU v5e");
    }

    private void card(String id, String name, String sold, String kind, long driver, long kept, String... aliases) {
        ByteSize usable = ByteSize.ofBytes((driver - kept) << 20);
        cards.put(
                id,
                new Accelerator(
                        id,
                        name,
                        List.of(aliases),
                        List.of(),
                        "a maker",
                        "a generation",
                        "datacenter",
                        new DeviceMemory(
                                sold,
                                kind,
                                kind.endsWith("unified"),
                                Bandwidth.NONE,
                                ByteSize.ofBytes(driver << 20),
                                usable,
                                usable,
                                usable,
                                "a test's"),
                        new ComputeRates(Map.of(), Set.of("fp16")),
                        Interconnect.UNKNOWN,
                        Interconnect.UNKNOWN,
                        new Product("released", "", "", 1, 0, "", ""),
                        "vllm",
                        "a test",
                        "2026-11-26"));
    }

    Accelerator card(String id) {
        return Objects.requireNonNull(cards.get(id), id);
    }

    @Override
    public Accelerator accelerator(String name) {
        List<Accelerator> candidates = candidates(name);
        if (candidates.size() != 1) {
            throw new IllegalArgumentException(
                    (candidates.isEmpty() ? "no accelerator '" : "not one but " + candidates.size() + " accelerators '")
                            + name + "'");
        }
        return candidates.get(0);
    }

    @Override
    public List<Accelerator> candidates(String name) {
        Matcher part = PART.matcher(name);
        if (part.matches()) {
            return candidates(part.group(1)).stream()
                    .filter(whole -> PROFILES.containsKey(whole.id() + " " + part.group(2)))
                    .map(whole -> part(part.group(2), PROFILES.get(whole.id() + " " + part.group(2)))
                            .of(whole))
                    .toList();
        }
        return cards.values().stream()
                .filter(card -> folded(card.id()).equals(folded(name))
                        || folded(card.name()).equals(folded(name))
                        || card.aliases().stream()
                                .anyMatch(alias -> folded(alias).equals(folded(name))))
                .toList();
    }

    private static Partition part(String profile, long mebibytes) {
        ByteSize size = ByteSize.ofBytes(mebibytes << 20);
        return new Partition(
                profile, DeviceMemory.of("a part", size, size, "a test's"), 1, 1, 7, "a test", "2026-11-26");
    }

    private static String folded(String name) {
        return IGNORED.removeFrom(name.toLowerCase(Locale.ROOT));
    }

    @Override
    public Optional<Node> node(String name) {
        return switch (name) {
            case "p5en.48xlarge" -> machine(name, "h200", 8, "EFA");
            case "Standard_NC40ads_H100_v5" -> machine(name, "h100-nvl", 1, "Ethernet");
            case "p5.48xlarge" -> machine(name, "h100", 8, "EFA");
            case "trn1.32xlarge" -> machine(name, "trn1", 16, "EFA");
            default -> Optional.empty();
        };
    }

    private Optional<Node> machine(String name, String card, int count, String network) {
        return Optional.of(new Node(
                name,
                List.of(new Node.Devices(card(card), count, List.of())),
                new Interconnect(network, new Bandwidth(400_000_000_000L), 1),
                ByteSize.ofGibibytes(2_048)));
    }
}
