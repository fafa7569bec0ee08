package io.llmsizing.units;

/**
 * Units in which a size is written for people. Vendors sell GB (10^9, though on an accelerator's box it often means
 * about 2^30), engines print GiB (2^30): the two differ by 7.4 %, so both are always spelled.
 */
public enum SizeUnits {
    /** One byte. */
    B(1),
    /** 10^3 bytes. */
    KB(1_000),
    /** 10^6 bytes. */
    MB(1_000_000),
    /** 10^9 bytes. */
    GB(1_000_000_000),
    /** 10^12 bytes. */
    TB(1_000_000_000_000L),
    /** 2^10 bytes. */
    KIB(1L << 10),
    /** 2^20 bytes. */
    MIB(1L << 20),
    /** 2^30 bytes. */
    GIB(1L << 30),
    /** 2^40 bytes. */
    TIB(1L << 40);

    private final long bytes;

    SizeUnits(long bytes) {
        this.bytes = bytes;
    }

    /**
     * The unit in bytes.
     *
     * @return bytes in one unit: 1,073,741,824 for {@link #GIB}
     */
    public long bytes() {
        return bytes;
    }

    /**
     * The unit as it is written.
     *
     * @return the symbol: {@code "GiB"} for {@link #GIB}, {@code "GB"} for {@link #GB}
     */
    public String symbol() {
        String name = name();
        return name.length() == 3 ? name.charAt(0) + "iB" : name;
    }
}
