package io.llmsizing.hardware;

import io.llmsizing.units.Bandwidth;

/**
 * What hangs between devices or machines.
 *
 * @param name such as {@code NVLink 4}
 * @param perDirection bytes per second in one direction, of one device or one machine, 0 where unknown
 * @param domain devices that reach each other over it, 1 if none
 */
public record Interconnect(String name, Bandwidth perDirection, int domain) {
    /** Nothing is known. */
    public static final Interconnect UNKNOWN = new Interconnect("unknown", Bandwidth.NONE, 1);
}
