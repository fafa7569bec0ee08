package io.llmsizing.inventory;

import com.google.common.base.Strings;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names of machines as Slurm writes many together: {@code gpu[15-18,20],login1}. */
final class HostList {
    private static final int MOST_NAMES = 1 << 16;
    private static final Pattern PART =
            Pattern.compile("([^\\[\\],]*)\\[([0-9,-]{1,4096})\\]([^\\[\\],]*)|([^\\[\\],]+)");
    private static final Pattern RANGE = Pattern.compile("(\\d{1,9})(?:-(\\d{1,9}))?(?:,|$)");

    private HostList() {}

    /**
     * The names, one for each machine.
     *
     * @throws IllegalArgumentException if it is no such list, or of more than 65,536 names
     */
    static List<String> names(String list) {
        List<String> names = new ArrayList<>();
        if (list.isEmpty()) {
            throw malformed(list);
        }
        Matcher part = PART.matcher(list);
        int at = 0;
        while (at < list.length()) {
            boolean separated = at == 0 || list.charAt(at++) == ',';
            if (!separated || !part.find(at) || part.start() != at) {
                throw malformed(list);
            }
            if (part.group(4) != null) {
                add(names, part.group(4), list);
            } else {
                ranges(names, part, list);
            }
            at = part.end();
        }
        return names;
    }

    private static void ranges(List<String> names, Matcher part, String list) {
        Matcher range = RANGE.matcher(part.group(2));
        int at = 0;
        while (at < part.group(2).length()) {
            if (!range.find(at) || range.start() != at) {
                throw malformed(list);
            }
            String first = range.group(1);
            long last = Long.parseLong(range.group(2) == null ? first : range.group(2));
            if (last < Long.parseLong(first)) {
                throw malformed(list);
            }
            for (long number = Long.parseLong(first); number <= last; number++) {
                String digits = Strings.padStart(Long.toString(number), first.length(), '0');
                add(names, part.group(1) + digits + part.group(3), list);
            }
            at = range.end();
        }
    }

    private static void add(List<String> names, String name, String list) {
        if (names.size() >= MOST_NAMES) {
            throw new IllegalArgumentException("'" + Findings.shown(list) + "' are more than 65,536 machines");
        }
        names.add(name);
    }

    private static IllegalArgumentException malformed(String list) {
        return new IllegalArgumentException(
                "'" + Findings.shown(list) + "'; expected a name, or names together such as gpu[01-04,07]");
    }
}
