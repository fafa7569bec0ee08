package io.llmsizing.engine;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.llmsizing.document.CsvTable;
import io.llmsizing.hardware.Accelerator;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Whose devices an engine runs on, from {@code catalog/engines/devices.csv}: a row for each vendor, with the families of it
 * that are left out. Of a vendor that no row names nothing is known, and nothing is refused.
 */
final class EngineDevices {
    private static final List<String> COLUMNS = List.of("engine", "vendor", "without", "source");
    private static final Splitter FAMILIES = Splitter.on(';').trimResults().omitEmptyStrings();

    private final ImmutableMap<String, ImmutableSet<String>> familiesLeftOut;
    private final Set<String> vendors;

    private EngineDevices(Map<String, ImmutableSet<String>> familiesLeftOut, Set<String> vendors) {
        this.familiesLeftOut = ImmutableMap.copyOf(familiesLeftOut);
        this.vendors = vendors;
    }

    static EngineDevices of(String engine) {
        return Table.BUNDLED.getOrDefault(engine, Table.NONE);
    }

    boolean serve(Accelerator device) {
        Set<String> leftOut = familiesLeftOut.get(device.vendor());
        return leftOut == null ? !vendors.contains(device.vendor()) : !leftOut.contains(device.architecture());
    }

    /** Read when an engine is first asked for. */
    private static final class Table {
        static final EngineDevices NONE = new EngineDevices(Map.of(), Set.of());
        static final Map<String, EngineDevices> BUNDLED = read();

        private static Map<String, EngineDevices> read() {
            Map<String, Map<String, ImmutableSet<String>>> byEngine = new HashMap<>();
            ImmutableSet.Builder<String> vendors = ImmutableSet.builder();
            for (CsvTable.Row row : rows()) {
                vendors.add(row.required("vendor"));
                row.required("source");
                if (byEngine.computeIfAbsent(row.required("engine"), absent -> new HashMap<>())
                                .put(row.required("vendor"), ImmutableSet.copyOf(FAMILIES.split(row.text("without"))))
                        != null) {
                    throw row.problem("vendor", row.text("vendor") + " stands twice for " + row.text("engine"));
                }
            }
            Set<String> named = vendors.build();
            Map<String, EngineDevices> devices = new HashMap<>();
            byEngine.forEach((engine, families) -> devices.put(engine, new EngineDevices(families, named)));
            return devices;
        }

        private static List<CsvTable.Row> rows() {
            String resource = "/io/llmsizing/catalog/engines/devices.csv";
            try (InputStream bytes =
                    Objects.requireNonNull(EngineDevices.class.getResourceAsStream(resource), resource)) {
                return CsvTable.read(bytes, "engines/devices.csv", COLUMNS).rows();
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        }
    }
}
