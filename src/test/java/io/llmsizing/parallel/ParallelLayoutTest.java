package io.llmsizing.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParallelLayoutTest {
    @Test
    void aLayoutIsBuiltSizeBySize() {
        assertThat(ParallelLayout.SINGLE).isEqualTo(new ParallelLayout(1, 1, 1, false));
        assertThat(ParallelLayout.tensor(8)).isEqualTo(new ParallelLayout(8, 1, 1, false));
        assertThat(ParallelLayout.tensor(8).pipeline(2)).isEqualTo(new ParallelLayout(8, 2, 1, false));
        assertThat(ParallelLayout.tensor(8).data(4)).isEqualTo(new ParallelLayout(8, 1, 4, false));
        assertThat(ParallelLayout.tensor(8).pipeline(2).data(4).expert(true))
                .isEqualTo(new ParallelLayout(8, 2, 4, true));
        assertThat(new ParallelLayout(2, 1, 1, false)
                        .context(2)
                        .redundantExperts(3)
                        .pipeline(4)
                        .data(5)
                        .expert(true)
                        .withTensor(6))
                .isEqualTo(new ParallelLayout(6, 4, 5, true, 2, 3))
                .hasToString("tp6 pp4 dp5 ep+3 dcp2");
        assertThat(ParallelLayout.tensor(8).context(4).ranks()).isEqualTo(8);
        assertThat(new ParallelLayout(8, 2, 4, true).expert(false)).isEqualTo(new ParallelLayout(8, 2, 4, false));
    }

    @Test
    void expertsAreDealtOverAllTensorAndDataRanksOrNotAtAll() {
        ParallelLayout layout = ParallelLayout.tensor(4).data(2);
        assertThat(layout.expert(8).expert()).isTrue();
        assertThat(layout.expert(1).expert()).isFalse();
        assertThat(ParallelLayout.SINGLE.expert(1).expert()).isFalse();
        for (int ranks : new int[] {0, 2, 4, 7, 9, 16, -8}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> layout.expert(ranks))
                    .withMessageContaining("expert parallel " + ranks)
                    .withMessageContaining("here 8");
        }
    }

    @ParameterizedTest
    @CsvSource({"8, 1, 1, 8, 8", "8, 2, 1, 8, 16", "4, 2, 3, 12, 24", "1024, 1024, 1024, 1048576, 1073741824"})
    void ranksAreTheProductOfTheSizes(int tensor, int pipeline, int data, int expertRanks, int ranks) {
        ParallelLayout layout = new ParallelLayout(tensor, pipeline, data, false);
        assertThat(layout.expertRanks()).isEqualTo(expertRanks);
        assertThat(layout.ranks()).isEqualTo(ranks);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 1025, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void sizesOutOfRangeAreNamed(int size) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ParallelLayout.tensor(size))
                .withMessageContaining("tensor parallel " + size + "; 1 to 1024");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ParallelLayout.SINGLE.pipeline(size))
                .withMessageContaining("pipeline parallel " + size);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ParallelLayout.SINGLE.data(size))
                .withMessageContaining("data parallel " + size);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 1, false, tp1",
        "8, 1, 1, false, tp8",
        "8, 2, 1, true, tp8 pp2 ep",
        "1, 4, 1, false, tp1 pp4",
        "2, 1, 8, false, tp2 dp8",
        "4, 2, 2, true, tp4 pp2 dp2 ep"
    })
    void peopleReadTheSizesAboveOne(int tensor, int pipeline, int data, boolean expert, String shown) {
        assertThat(new ParallelLayout(tensor, pipeline, data, expert)).hasToString(shown);
    }
}
