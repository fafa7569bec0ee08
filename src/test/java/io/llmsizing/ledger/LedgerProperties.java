package io.llmsizing.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.units.Ratio;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCases;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class LedgerProperties {
    private static final Band BAND = new Band(Ratio.of(19, 20), Ratio.of(107, 100));

    private static final List<MemoryLine> LINES = List.of(
            MemoryLine.exact("one", "a", "test"),
            MemoryLine.banded("two", "a * b", Certainty.ESTIMATED, "test", BAND),
            MemoryLine.exact("three", "a * b * c", "test"),
            MemoryLine.banded("four", "a * b * c * d", Certainty.MEASURED, "test", BAND),
            MemoryLine.exact("five", "a * b * c * d * e", "test"));

    private static final List<MemoryLine> SHARES = List.of(
            MemoryLine.banded("share of one", "share * b", Certainty.ESTIMATED, "test", BAND),
            MemoryLine.exact("share of two", "share * b * c", "test"));

    private static final MemoryLine DOUBT =
            MemoryLine.banded("doubt", "bytes", Certainty.ESTIMATED, "test", Band.EXACT);

    /** One call of a ledger; those of the sections are kept balanced by the walk below. */
    record Step(int kind, List<Long> operands, Ratio share) {
        void postTo(Ledger ledger) {
            long a = operands.get(0);
            long b = operands.get(1);
            long c = operands.get(2);
            long d = operands.get(3);
            long e = operands.get(4);
            switch (kind) {
                case 0 -> ledger.post(LINES.get(0), "subject", a);
                case 1 -> ledger.post(LINES.get(1), "subject", a, b);
                case 2 -> ledger.post(LINES.get(2), "subject", a, b, c);
                case 3 -> ledger.post(LINES.get(3), "subject", a, b, c, d);
                case 4 -> ledger.post(LINES.get(4), "subject", "part", a, b, c, d, e);
                case 11 -> {
                    ledger.post(LINES.get(0), "subject", a);
                    ledger.postDoubt(DOUBT, "subject", a / 2, b);
                }
                case 5 -> ledger.postShare(SHARES.get(0), "subject", share, b, 1);
                default -> ledger.postShare(SHARES.get(1), "subject", share, b, c);
            }
        }
    }

    @Provide
    Arbitrary<List<Step>> walks() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 11),
                        Arbitraries.longs().between(0, 4000).list().ofSize(5),
                        Combinators.combine(
                                        Arbitraries.longs().between(0, 100_000),
                                        Arbitraries.longs().between(1, 1000))
                                .as(Ratio::of))
                .as(Step::new)
                .list()
                .ofMaxSize(30)
                .edgeCases(EdgeCases.Config::none);
    }

    private static void walk(List<Step> steps, Ledger ledger) {
        int depth = 0;
        for (Step step : steps) {
            if (step.kind() == 7 || step.kind() == 8) {
                ledger.enter("section " + depth);
                depth++;
            } else if (step.kind() <= 6 || step.kind() == 11) {
                step.postTo(ledger);
            } else if (depth > 0) {
                ledger.leave();
                depth--;
            }
        }
        for (; depth > 0; depth--) {
            ledger.leave();
        }
    }

    private static TotalLedger total(List<Step> steps) {
        TotalLedger total = new TotalLedger();
        walk(steps, total);
        return total;
    }

    private static LineItem itemised(List<Step> steps) {
        ItemizedLedger itemised = new ItemizedLedger("root");
        walk(steps, itemised);
        return itemised.root();
    }

    @Property
    void bothLedgersSayTheSame(@ForAll("walks") List<Step> steps) {
        TotalLedger total = total(steps);
        LineItem root = itemised(steps);
        assertThat(root.bytes()).isEqualTo(total.bytes());
        assertThat(root.low()).isEqualTo(total.low());
        assertThat(root.high()).isEqualTo(total.high());
    }

    @Property
    void aLedgerKnowsWhatWasPosted(@ForAll("walks") List<Step> steps) {
        ItemizedLedger itemised = new ItemizedLedger("root");
        walk(steps, itemised);
        assertThat(itemised.posted())
                .isEqualTo(total(steps).posted())
                .isEqualTo(total(steps).bytes());
    }

    @Property
    void everyFormulaEvaluatedWithItsOperandsGivesItsBytes(@ForAll("walks") List<Step> steps) {
        assertEvaluates(itemised(steps));
    }

    private static void assertEvaluates(LineItem item) {
        if (item.children().isEmpty() && !item.formula().isEmpty()) {
            assertThat(evaluated(item)).as(item.formula()).isEqualTo(BigInteger.valueOf(item.bytes()));
        } else {
            assertThat(item.children().stream().mapToLong(LineItem::bytes).sum())
                    .isEqualTo(item.bytes());
            assertThat(item.children().stream().mapToLong(LineItem::low).sum()).isEqualTo(item.low());
            assertThat(item.children().stream().mapToLong(LineItem::high).sum()).isEqualTo(item.high());
            item.children().forEach(LedgerProperties::assertEvaluates);
        }
    }

    /** The product of the operands that the formula's text names, rounded up to a whole byte. */
    private static BigInteger evaluated(LineItem item) {
        Map<String, Ratio> values = new HashMap<>();
        item.operands().forEach(operand -> values.put(operand.name(), operand.value()));
        BigInteger numerator = BigInteger.ONE;
        BigInteger denominator = BigInteger.ONE;
        for (String name : item.formula().split(" \\* ", -1)) {
            Ratio value = values.remove(name);
            assertThat(value).as(name).isNotNull();
            numerator = numerator.multiply(BigInteger.valueOf(value.numerator()));
            denominator = denominator.multiply(BigInteger.valueOf(value.denominator()));
        }
        assertThat(values).as("operands that the formula does not name").isEmpty();
        return numerator.add(denominator).subtract(BigInteger.ONE).divide(denominator);
    }

    @Property
    void theTruthLiesBetweenLowAndHigh(@ForAll("walks") List<Step> steps) {
        TotalLedger total = total(steps);
        assertThat(total.low()).isLessThanOrEqualTo(total.bytes());
        assertThat(total.high()).isGreaterThanOrEqualTo(total.bytes());
    }

    @Property
    void aWalkOnlyAdds(@ForAll("walks") List<Step> steps, @ForAll("walks") List<Step> more) {
        TotalLedger both = new TotalLedger();
        walk(steps, both);
        walk(more, both);
        assertThat(both.bytes()).isEqualTo(total(steps).bytes() + total(more).bytes());
        assertThat(both.low()).isEqualTo(total(steps).low() + total(more).low());
        assertThat(both.high()).isEqualTo(total(steps).high() + total(more).high());
    }
}
