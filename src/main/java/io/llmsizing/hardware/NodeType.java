package io.llmsizing.hardware;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Optional;

/**
 * A type of machine that one can buy or rent.
 *
 * @param id the catalogue's own name, such as {@code p5en-48xlarge}
 * @param aliases what people type for it
 * @param provider who sells it
 * @param kind {@code cloud-instance}, {@code server}, {@code rack} ...
 * @param node one machine of it, with its name
 * @param processors virtual processors, 0 where unknown
 * @param price by the hour, where known
 * @param status {@code available}, {@code announced} ...
 * @param source where the figures come from, in short; {@link Reading} has it figure by figure
 * @param retrieved the day they were taken, ISO 8601
 */
public record NodeType(
        String id,
        List<String> aliases,
        String provider,
        String kind,
        Node node,
        int processors,
        Optional<Price> price,
        String status,
        String source,
        String retrieved) {
    /**
     * Copies the aliases.
     *
     * @param id as documented above
     * @param aliases as documented above
     * @param provider as documented above
     * @param kind as documented above
     * @param node as documented above
     * @param processors as documented above
     * @param price as documented above
     * @param status as documented above
     * @param source as documented above
     * @param retrieved as documented above
     */
    public NodeType {
        aliases = ImmutableList.copyOf(aliases);
    }
}
