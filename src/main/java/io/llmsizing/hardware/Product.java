package io.llmsizing.hardware;

/**
 * What a device is sold as. Nothing of it moves a byte.
 *
 * @param status {@code released}, {@code announced} ...
 * @param launch year, month or day, ISO 8601; empty where unknown
 * @param formFactor such as {@code SXM5} or {@code PCIe x16}; empty where unknown
 * @param devices devices that programs see in one product, 1 or more
 * @param watts power of the product at most, 0 where unknown
 * @param computeTarget for what kernels are built, such as {@code sm_90} or {@code gfx942}; empty where unknown
 * @param exportNotes trade restrictions; empty for none known
 */
public record Product(
        String status,
        String launch,
        String formFactor,
        int devices,
        int watts,
        String computeTarget,
        String exportNotes) {}
