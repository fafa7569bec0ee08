package io.llmsizing.ledger;

import io.llmsizing.units.Ratio;

/** Adds up postings and keeps nothing else. Not thread-safe; made for one walk. */
public final class TotalLedger implements Ledger {
    private long bytes;
    private long low;
    private long high;

    /** An empty ledger. */
    public TotalLedger() {}

    @Override
    public void enter(String section) {}

    @Override
    public void leave() {}

    @Override
    public void post(MemoryLine line, String subject, String part, long a, long b, long c, long d, long e) {
        add(line, subject, Product.of(line, subject, a, b, c, d, e));
    }

    @Override
    public void postShare(MemoryLine line, String subject, Ratio share, long b, long c) {
        add(line, subject, Product.of(line, subject, share, b, c));
    }

    @Override
    public void postDoubt(MemoryLine line, String subject, long less, long more) {
        Product.checkDoubt(line, bytes, less, more);
        low = Product.sum(line, subject, low, -less);
        high = Product.sum(line, subject, high, more);
    }

    @Override
    public long posted() {
        return bytes;
    }

    private void add(MemoryLine line, String subject, long posted) {
        bytes = Product.sum(line, subject, bytes, posted);
        low = Product.sum(line, subject, low, Product.low(line, posted));
        high = Product.sum(line, subject, high, Product.high(line, subject, posted));
    }

    /**
     * The sum of all postings.
     *
     * @return bytes
     */
    public long bytes() {
        return bytes;
    }

    /**
     * The sum of the lower ends of all bands.
     *
     * @return bytes, at most {@link #bytes()}
     */
    public long low() {
        return low;
    }

    /**
     * The sum of the upper ends of all bands.
     *
     * @return bytes, at least {@link #bytes()}
     */
    public long high() {
        return high;
    }
}
