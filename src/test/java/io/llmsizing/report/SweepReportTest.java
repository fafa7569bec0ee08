package io.llmsizing.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.NodeVerdicts;
import io.llmsizing.planner.SweepRow;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SweepReportTest {
    private static Stream<SweepRow> rows() {
        return Stream.of(
                new SweepRow(0, "a, \"b\"", "H200", 8, "fp8", 8_192, 1, NodeVerdicts.FITS),
                new SweepRow(1, "c", "T4", 1, "int4", 4_096, 2, NodeVerdicts.REFUSED));
    }

    @Test
    void csvQuotesWhatNeedsIt() throws IOException {
        StringBuilder out = new StringBuilder();
        SweepReport.csv(rows(), out);
        assertThat(out)
                .hasToString("model,accelerator,count,weights,context_tokens,sequences,verdict\n"
                        + "\"a, \"\"b\"\"\",H200,8,fp8,8192,1,fits\nc,T4,1,int4,4096,2,refused\n");
    }

    @Test
    void jsonHasARowOnALine() throws IOException {
        StringBuilder out = new StringBuilder();
        SweepReport.jsonLines(rows().skip(1), out);
        assertThat(out)
                .hasToString("{\"model\":\"c\",\"accelerator\":\"T4\",\"count\":1,\"weights\":\"int4\","
                        + "\"context_tokens\":4096,\"sequences\":2,\"verdict\":\"refused\"}\n");
    }
}
