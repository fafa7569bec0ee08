package io.llmsizing.planner;

import io.llmsizing.hardware.Node;
import io.llmsizing.hardware.NodeType;
import io.llmsizing.hardware.Price;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Prices of types of machines. A machine with a name has the price of its type. One without is taken as the cheapest type that
 * has a price and exactly its devices; where something was said of the devices beyond their name, such as a share of them, it
 * has none.
 */
public final class NodePrices implements PriceList {
    private final Map<String, NodeType> byName = new HashMap<>();
    private final Map<List<String>, NodeType> byDevices = new HashMap<>();

    private NodePrices(List<NodeType> types) {
        types.stream()
                .filter(type -> type.price().isPresent())
                .sorted(Comparator.comparing(NodePrices::dollars))
                .forEach(type -> {
                    byName.putIfAbsent(type.node().name(), type);
                    byDevices.putIfAbsent(devices(type.node()), type);
                });
    }

    /**
     * The prices of some types.
     *
     * @param types those without a price are left out; of equal prices the first is taken
     * @return the list
     */
    public static NodePrices of(List<NodeType> types) {
        return new NodePrices(types);
    }

    @Override
    public Optional<BigDecimal> dollarsPerHour(Node node) {
        return type(node).map(NodePrices::dollars);
    }

    /**
     * The type whose price a machine has.
     *
     * @param node the machine
     * @return a type with a price, or nothing where none is known
     */
    public Optional<NodeType> type(Node node) {
        if (!node.name().isEmpty()) {
            return Optional.ofNullable(byName.get(node.name()));
        }
        return isPlain(node) ? Optional.ofNullable(byDevices.get(devices(node))) : Optional.empty();
    }

    private static boolean isPlain(Node node) {
        for (Node.Devices like : node.devices()) {
            if (!like.terms().isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private static List<String> devices(Node node) {
        List<String> devices = new ArrayList<>();
        for (Node.Devices like : node.devices()) {
            devices.add(like.count() + " " + like.accelerator().id());
        }
        Collections.sort(devices);
        return devices;
    }

    private static BigDecimal dollars(NodeType type) {
        return type.price().map(Price::dollarsPerHour).orElseThrow();
    }
}
