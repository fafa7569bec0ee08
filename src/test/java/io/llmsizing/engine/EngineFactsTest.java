package io.llmsizing.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.document.Bundled;
import java.util.List;
import org.junit.jupiter.api.Test;

class EngineFactsTest {
    private final EngineFacts facts = EngineFacts.bundled("vllm");

    @Test
    void betweenTwoVersionsTheOlderOnesValueHolds() {
        for (String version : new String[] {"0.17", "0.18", "0.25"}) {
            assertThat(facts.constant("steps_overlap", EngineVersion.parse(version))
                            .whole())
                    .isZero();
        }
        assertThat(facts.constant("steps_overlap", EngineVersion.parse("0.26")).whole())
                .isEqualTo(1);
    }

    @Test
    void aConstantThatNobodyKnowsIsNamed() {
        assertThatIllegalStateException()
                .isThrownBy(() -> facts.constant("page_bytes", EngineVersion.parse("0.19")))
                .withMessageContaining("engines/vllm.csv")
                .withMessageContaining("page_bytes");
    }

    @Test
    void aFactWithoutSpreadHasABandOfNoWidth() {
        EngineConstant page = facts.constant("page_tokens", EngineVersion.parse("0.19"));
        assertThat(page.band().lowOf(1_000)).isEqualTo(1_000);
        assertThat(page.band().highOf(1_000)).isEqualTo(1_000);
        assertThat(page.source()).isNotBlank();
    }

    @Test
    void theBandOfAMeasuredFactReachesFromItsSmallestToItsLargestFigure() {
        EngineConstant runtime = facts.constant("runtime_tp1", EngineVersion.parse("0.19"));
        assertThat(runtime.band().lowOf(runtime.whole())).isEqualTo(257_698_038);
        assertThat(runtime.band().highOf(runtime.whole())).isEqualTo(493_921_239);
    }

    /** A band drawn by hand says of how many figures it is made, or that no log shows it. */
    @Test
    void everySpreadSaysWhatItIsMadeOf() {
        List<String> columns = List.of("since", "constant", "value", "low", "high", "unit", "source");
        assertThat(Bundled.rows(Catalog.class, "engines/vllm.csv", columns))
                .filteredOn(row -> !row.text("low").isEmpty())
                .hasSizeGreaterThan(20)
                .allSatisfy(row -> assertThat(row.text("source"))
                        .as(row.text("constant"))
                        .containsPattern("extremes of \\d+ (row|log)|no log|not seen|measured|issue|as before"));
    }
}
