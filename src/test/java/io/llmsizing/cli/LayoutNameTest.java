package io.llmsizing.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.llmsizing.parallel.ParallelLayout;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LayoutNameTest {
    @Property
    void whatIsPrintedIsReadBack(
            @ForAll @IntRange(min = 1, max = 1024) int tensor,
            @ForAll @IntRange(min = 1, max = 1024) int pipeline,
            @ForAll @IntRange(min = 1, max = 1024) int data,
            @ForAll boolean expert) {
        ParallelLayout layout = new ParallelLayout(tensor, pipeline, data, expert);
        assertThat(LayoutName.parse(layout.toString())).isEqualTo(layout);
        assertThat(LayoutName.parse(layout.toString().replace(" ", ""))).isEqualTo(layout);
        assertThat(LayoutName.parse(layout.toString().replace(" ", ", "))).isEqualTo(layout);
    }

    @Test
    void partsComeInAnyOrder() {
        assertThat(LayoutName.parse("EP pp2 TP8")).isEqualTo(new ParallelLayout(8, 2, 1, true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "8", "tp", "tp8 tp4", "ep ep", "tp8 x", "xtp8", "tp8;pp2", "tp12345"})
    void theRestIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LayoutName.parse(text))
                .withMessageContaining("'" + text + "' is no layout");
    }

    @Test
    void aSizeOutOfRangeIsRefusedByTheLayout() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LayoutName.parse("tp8 pp1025"))
                .withMessageContaining("1 to 1024");
    }
}
