package io.llmsizing.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.llmsizing.units.Ratio;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerTest {
    private static final Band BAND = new Band(Ratio.of(9, 10), Ratio.of(6, 5));
    private static final MemoryLine EXACT = MemoryLine.exact("test.exact", "a * b * c * d * e", "the shape");
    private static final MemoryLine BANDED =
            MemoryLine.banded("test.banded", "share * b * c", Certainty.ESTIMATED, "start logs", BAND);

    private static final MemoryLine ONE = MemoryLine.exact("test.one", "bytes", "the shape");
    private static final MemoryLine DOUBT =
            MemoryLine.banded("test.doubt", "bytes", Certainty.ESTIMATED, "residuals", Band.EXACT);

    static Stream<Ledger> ledgers() {
        return Stream.of(new TotalLedger(), new ItemizedLedger("root"));
    }

    @Test
    void aPostingIsKeptWithAllThatIsKnownOfIt() {
        ItemizedLedger ledger = new ItemizedLedger("root");
        ledger.post(EXACT, "q_proj.weight", "scales", 2, 3, 5, 7, 11);
        assertThat(ledger.root().children())
                .containsExactly(new LineItem(
                        "test.exact",
                        "q_proj.scales",
                        2310,
                        2310,
                        2310,
                        "a * b * c * d * e",
                        List.of(operand("a", 2), operand("b", 3), operand("c", 5), operand("d", 7), operand("e", 11)),
                        Certainty.EXACT,
                        "the shape",
                        List.of()));
    }

    @Test
    void aDoubtHasNoBytesAndBothEnds() {
        ItemizedLedger ledger = new ItemizedLedger("root");
        ledger.post(ONE, "weights", 100);
        ledger.postDoubt(DOUBT, "what was posted", 100, 7);
        assertThat(ledger.posted()).isEqualTo(100);
        LineItem doubt = ledger.root().children().get(1);
        assertThat(doubt)
                .isEqualTo(new LineItem(
                        "test.doubt",
                        "what was posted",
                        0,
                        -100,
                        7,
                        "bytes",
                        List.of(operand("bytes", 0)),
                        Certainty.ESTIMATED,
                        "residuals",
                        List.of()));
        assertThat(ledger.root().low()).isZero();
        assertThat(ledger.root().high()).isEqualTo(107);
    }

    @ParameterizedTest
    @MethodSource("ledgers")
    void aDoubtIsOfWhatWasPosted(Ledger ledger) {
        ledger.post(ONE, "weights", 100);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ledger.postDoubt(DOUBT, "x", 101, 0))
                .withMessage(
                        "line test.doubt: 101 B less and 0 B more than the 100 B that were posted; 0 to all of them less,"
                                + " and 0 or more");
        assertThatIllegalArgumentException().isThrownBy(() -> ledger.postDoubt(DOUBT, "x", -1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> ledger.postDoubt(DOUBT, "x", 0, -1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ledger.postDoubt(ONE, "x", 0, 0))
                .withMessageContaining("not exact");
        assertThatIllegalArgumentException().isThrownBy(() -> ledger.postDoubt(BANDED, "x", 0, 0));
    }

    @Test
    void aShareIsRoundedUpToAByteAndItsBandOutward() {
        ItemizedLedger ledger = new ItemizedLedger("root");
        ledger.postShare(BANDED, "sampler", Ratio.of(59, 4), 3, 7);
        assertThat(ledger.root().children())
                .containsExactly(new LineItem(
                        "test.banded",
                        "sampler",
                        310,
                        279,
                        372,
                        "share * b * c",
                        List.of(new LineItem.Operand("share", Ratio.of(59, 4)), operand("b", 3), operand("c", 7)),
                        Certainty.ESTIMATED,
                        "start logs",
                        List.of()));
    }

    private static LineItem.Operand operand(String name, long value) {
        return new LineItem.Operand(name, Ratio.of(value, 1));
    }

    @Test
    void aPostingWithoutPartIsTitledByItsSubject() {
        ItemizedLedger ledger = new ItemizedLedger("root");
        ledger.post(EXACT, "norm.weight", "", 1, 1, 1, 1, 1);
        assertThat(ledger.root().children().get(0).title()).isEqualTo("norm.weight");
    }

    @Test
    void aPartStandsWhereCheckpointsWriteWeight() {
        ItemizedLedger ledger = new ItemizedLedger("root");
        ledger.post(EXACT, "q_proj.weight", "qweight", 1, 1, 1, 1, 1);
        ledger.post(EXACT, "experts", "scales", 1, 1, 1, 1, 1);
        ledger.post(EXACT, "weight.bias", "zeros", 1, 1, 1, 1, 1);
        assertThat(ledger.root().children())
                .extracting(LineItem::title)
                .containsExactly("q_proj.qweight", "experts.scales", "weight.bias.zeros");
    }

    @Test
    void shortFormsFillUpWithOnes() {
        TotalLedger total = new TotalLedger();
        total.post(EXACT, "s", 2);
        assertThat(total.bytes()).isEqualTo(2);
        total.post(EXACT, "s", 2, 3);
        assertThat(total.bytes()).isEqualTo(2 + 6);
        total.post(EXACT, "s", 2, 3, 5);
        assertThat(total.bytes()).isEqualTo(8 + 30);
        total.post(EXACT, "s", 2, 3, 5, 7);
        assertThat(total.bytes()).isEqualTo(38 + 210);
    }

    @Test
    void sectionsNestAndKeepTheirOrder() {
        ItemizedLedger ledger = new ItemizedLedger("root");
        ledger.enter("weights");
        ledger.post(EXACT, "first", 1);
        ledger.enter("layers[0]");
        ledger.post(EXACT, "second", 2);
        ledger.leave();
        ledger.leave();
        ledger.post(EXACT, "third", 4);
        LineItem root = ledger.root();
        assertThat(root.id()).isEqualTo("root");
        assertThat(root.bytes()).isEqualTo(7);
        assertThat(root.children()).extracting(LineItem::title).containsExactly("weights", "third");
        LineItem weights = root.children().get(0);
        assertThat(weights.bytes()).isEqualTo(3);
        assertThat(weights.children()).extracting(LineItem::title).containsExactly("first", "layers[0]");
        assertThat(weights.children().get(1).bytes()).isEqualTo(2);
    }

    @Test
    void aSectionThatWasNotEnteredCannotBeLeft() {
        ItemizedLedger ledger = new ItemizedLedger("root");
        assertThatIllegalStateException().isThrownBy(ledger::leave);
        ledger.enter("weights");
        ledger.leave();
        assertThatIllegalStateException().isThrownBy(ledger::leave);
    }

    @Test
    void aSectionLeftOpenIsNamed() {
        ItemizedLedger ledger = new ItemizedLedger("root");
        ledger.enter("weights");
        assertThatIllegalStateException().isThrownBy(ledger::root).withMessageContaining("weights");
    }

    @Test
    void theTotalCaresForNoSections() {
        TotalLedger total = new TotalLedger();
        total.enter("weights");
        total.post(EXACT, "s", 3);
        total.leave();
        total.leave();
        assertThat(total.bytes()).isEqualTo(3);
    }

    @ParameterizedTest
    @MethodSource("ledgers")
    void aProductBeyondALongNamesLineSubjectAndOperands(Ledger ledger) {
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> ledger.post(EXACT, "q_proj.weight", "", 1L << 40, 3, 1L << 30, 1, 1))
                .withMessageContainingAll("test.exact", "q_proj.weight", "1099511627776 * 3 * 1073741824", "2^63");
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> ledger.postShare(BANDED, "sampler", Ratio.of(59, 4), 1L << 32, 1L << 32))
                .withMessageContainingAll("test.banded", "sampler", "59/4 * 4294967296 * 4294967296", "2^63");
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> ledger.postShare(BANDED, "sampler", Ratio.of(59, 4), 1L << 60, 1))
                .withMessageContainingAll("test.banded", "sampler");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void everyOperandCanOverflow(int which) {
        long[] operands = {2, 2, 2, 2, 2};
        operands[which] = 1L << 59;
        for (Ledger ledger : List.of(new TotalLedger(), new ItemizedLedger("root"))) {
            assertThatExceptionOfType(ArithmeticException.class)
                    .isThrownBy(() -> ledger.post(
                            EXACT, "s", "", operands[0], operands[1], operands[2], operands[3], operands[4]));
        }
    }

    @Test
    void aTotalBeyondALongNamesTheLineThatMadeItSo() {
        TotalLedger total = new TotalLedger();
        total.post(EXACT, "first", Long.MAX_VALUE);
        assertThat(total.bytes()).isEqualTo(Long.MAX_VALUE);
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> total.post(EXACT, "last straw", 1))
                .withMessageContainingAll("test.exact", "last straw", "9223372036854775807 + 1");
    }

    @Test
    void anItemisedSumBeyondALongIsAnOverflowToo() {
        ItemizedLedger ledger = new ItemizedLedger("root");
        ledger.post(EXACT, "first", Long.MAX_VALUE);
        ledger.post(EXACT, "last straw", 1);
        assertThatExceptionOfType(ArithmeticException.class).isThrownBy(ledger::root);
    }
}
