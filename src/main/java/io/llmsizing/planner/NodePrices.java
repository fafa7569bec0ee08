package io.llmsizing.planner;

import com.google.common.collect.ImmutableList;
import io.llmsizing.hardware.Node;
import io.llmsizing.hardware.NodeType;
import io.llmsizing.hardware.Price;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Prices of types of machines. A machine with a name has the price of its type. One without is taken as the cheapest type that
 * has a price and exactly its devices; where something was said of the devices beyond their name, such as a share of them, it
 * has none.
 */
public final class NodePrices implements PriceList {
    private final ImmutableList<NodeType> priced;

    private NodePrices(List<NodeType> types) {
        priced = types.stream()
                .filter(type -> type.price().isPresent())
                .sorted(Comparator.comparing(NodePrices::dollars))
                .collect(ImmutableList.toImmutableList());
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
        return priced.stream()
                .filter(type ->
                        node.name().isEmpty() ? hasItsDevices(type.node(), node) : isNamed(type.node(), node.name()))
                .findFirst();
    }

    private static boolean isNamed(Node machine, String name) {
        return machine.name().equals(name);
    }

    private static boolean hasItsDevices(Node machine, Node node) {
        return machine.devices().size() == node.devices().size()
                && node.devices().stream()
                        .allMatch(like -> like.terms().isEmpty()
                                && machine.devices().stream()
                                        .anyMatch(other -> other.count() == like.count()
                                                && other.accelerator()
                                                        .id()
                                                        .equals(like.accelerator()
                                                                .id())));
    }

    private static BigDecimal dollars(NodeType type) {
        return type.price().map(Price::dollarsPerHour).orElseThrow();
    }
}
