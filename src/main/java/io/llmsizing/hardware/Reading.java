package io.llmsizing.hardware;

/**
 * What one source says about one figure. Sources that disagree each have theirs.
 *
 * @param subject the catalogue's id of an accelerator or a node type
 * @param field the figure, by its column's name: {@code memory_driver_bytes}
 * @param value as the column writes it
 * @param condition when it holds, or how it was derived; empty for none
 * @param source where it was read
 * @param retrieved the day it was, ISO 8601
 */
public record Reading(String subject, String field, String value, String condition, String source, String retrieved) {}
