package io.llmsizing;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.engine.Engines;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.model.Model;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.workload.Workload;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The closed form against the explanation, for every model of the catalogue. */
class CatalogFootprintTest {
    private static final Catalog CATALOG = Catalog.bundled();
    private static final Cluster CLUSTER = Cluster.of(CATALOG.accelerator("H200"), 1);
    private static final long[] TOKENS = {1, 7, 260, 1_023, 4_097, 20_000, 131_071};
    private static final long[] SEQUENCES = {1, 3};

    private static Optional<Deployment> deployment(Model model, String engine, long sequences, long tokens) {
        try {
            return Optional.of(Deployment.builder(model, CLUSTER)
                    .engine(Engines.named(engine, ""))
                    .layout(ParallelLayout.SINGLE)
                    .workload(Workload.of(sequences, tokens))
                    .build());
        } catch (InvalidLayoutException refused) {
            throw refused;
        } catch (IllegalArgumentException noForm) {
            return Optional.empty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "vllm", "llama.cpp", "sglang", "tensorrt-llm", "transformers"})
    void theFootprintIsTheExplanation(String engine) {
        Set<String> ids = CATALOG.modelIds();
        TreeSet<String> unsized = new TreeSet<>();
        for (String id : ids) {
            Model model = CATALOG.model(id);
            for (long sequences : SEQUENCES) {
                for (long wanted : TOKENS) {
                    long tokens = Math.min(wanted, model.contextTokens());
                    Optional<Deployment> deployment = deployment(model, engine, sequences, tokens);
                    if (deployment.isEmpty()) {
                        unsized.add(id);
                        continue;
                    }
                    assertThat(deployment.get().footprint().bytes(0, tokens, sequences))
                            .as("%s under %s, %s sequences of %s tokens", id, engine, sequences, tokens)
                            .isEqualTo(Sizing.explain(deployment.get(), 0).bytes());
                }
            }
        }
        assertThat(unsized).hasSizeLessThan(ids.size() / 20);
    }
}
