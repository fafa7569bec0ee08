package io.llmsizing.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.llmsizing.units.ByteSize;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineItemTest {
    private static LineItem leaf(String id, String title, long bytes, long low, long high, Certainty certainty) {
        return new LineItem(id, title, bytes, low, high, "a", List.of(), certainty, "test", List.of());
    }

    @Test
    void aSectionSumsItsChildren() {
        LineItem section = LineItem.section(
                "weights",
                List.of(leaf("w", "q", 100, 90, 120, Certainty.EXACT), leaf("w", "k", 10, 9, 12, Certainty.EXACT)));
        assertThat(section.id()).isEqualTo("weights");
        assertThat(section.title()).isEqualTo("weights");
        assertThat(section.bytes()).isEqualTo(110);
        assertThat(section.low()).isEqualTo(99);
        assertThat(section.high()).isEqualTo(132);
        assertThat(section.formula()).isEmpty();
        assertThat(section.operands()).isEmpty();
        assertThat(section.source()).isEmpty();
        assertThat(section.size()).isEqualTo(ByteSize.ofBytes(110));
    }

    @Test
    void aSectionIsAsSureAsItsLeastSureChild() {
        LineItem exact = leaf("a", "a", 1, 1, 1, Certainty.EXACT);
        LineItem measured = leaf("b", "b", 1, 1, 1, Certainty.MEASURED);
        LineItem estimated = leaf("c", "c", 1, 1, 1, Certainty.ESTIMATED);
        assertThat(LineItem.section("s", List.of()).certainty()).isEqualTo(Certainty.EXACT);
        assertThat(LineItem.section("s", List.of(exact)).certainty()).isEqualTo(Certainty.EXACT);
        assertThat(LineItem.section("s", List.of(exact, measured)).certainty()).isEqualTo(Certainty.MEASURED);
        assertThat(LineItem.section("s", List.of(estimated, measured, exact)).certainty())
                .isEqualTo(Certainty.ESTIMATED);
        assertThat(LineItem.section("s", List.of(measured, estimated)).certainty())
                .isEqualTo(Certainty.ESTIMATED);
    }

    @Test
    void aLineIsFoundDepthFirst() {
        LineItem deep = leaf("kv_cache.rows", "deep", 1, 1, 1, Certainty.EXACT);
        LineItem later = leaf("kv_cache.rows", "later", 2, 2, 2, Certainty.EXACT);
        LineItem root = LineItem.section("root", List.of(LineItem.section("kv_cache", List.of(deep)), later));
        assertThat(root.find("kv_cache.rows")).contains(deep);
        assertThat(root.find("root")).contains(root);
        assertThat(root.find("kv_cache")).contains(root.children().get(0));
        assertThat(root.find("nothing")).isEmpty();
    }

    @Test
    void aSumBeyondALongIsAnOverflow() {
        LineItem most = leaf("a", "a", 1, 1, Long.MAX_VALUE, Certainty.EXACT);
        LineItem one = leaf("b", "b", 1, 1, 1, Certainty.EXACT);
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> LineItem.section("s", List.of(most, one)));
    }

    @Test
    void theListsAreCopies() {
        List<LineItem> children = new ArrayList<>(List.of(leaf("a", "a", 1, 1, 1, Certainty.EXACT)));
        LineItem section = LineItem.section("s", children);
        children.clear();
        assertThat(section.children()).hasSize(1);
    }
}
