package io.llmsizing.inventory;

import java.util.regex.Pattern;

/** How AMD's tools call the ways to cut a device into parts: SPX leaves it whole, DPX, TPX, QPX and CPX do not. */
final class ComputePartition {
    private static final Pattern PART = Pattern.compile("[dtqc]px(?:[_ -].{0,40})?", Pattern.CASE_INSENSITIVE);

    private ComputePartition() {}

    static boolean isPart(String mode) {
        return PART.matcher(mode.strip()).matches();
    }
}
