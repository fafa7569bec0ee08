package io.llmsizing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.engine.Serving;
import io.llmsizing.hardware.Cluster;
import org.junit.jupiter.api.Test;

/** How many tokens are drafted, from the builder to what a rank serves. */
class DraftedTokensTest {
    private static final Catalog CATALOG = Catalog.bundled();

    private static DeploymentBuilder builder() {
        return Deployment.builder(CATALOG.model("Qwen/Qwen3.5-27B"), Cluster.of(CATALOG.accelerator("H200"), 1));
    }

    private static Serving serving(DeploymentBuilder builder) {
        return builder.build().stages().get(0).serving();
    }

    @Test
    void nothingIsDraftedUnlessItIsAskedFor() {
        assertThat(builder().build().isSpeculative()).isFalse();
        assertThat(serving(builder()).speculativeTokens()).isZero();
        assertThat(serving(builder()).rank().speculates()).isFalse();
    }

    @Test
    void whetherMeansOneUnlessMoreAreSaid() {
        assertThat(serving(builder().speculative(true)).speculativeTokens()).isEqualTo(1);
        assertThat(serving(builder().speculativeTokens(3).speculative(true)).speculativeTokens())
                .isEqualTo(3);
        assertThat(serving(builder().speculativeTokens(3).speculative(false)).speculativeTokens())
                .isZero();
    }

    @Test
    void theNumberReachesTheRankAndLoadsThePrediction() {
        Deployment deployment = builder().speculativeTokens(3).build();
        Serving serving = deployment.stages().get(0).serving();
        assertThat(deployment.speculativeTokens()).isEqualTo(3);
        assertThat(serving.speculativeTokens()).isEqualTo(3);
        assertThat(serving.rank().speculates()).isTrue();
        assertThat(serving.of(serving.rank()).speculativeTokens()).isEqualTo(3);
        assertThat(serving.of(serving.rank()).device()).isEqualTo(serving.device());
    }

    @Test
    void whatIsOutOfRangeIsNamed() {
        assertThatThrownBy(() -> builder().speculativeTokens(-1)).hasMessageContaining("-1; 0 to 1024");
        assertThatThrownBy(() -> builder().speculativeTokens(1_025)).hasMessageContaining("1025; 0 to 1024");
    }
}
