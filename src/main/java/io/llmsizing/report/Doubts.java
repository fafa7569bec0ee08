package io.llmsizing.report;

import io.llmsizing.Constraint;
import io.llmsizing.Finding;
import io.llmsizing.Sizing;
import io.llmsizing.Verdict;
import io.llmsizing.ledger.LineItem;
import io.llmsizing.units.ByteSize;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** The lines whose bands keep a verdict from being sure, the widest first. */
final class Doubts {
    private static final int MOST = 3;

    private Doubts() {}

    /** Of the tightest rank, or of what the engine takes beside its share; none where the verdict is sure. */
    static List<LineItem> of(Verdict verdict) {
        if (!(verdict instanceof Verdict.TooCloseToCall)) {
            return List.of();
        }
        Finding finding = verdict.finding();
        LineItem doubtful = finding.bindingConstraint() == Constraint.DEVICE_CONTEXT
                ? Sizing.explainOutside(finding.deployment(), finding.stage())
                : Sizing.explain(finding.deployment(), finding.stage());
        return leaves(doubtful)
                .filter(line -> width(line) > 0)
                .sorted(Comparator.comparingLong(Doubts::width).reversed())
                .limit(MOST)
                .toList();
    }

    private static Stream<LineItem> leaves(LineItem line) {
        return line.children().isEmpty()
                ? Stream.of(line)
                : line.children().stream().flatMap(Doubts::leaves);
    }

    private static long width(LineItem line) {
        return line.high() - line.low();
    }

    static String text(LineItem line) {
        return String.format(
                Locale.ROOT, "%s (%s), %s to %s", line.title(), line.id(), signed(line.low()), signed(line.high()));
    }

    private static String signed(long bytes) {
        return (bytes < 0 ? "-" : "") + ByteSize.ofBytes(Math.abs(bytes)).toDisplay();
    }

    static Map<String, Object> json(LineItem line) {
        Map<String, Object> written = new LinkedHashMap<>();
        written.put("line", line.id());
        written.put("of", line.title());
        written.put("low_bytes", line.low());
        written.put("high_bytes", line.high());
        return written;
    }
}
