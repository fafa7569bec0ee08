package io.llmsizing.attention;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProjectedAttentionTest {
    private static final List<WeightTensor> WEIGHTS =
            List.of(WeightTensor.vector("self_attn.wq.weight", TensorRole.ATTENTION, 7));

    @Test
    void itHasItsOwnWeightsAndKeepsWhatTheOtherKeeps() {
        Attention kept = new SlidingWindow(GroupedQuery.of(64, 1, 256), 128);
        ProjectedAttention attention = new ProjectedAttention(kept, WEIGHTS);
        assertThat(attention.tensors(4_096)).isEqualTo(WEIGHTS);
        assertThat(attention.cacheRows(8)).isEqualTo(kept.cacheRows(8));
        assertThat(attention.states()).isEmpty();
        assertThat(attention.heads()).isEqualTo(64);
        assertThat(attention.keyValueHeads()).isEqualTo(1);
        assertThat(attention.label()).isEqualTo("windowed attention");
        assertThat(attention.parts()).isEqualTo(kept.parts());
        assertThat(attention.cutsInto(64)).isTrue();
        assertThat(attention.cutsInto(48)).isFalse();
    }
}
