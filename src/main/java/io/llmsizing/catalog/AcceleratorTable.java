package io.llmsizing.catalog;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.llmsizing.document.CsvTable;
import io.llmsizing.document.MalformedFileException;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.ComputeRates;
import io.llmsizing.hardware.DeviceMemory;
import io.llmsizing.hardware.Interconnect;
import io.llmsizing.hardware.Product;
import io.llmsizing.units.ByteSize;
import io.llmsizing.units.FlopRate;
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
            "driver_names",
            "vendor",
            "architecture",
            "category",
            "status",
            "devices_per_product",
            "memory_marketing",
            "memory_kind",
            "memory_unified",
            "memory_driver_bytes",
            "memory_usable_bytes",
            "memory_usable_low_bytes",
            "memory_usable_high_bytes",
            "usable_evidence",
            "bandwidth_bytes_per_second",
            "native_formats",
            "dense_rates",
            "link",
            "link_bytes_per_second",
            "link_domain",
            "host_link",
            "host_link_bytes_per_second",
            "power_watts",
            "form_factor",
            "compute_target",
            "launch",
            "export",
            "engine",
            "source",
            "retrieved");

    private static final Set<String> FORMATS =
            ImmutableSet.of("fp64", "fp32", "tf32", "fp16", "bf16", "fp8", "fp6", "int8", "int4", "fp4");
    private static final long LARGEST_MEMORY = 1L << 44;

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
                row.list("driver_names", ';'),
                row.required("vendor"),
                row.required("architecture"),
                row.required("category"),
                memory(row),
                new ComputeRates(rates(row), formats(row)),
                new Interconnect(row.required("link"), CatalogColumns.bandwidth(row, "link_bytes_per_second"), (int)
                        row.whole("link_domain", 1, 1 << 20)),
                new Interconnect(
                        row.text("host_link").isEmpty() ? "unknown" : row.text("host_link"),
                        CatalogColumns.bandwidth(row, "host_link_bytes_per_second"),
                        1),
                product(row),
                row.required("engine"),
                row.required("source"),
                CatalogColumns.date(row, "retrieved"));
    }

    private static Product product(CsvTable.Row row) {
        return new Product(
                row.required("status"),
                row.text("launch"),
                row.text("form_factor"),
                (int) row.whole("devices_per_product", 1, 1 << 10),
                (int) CatalogColumns.wholeOrUnknown(row, "power_watts", 1 << 20),
                row.text("compute_target"),
                row.text("export"));
    }

    private static DeviceMemory memory(CsvTable.Row row) {
        String marketing = row.required("memory_marketing");
        try {
            ByteSize.parse(marketing);
        } catch (IllegalArgumentException malformed) {
            throw row.problem("memory_marketing", String.valueOf(malformed.getMessage()));
        }
        String unified = row.required("memory_unified");
        if (!unified.equals("true") && !unified.equals("false")) {
            throw row.problem("memory_unified", "\"" + unified + "\"; expected true or false");
        }
        try {
            return new DeviceMemory(
                    marketing,
                    row.required("memory_kind"),
                    unified.equals("true"),
                    CatalogColumns.bandwidth(row, "bandwidth_bytes_per_second"),
                    bytes(row, "memory_driver_bytes"),
                    bytes(row, "memory_usable_bytes"),
                    bytes(row, "memory_usable_low_bytes"),
                    bytes(row, "memory_usable_high_bytes"),
                    row.required("usable_evidence"));
        } catch (MalformedFileException placed) {
            throw placed;
        } catch (IllegalArgumentException inconsistent) {
            throw row.problem("memory_usable_bytes", String.valueOf(inconsistent.getMessage()));
        }
    }

    private static ByteSize bytes(CsvTable.Row row, String column) {
        return ByteSize.ofBytes(row.whole(column, 1, LARGEST_MEMORY));
    }

    private static Map<String, FlopRate> rates(CsvTable.Row row) {
        ImmutableMap.Builder<String, FlopRate> rates = ImmutableMap.builder();
        for (String written : row.list("dense_rates", ';')) {
            List<String> pair = Splitter.on(' ').omitEmptyStrings().splitToList(written);
            if (pair.size() != 2) {
                throw row.problem(
                        "dense_rates", "\"" + written + "\"; expected a format and a number, such as bf16 989.5");
            }
            try {
                rates.put(pair.get(0), FlopRate.ofTrillions(pair.get(1)));
            } catch (IllegalArgumentException malformed) {
                throw row.problem("dense_rates", String.valueOf(malformed.getMessage()));
            }
        }
        try {
            return rates.buildOrThrow();
        } catch (IllegalArgumentException twice) {
            throw row.problem("dense_rates", "\"" + row.text("dense_rates") + "\"; a format stands twice");
        }
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
}
