package io.llmsizing.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AssumptionTest {
    @Test
    void anAssumptionReadsAsWhatItIsAboutAndWhatWasTaken() {
        assertThat(new Assumption("head_dim", "128, since it is hidden / heads"))
                .hasToString("head_dim: 128, since it is hidden / heads");
    }
}
