package io.llmsizing.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.Deployment;
import io.llmsizing.Sizing;
import io.llmsizing.Verdict;
import io.llmsizing.catalog.Catalog;
import io.llmsizing.engine.Engines;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.model.Model;
import io.llmsizing.parallel.LayoutRules;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.quantization.CacheFormats;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.quantization.WeightSchemes;
import io.llmsizing.workload.Workload;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class AnswerProperties {
    private static final Catalog CATALOG = Catalog.bundled();

    private record Asked(String accelerator, String engine, ParallelLayout layout, Workload workload) {}

    @Provide
    Arbitrary<String> models() {
        return Arbitraries.of(CATALOG.modelIds());
    }

    @Provide
    Arbitrary<Asked> questions() {
        Arbitrary<ParallelLayout> layouts = Combinators.combine(
                        Arbitraries.of(1, 2, 4, 8), Arbitraries.of(1, 2, 3, 7), Arbitraries.of(1, 2), booleans())
                .as(ParallelLayout::new);
        Arbitrary<Workload> workloads = Combinators.combine(
                        Arbitraries.longs().between(1, 5_000),
                        Arbitraries.longs().between(1, 4_096))
                .as(Workload::of);
        return Combinators.combine(
                        Arbitraries.of("H200", "A100-40GB", "RTX 4090", "MI300X", "phone 8 GB"),
                        Arbitraries.of("none", "0.9", "0.19", "0.26"),
                        layouts,
                        workloads)
                .as(Asked::new);
    }

    private static Arbitrary<Boolean> booleans() {
        return Arbitraries.of(true, false);
    }

    @Property(tries = 1_000, edgeCases = EdgeCasesMode.NONE)
    void theLinesOfAnAnswerAddUpToTheNeedAndEachFormulaGivesItsBytes(
            @ForAll("models") String model, @ForAll("questions") Asked asked) {
        Verdict verdict = verdict(model, asked, CATALOG.model(model).weights());
        Map<String, Object> answer = Answer.of(verdict, true);
        Map<String, Object> root = lines(answer).get(0);
        assertThat(root.get("bytes")).isEqualTo(verdict.finding().needed().bytes());
        assertThat(evaluated(root)).isEqualTo(verdict.finding().needed().bytes());
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void thatHoldsForEveryWeightFormatToo(
            @ForAll("models") String model, @ForAll("questions") Asked asked, @ForAll("formats") String format) {
        Verdict verdict = verdict(model, asked, WeightSchemes.named(format));
        Map<String, Object> root = lines(Answer.of(verdict, true)).get(0);
        assertThat(evaluated(root)).isEqualTo(verdict.finding().needed().bytes());
    }

    @Provide
    Arbitrary<String> formats() {
        return Arbitraries.of(WeightSchemes.names());
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    @SuppressWarnings("unchecked")
    void theFiguresOfAnAnswerAgreeWithEachOther(@ForAll("models") String model, @ForAll("questions") Asked asked) {
        Verdict verdict = verdict(model, asked, CATALOG.model(model).weights());
        Map<String, Object> answer = Answer.of(verdict, true);
        Map<String, Object> memory = (Map<String, Object>) answer.get("memory");
        Map<String, Object> weights = (Map<String, Object>) answer.get("weights");
        Map<String, Object> band = (Map<String, Object>) answer.get("band");
        long need = verdict.finding().needed().bytes();
        long budget = (Long) memory.get("budget_bytes_per_rank");
        assertThat((Long) answer.get("headroom_bytes") - (Long) answer.get("shortfall_bytes"))
                .isEqualTo(budget - need);
        assertThat(need).isBetween((Long) band.get("low_bytes"), (Long) band.get("high_bytes"));
        assertThat(budget).isLessThanOrEqualTo((Long) memory.get("usable_bytes_per_rank"));
        assertThat((Long) weights.get("tightest_rank_loaded_bytes"))
                .isGreaterThanOrEqualTo((Long) weights.get("tightest_rank_bytes"));
        assertThat(answer.get("verdict").equals("fits"))
                .isEqualTo(Sizing.fits(verdict.finding().deployment()));
        if (verdict instanceof Verdict.Fits) {
            assertThat((Long) answer.get("max_context_tokens"))
                    .isGreaterThanOrEqualTo(asked.workload().contextTokens());
            assertThat((Long) answer.get("max_sequences"))
                    .isGreaterThanOrEqualTo(asked.workload().sequences());
        }
    }

    private static Verdict verdict(String name, Asked asked, WeightScheme weights) {
        Model model = CATALOG.model(name);
        Assume.that(asked.workload().contextTokens() <= model.contextTokens());
        Assume.that(LayoutRules.violation(model, weights, asked.layout()).isEmpty());
        Accelerator device = CATALOG.accelerator(asked.accelerator());
        boolean none =
                asked.engine().equals("none") || !Engines.vllm(asked.engine()).serves(device);
        return Sizing.size(Deployment.builder(model, Cluster.of(device, 128))
                .weights(weights)
                .kvCache(asked.workload().sequences() % 2 == 0 ? CacheFormats.BF16 : CacheFormats.FP8_E4M3)
                .layout(asked.layout())
                .engine(none ? Engines.NONE : Engines.vllm(asked.engine()))
                .workload(asked.workload())
                .build());
    }

    /** The sum of all lines below, after a look at every one. */
    private static long evaluated(Map<String, Object> line) {
        long bytes = (Long) line.get("bytes");
        long low = (Long) line.get("low_bytes");
        long high = (Long) line.get("high_bytes");
        assertThat(bytes).as("%s", line.get("id")).isBetween(low, high);
        if (line.containsKey("formula")) {
            assertThat(product(line)).as("%s", line).isEqualTo(bytes);
            assertThat((String) line.get("source")).isNotBlank();
            if (line.get("certainty").equals("exact")) {
                assertThat(high - low).isZero();
            }
        } else if (line.containsKey("lines")) {
            long sum = 0;
            for (Map<String, Object> below : lines(line)) {
                sum += evaluated(below);
            }
            assertThat(sum).as("%s", line.get("id")).isEqualTo(bytes);
        } else {
            assertThat(bytes).as("%s", line.get("id")).isZero();
        }
        return bytes;
    }

    private static long product(Map<String, Object> line) {
        Map<?, ?> operands = (Map<?, ?>) line.get("operands");
        assertThat(String.join(
                        " * ", operands.keySet().stream().map(String::valueOf).toList()))
                .isEqualTo(line.get("formula"));
        BigDecimal product = BigDecimal.ONE;
        for (Object operand : operands.values()) {
            product = product.multiply(new BigDecimal(operand.toString()));
        }
        return product.setScale(0, RoundingMode.CEILING).longValueExact();
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> lines(Map<String, Object> line) {
        return (List<Map<String, Object>>) line.get("lines");
    }
}
