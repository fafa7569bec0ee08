package io.llmsizing.cli;

import io.llmsizing.parallel.ParallelLayout;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A layout as it is printed: {@code tp8 pp2 dp4 ep+32 dcp2}, in any order, with commas or blanks or nothing between. */
final class LayoutName {
    private static final Pattern PART =
            Pattern.compile("\\G[\\s,]*(?:(tp|pp|dp|dcp)(\\d{1,4})|(ep)(?:\\+(\\d{1,7}))?)(?=[\\s,tpde]|$)");

    private LayoutName() {}

    static ParallelLayout parse(String text) {
        String written = text.toLowerCase(Locale.ROOT).strip();
        ParallelLayout layout = ParallelLayout.SINGLE;
        Set<String> said = new HashSet<>();
        Matcher part = PART.matcher(written);
        int end = 0;
        while (part.find() && said.add(part.group(3) == null ? part.group(1) : part.group(3))) {
            end = part.end();
            layout = part.group(3) == null
                    ? with(layout, part.group(1), Integer.parseInt(part.group(2)))
                    : layout.expert(true).redundantExperts(part.group(4) == null ? 0 : Integer.parseInt(part.group(4)));
        }
        if (said.isEmpty() || end != written.length()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no layout; write it as it is printed, each part once: tp8, or tp8 pp2 dp2 ep");
        }
        return layout;
    }

    private static ParallelLayout with(ParallelLayout layout, String what, int size) {
        return switch (what) {
            case "tp" -> layout.withTensor(size);
            case "pp" -> layout.pipeline(size);
            case "dcp" -> layout.context(size);
            default -> layout.data(size);
        };
    }
}
