package io.llmsizing.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.llmsizing.Deployment;
import io.llmsizing.Sizing;
import io.llmsizing.Verdict;
import io.llmsizing.catalog.Catalog;
import io.llmsizing.engine.Engines;
import io.llmsizing.hardware.Cluster;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComparisonTest {
    private static Verdict verdict(String model, String cluster, String engine) {
        Catalog catalog = Catalog.bundled();
        return Sizing.size(Deployment.builder(catalog.model(model), Cluster.parse(cluster, catalog))
                .engine(Engines.named(engine.replaceFirst(":.*", ""), engine.replaceFirst("[^:]*:?", "")))
                .build());
    }

    /** No line is lost or counted twice, whatever the engines: sums of both sides are what both need. */
    @ParameterizedTest
    @CsvSource({
        "deepseek-r1, 8xH200, vllm, none",
        "deepseek-v2-lite, H100, none, vllm",
        "gemma-3-27b-it, 2xL40S, vllm, llama.cpp",
        "qwen3-0.6b, L4, llama.cpp, none"
    })
    void theLinesOfEachSideSumUpToItsNeed(String model, String cluster, String one, String other) {
        Verdict left = verdict(model, cluster, one);
        Verdict right = verdict(model, cluster, other);
        Comparison comparison = Comparison.of(left, right);
        List<ComparedLine> within = comparison.lines().stream()
                .filter(line -> !line.section().equals("outside"))
                .toList();
        long first = within.stream()
                .flatMap(line -> line.left().stream())
                .mapToLong(line -> line.bytes())
                .sum();
        long difference = within.stream().mapToLong(ComparedLine::difference).sum();
        assertThat(first).isEqualTo(left.finding().needed().bytes());
        assertThat(first + difference).isEqualTo(right.finding().needed().bytes());
        assertThat(comparison.lines())
                .noneMatch(line -> line.left().isEmpty() && line.right().isEmpty());
    }

    @Test
    void whatStandsBesideTheBudgetIsComparedToo() {
        Comparison comparison = Comparison.of(
                verdict("llama-3.1-8b", "H100", "vllm:0.19"), verdict("llama-3.1-8b", "H100", "vllm:0.24"));
        assertThat(comparison.lines())
                .filteredOn(line -> line.section().equals("outside"))
                .extracting(ComparedLine::name, ComparedLine::difference)
                .containsExactlyInAnyOrder(tuple("device context", 0L), tuple("graphs / CUDA graphs", -955_628_208L));
        assertThat(ComparisonReport.text(comparison)).contains("beside the budget", "of vllm 0.19 alone");
    }

    @Test
    void anEngineDiffersInNothingFromItself() {
        Verdict verdict = verdict("deepseek-v2-lite", "H100", "vllm");
        Comparison comparison = Comparison.of(verdict, verdict);
        assertThat(comparison.lines()).noneMatch(ComparedLine::isOneSided).noneMatch(line -> line.difference() != 0);
        assertThat(ComparisonReport.text(comparison)).contains("\nnothing changes\n");
        assertThat(ComparisonReport.answer(comparison)).containsEntry("changes", List.of());
    }
}
