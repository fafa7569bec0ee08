package io.llmsizing.hardware;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.llmsizing.units.FlopRate;
import java.util.Map;
import java.util.Set;

/**
 * What a device computes, and how fast at best.
 *
 * @param dense peak by number format, without structured sparsity; formats whose peak is unknown are not in it.
 *     {@code fp16_acc16} is FP16 summed in FP16, which consumer cards do faster and engines rarely use
 * @param nativeFormats number formats with matrix arithmetic of their own, lower case
 */
public record ComputeRates(Map<String, FlopRate> dense, Set<String> nativeFormats) {
    /**
     * Copies the collections.
     *
     * @param dense as documented above
     * @param nativeFormats as documented above
     */
    public ComputeRates {
        dense = ImmutableMap.copyOf(dense);
        nativeFormats = ImmutableSet.copyOf(nativeFormats);
    }
}
