package io.llmsizing.catalog;

import com.google.common.collect.HashBasedTable;
import com.google.common.collect.Table;
import io.llmsizing.document.CsvTable;
import io.llmsizing.hardware.DeviceMemory;
import io.llmsizing.hardware.Partition;
import io.llmsizing.units.Bandwidth;
import io.llmsizing.units.ByteSize;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code mig-profiles.csv}; the README beside it says what each column means. */
final class PartitionTable {
    static final List<String> COLUMNS = List.of(
            "accelerator",
            "profile",
            "memory_driver_bytes",
            "memory_usable_bytes",
            "usable_evidence",
            "instances",
            "compute_slices",
            "compute_slices_of",
            "source",
            "retrieved");

    private static final long LARGEST = 1L << 44;
    private static final Pattern PROFILE = Pattern.compile("\\d{1,2}g\\.(\\d{1,4})gb([+-]\\S+)?");

    private PartitionTable() {}

    /** Partitions by accelerator and profile, lower case. */
    static Table<String, String, Partition> read(InputStream bytes, String file) {
        Table<String, String, Partition> partitions = HashBasedTable.create();
        for (CsvTable.Row row : CsvTable.read(bytes, file, COLUMNS).rows()) {
            String profile = row.required("profile").toLowerCase(Locale.ROOT);
            if (partitions.put(row.required("accelerator"), profile, partition(row, profile)) != null) {
                throw row.problem("profile", "\"" + profile + "\" stands twice for " + row.required("accelerator"));
            }
        }
        return partitions;
    }

    private static Partition partition(CsvTable.Row row, String profile) {
        Matcher named = PROFILE.matcher(profile);
        if (!named.matches()) {
            throw row.problem("profile", "\"" + profile + "\"; expected one such as 1g.10gb");
        }
        ByteSize driver = ByteSize.ofBytes(row.whole("memory_driver_bytes", 1, LARGEST));
        ByteSize usable = ByteSize.ofBytes(row.whole("memory_usable_bytes", 1, driver.bytes()));
        int slicesOfDevice = (int) row.whole("compute_slices_of", 1, 64);
        return new Partition(
                profile,
                new DeviceMemory(
                        named.group(1) + " GB",
                        "a part",
                        false,
                        Bandwidth.NONE,
                        driver,
                        usable,
                        usable,
                        usable,
                        row.required("usable_evidence")),
                (int) row.whole("instances", 1, 64),
                (int) row.whole("compute_slices", 1, slicesOfDevice),
                slicesOfDevice,
                row.required("source"),
                CatalogColumns.date(row, "retrieved"));
    }
}
