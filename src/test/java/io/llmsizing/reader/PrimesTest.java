package io.llmsizing.reader;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrimesTest {
    @Test
    void theNextPrimesCountTheNumberItself() {
        assertThat(Primes.next(1, 6)).containsExactly(2, 3, 5, 7, 11, 13);
        assertThat(Primes.next(13, 2)).containsExactly(13, 17);
        assertThat(Primes.next(24, 3)).containsExactly(29, 31, 37);
        assertThat(Primes.next(5, 0)).isEmpty();
    }

    @Test
    void theTablesOfQwenStartAtTwentyMillion() {
        assertThat(Primes.next(20_000_000, 1)).containsExactly(20_000_003);
    }
}
