package io.llmsizing.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkloadTest {
    @Test
    void limitsAreTheEnginesUnlessGiven() {
        assertThat(Workload.of(32, 32_768))
                .isEqualTo(new Workload(32, 32_768, OptionalLong.empty(), OptionalLong.empty()));
        assertThat(Workload.of(32, 32_768).maxBatchedTokens(8192))
                .isEqualTo(new Workload(32, 32_768, OptionalLong.of(8192), OptionalLong.empty()));
        assertThat(Workload.of(32, 32_768).maxSequences(256))
                .isEqualTo(new Workload(32, 32_768, OptionalLong.empty(), OptionalLong.of(256)));
        assertThat(Workload.of(32, 32_768).maxSequences(256).maxBatchedTokens(8192))
                .isEqualTo(Workload.of(32, 32_768).maxBatchedTokens(8192).maxSequences(256));
    }

    @Test
    void whatChangesOneFieldKeepsTheOthers() {
        Workload all = new Workload(7, 4_096, OptionalLong.of(512), OptionalLong.of(64), 1_000);
        assertThat(all.sequences(8))
                .isEqualTo(new Workload(8, 4_096, OptionalLong.of(512), OptionalLong.of(64), 1_000));
        assertThat(all.contextTokens(2_048))
                .isEqualTo(new Workload(7, 2_048, OptionalLong.of(512), OptionalLong.of(64), 1_000));
        assertThat(all.maxBatchedTokens(256))
                .isEqualTo(new Workload(7, 4_096, OptionalLong.of(256), OptionalLong.of(64), 1_000));
        assertThat(all.maxSequences(32))
                .isEqualTo(new Workload(7, 4_096, OptionalLong.of(512), OptionalLong.of(32), 1_000));
        assertThat(all.sharedPrefix(5)).isEqualTo(new Workload(7, 4_096, OptionalLong.of(512), OptionalLong.of(64), 5));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> all.contextTokens(999))
                .withMessageContaining("0 to the 999 tokens of a sequence");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, (1L << 31) + 1, Long.MIN_VALUE, Long.MAX_VALUE})
    void sequencesOutOfRangeAreNamed(long sequences) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Workload.of(sequences, 1))
                .withMessageContaining("sequences: " + sequences + "; 1 to 2147483648");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, (1L << 40) + 1, Long.MIN_VALUE, Long.MAX_VALUE})
    void contextsOutOfRangeAreNamed(long tokens) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Workload.of(1, tokens))
                .withMessageContaining("context tokens: " + tokens + "; 1 to 1099511627776");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 4_097, Long.MAX_VALUE})
    void aSharedPrefixIsAPartOfEachSequence(long prefix) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Workload.of(2, 4_096).sharedPrefix(prefix))
                .withMessage("shared prefix tokens: " + prefix + "; 0 to the 4096 tokens of a sequence allowed");
        assertThat(Workload.of(2, 4_096).sharedPrefix(4_096).maxSequences(3).maxBatchedTokens(7))
                .isEqualTo(new Workload(2, 4_096, OptionalLong.of(7), OptionalLong.of(3), 4_096));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, (1L << 31) + 1, Long.MAX_VALUE})
    void limitsOutOfRangeAreNamed(long limit) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Workload.of(1, 1).maxBatchedTokens(limit))
                .withMessageContaining("batched tokens: " + limit);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Workload.of(1, 1).maxSequences(limit))
                .withMessageContaining("sequences in a step: " + limit);
    }

    @Test
    void theEndsOfTheRangesAreTaken() {
        assertThat(Workload.of(1, 1).maxBatchedTokens(1).maxSequences(1).sequences())
                .isEqualTo(1);
        Workload most =
                Workload.of(1L << 31, 1L << 40).maxBatchedTokens(1L << 31).maxSequences(1L << 31);
        assertThat(most.sequences()).isEqualTo(Workload.MOST_SEQUENCES);
        assertThat(most.contextTokens()).isEqualTo(Workload.MOST_TOKENS);
    }
}
