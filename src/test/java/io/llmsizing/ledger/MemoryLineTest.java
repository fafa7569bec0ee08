package io.llmsizing.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.llmsizing.units.Ratio;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryLineTest {
    @Test
    void theFormulaNamesTheOperandsInTheirOrder() {
        MemoryLine line = MemoryLine.exact("kv_cache.rows", "layers * heads * head_bytes", "shape");
        assertThat(line.id()).isEqualTo("kv_cache.rows");
        assertThat(line.formula()).isEqualTo("layers * heads * head_bytes");
        assertThat(line.operandNames()).containsExactly("layers", "heads", "head_bytes");
        assertThat(line.certainty()).isEqualTo(Certainty.EXACT);
        assertThat(line.source()).isEqualTo("shape");
        assertThat(line.band()).isEqualTo(Band.EXACT);
    }

    @Test
    void aLineOfDoubtHasItsBand() {
        Band band = new Band(Ratio.of(1, 2), Ratio.of(3, 2));
        MemoryLine line = MemoryLine.banded("engine.graphs", "bytes", Certainty.MEASURED, "logs", band);
        assertThat(line.certainty()).isEqualTo(Certainty.MEASURED);
        assertThat(line.band()).isEqualTo(band);
        assertThat(line.operandNames()).containsExactly("bytes");
    }

    @Test
    void fiveOperandsAreTheMost() {
        assertThat(MemoryLine.exact("most", "a * b * c * d * e", "s").operandNames())
                .hasSize(MemoryLine.MOST_OPERANDS);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MemoryLine.exact("more", "a * b * c * d * e * f", "s"))
                .withMessageContainingAll("more", "6");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MemoryLine("none", "", List.of(), Certainty.EXACT, "s", Band.EXACT))
                .withMessageContainingAll("none", "0");
    }

    @Test
    void aFormulaThatNamesOtherOperandsIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MemoryLine("mixed", "a * c", List.of("a", "b"), Certainty.EXACT, "s", Band.EXACT))
                .withMessageContainingAll("mixed", "a * c");
    }
}
