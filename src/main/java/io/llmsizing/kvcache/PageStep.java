package io.llmsizing.kvcache;

/**
 * A part of a cache that grows in steps with the pages of a sequence.
 *
 * @param bytes of a step
 * @param limitPages pages at which it stops growing; {@link Long#MAX_VALUE} for never
 * @param stridePages pages of a step, 1 or more; the first of them takes it
 */
public record PageStep(long bytes, long limitPages, long stridePages) {}
