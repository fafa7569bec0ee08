package io.llmsizing.planner;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.NodeVerdicts;
import io.llmsizing.catalog.Catalog;
import io.llmsizing.engine.Engines;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.quantization.WeightSchemes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rows are made as they are asked for: the whole catalogue on 130 cards, over a million points, goes through a small heap. */
class SweepMemoryTest {
    private static final String HEAP = "-Xmx48m";

    @Test
    void theWholeCatalogueIsSweptInASmallHeap() throws Exception {
        Process swept = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        HEAP,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName())
                .redirectErrorStream(true)
                .start();
        String said = new String(swept.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(swept.waitFor()).as(said).isZero();
        String[] counts = said.strip().split(" ", -1);
        assertThat(Long.parseLong(counts[1])).isGreaterThan(1_000_000);
        assertThat(Long.parseLong(counts[0])).isBetween(1L, Long.parseLong(counts[1]) - 1);
    }

    /** What runs in the small heap. */
    static final class Main {
        private Main() {}

        public static void main(String[] arguments) {
            Catalog catalog = Catalog.bundled();
            SweepSpace space = SweepSpace.of(
                    catalog.modelIds().stream().sorted().toList(),
                    catalog.accelerators().stream()
                            .map(Accelerator::id)
                            .sorted()
                            .limit(130)
                            .toList(),
                    List.of(1, 2, 4, 8),
                    List.of("bf16", "fp8", "int8", "int4"),
                    List.of(8_192L),
                    List.of(1L));
            Sweep sweep = new Sweep(
                    space, catalog::model, catalog::accelerator, WeightSchemes::named, name -> Engines.named(name, ""));
            System.out.println(
                    sweep.rows().filter(row -> row.code() == NodeVerdicts.FITS).count() + " " + space.size());
        }
    }
}
