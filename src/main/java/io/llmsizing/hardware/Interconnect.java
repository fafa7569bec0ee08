package io.llmsizing.hardware;

import io.llmsizing.units.Bandwidth;

/**
 * What hangs between devices.
 *
 * @param name such as {@code NVLink 4}
 * @param perDirection bytes per second and device in one direction, 0 where unknown
 * @param domain devices that reach each other over it, 1 if none
 */
public record Interconnect(String name, Bandwidth perDirection, int domain) {}
