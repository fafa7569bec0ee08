package io.llmsizing;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.engine.EngineProfile;
import io.llmsizing.engine.Engines;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.hardware.Node;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class MixedClusterProperties {
    private static final Catalog CATALOG = Catalog.bundled();

    private static boolean fits(String model, List<Cluster.Group> groups, EngineProfile engine) {
        return Sizing.fits(Deployment.builder(CATALOG.model(model), new Cluster(groups))
                .engine(engine)
                .build());
    }

    /** Up to five kinds, of which every selection is tried. */
    @Property(tries = 60)
    void aFurtherKindOfMachineNeverMakesAModelFitNoMore(
            @ForAll("groups") List<Cluster.Group> groups,
            @ForAll("group") Cluster.Group further,
            @ForAll @IntRange(min = 0, max = 4) int at,
            @ForAll("models") String model,
            @ForAll("engines") EngineProfile engine) {
        List<Cluster.Group> more = new ArrayList<>(groups);
        more.add(Math.min(at, groups.size()), further);
        if (fits(model, groups, engine)) {
            assertThat(fits(model, more, engine)).as("%s", new Cluster(more)).isTrue();
        }
    }

    @Provide
    Arbitrary<List<Cluster.Group>> groups() {
        return group().list().ofMinSize(1).ofMaxSize(3);
    }

    @Provide
    Arbitrary<Cluster.Group> group() {
        return Combinators.combine(
                        Arbitraries.of("L40S", "RTX 3090", "A100-SXM4-80GB", "L4", "H100-SXM MIG 1g.10gb"),
                        Arbitraries.of(1, 2, 4, 8),
                        Arbitraries.integers().between(1, 2))
                .as((card, count, nodes) -> new Cluster.Group(Node.of(CATALOG.accelerator(card), count), nodes));
    }

    @Provide
    Arbitrary<String> models() {
        return Arbitraries.of("llama-3.1-8b", "llama-3.1-70b", "mixtral-8x7b-v0.1", "qwen3-0.6b");
    }

    @Provide
    Arbitrary<EngineProfile> engines() {
        return Arbitraries.of(Engines.vllm(), Engines.llamaCpp());
    }
}
