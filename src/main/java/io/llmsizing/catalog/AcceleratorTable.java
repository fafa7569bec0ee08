package io.llmsizing.catalog;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableSet;
import io.llmsizing.document.CsvTable;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.DeviceMemory;
import io.llmsizing.hardware.Interconnect;
import io.llmsizing.units.Bandwidth;
import io.llmsizing.units.ByteSize;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads {@code accelerators.csv}; the README beside it says what each column means. */
final class AcceleratorTable {
    static final List<String> COLUMNS = List.of(
            "id",
            "name",
            "aliases",
            "vendor",
            "architecture",
            "category",
            "memory_marketing",
            "memory_driver_bytes",
            "memory_usable_bytes",
            "usable_evidence",
            "memory_kind",
            "bandwidth_bytes_per_second",
            "native_formats",
            "link",
            "link_bytes_per_second",
            "link_domain",
            "engine",
            "source",
            "retrieved");

    private static final Set<String> FORMATS =
            ImmutableSet.of("fp64", "fp32", "tf32", "fp16", "bf16", "fp8", "fp6", "int8", "int4", "fp4");
    private static final long LARGEST_MEMORY = 1L << 44;
    private static final long FASTEST = 1_000_000_000_000_000L;

    private AcceleratorTable() {}

    static Map<String, Accelerator> read(InputStream bytes, String file) {
        Map<String, Accelerator> accelerators = new LinkedHashMap<>();
        for (CsvTable.Row row : CsvTable.read(bytes, file, COLUMNS).rows()) {
            Accelerator accelerator = accelerator(row);
            if (accelerators.put(accelerator.id(), accelerator) != null) {
                throw row.problem("id", "\"" + accelerator.id() + "\" stands twice");
            }
        }
        return accelerators;
    }

    private static Accelerator accelerator(CsvTable.Row row) {
        return new Accelerator(
                row.required("id"),
                row.required("name"),
                row.list("aliases", ';'),
                row.required("vendor"),
                row.required("architecture"),
                row.required("category"),
                memory(row),
                row.required("memory_kind"),
                new Bandwidth(row.whole("bandwidth_bytes_per_second", 0, FASTEST)),
                formats(row),
                new Interconnect(
                        row.required("link"), new Bandwidth(row.whole("link_bytes_per_second", 0, FASTEST)), (int)
                                row.whole("link_domain", 1, 1 << 20)),
                row.required("engine"),
                row.required("source"),
                date(row));
    }

    private static DeviceMemory memory(CsvTable.Row row) {
        ByteSize driver = ByteSize.ofBytes(row.whole("memory_driver_bytes", 1, LARGEST_MEMORY));
        ByteSize usable = ByteSize.ofBytes(row.whole("memory_usable_bytes", 1, LARGEST_MEMORY));
        if (usable.compareTo(driver) > 0) {
            throw row.problem("memory_usable_bytes", usable + " is more than the driver's " + driver);
        }
        String marketing = row.required("memory_marketing");
        try {
            ByteSize.parse(marketing);
        } catch (IllegalArgumentException malformed) {
            throw row.problem("memory_marketing", String.valueOf(malformed.getMessage()));
        }
        return new DeviceMemory(marketing, driver, usable, row.required("usable_evidence"));
    }

    private static Set<String> formats(CsvTable.Row row) {
        Set<String> formats =
                ImmutableSet.copyOf(Splitter.on(' ').omitEmptyStrings().split(row.required("native_formats")));
        for (String format : formats) {
            if (!FORMATS.contains(format)) {
                throw row.problem("native_formats", "\"" + format + "\"; expected some of " + FORMATS);
            }
        }
        return formats;
    }

    private static String date(CsvTable.Row row) {
        String date = row.required("retrieved");
        if (!date.matches("\\d{4}-\\d{2}-\\d{2}")) {
            throw row.problem("retrieved", "\"" + date + "\"; expected a day such as 2026-11-23");
        }
        return date;
    }
}
