package io.llmsizing.catalog;

import com.google.common.base.CharMatcher;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.LinkedHashMultimap;
import com.google.common.collect.SetMultimap;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Ids by every name that people type for them. */
final class NameIndex {
    private static final int MOST_SUGGESTIONS = 4;
    private static final CharMatcher IGNORED = CharMatcher.whitespace().or(CharMatcher.anyOf("_-"));

    private final String kind;
    private final UnaryOperator<String> folded;
    private final SetMultimap<String, String> idsByName = LinkedHashMultimap.create();

    /**
     * An empty index.
     *
     * @param kind what is named, for messages
     * @param folded brings spellings of one name together
     */
    NameIndex(String kind, UnaryOperator<String> folded) {
        this.kind = kind;
        this.folded = folded;
    }

    void add(String name, String id) {
        idsByName.put(folded.apply(name), id);
    }

    /** The one thing that a name may mean. */
    String idOf(String name) {
        return only(name, idsOf(name));
    }

    /** All that a name may mean. */
    List<String> idsOf(String name) {
        return ImmutableList.copyOf(idsByName.get(folded.apply(name)));
    }

    /** The only one of what a name may mean, or an error that says what is near or meant. */
    String only(String name, List<String> ids) {
        if (ids.size() == 1) {
            return ids.get(0);
        }
        if (ids.isEmpty()) {
            List<String> near = nearest(folded.apply(name));
            throw new UnknownNameException(
                    kind, "no " + kind + " '" + name + "'; nearest: " + String.join(", ", near), near);
        }
        throw new UnknownNameException(
                kind, kind + " '" + name + "' may be any of " + String.join(", ", ids) + "; write one of these", ids);
    }

    /** Ids whose names take the fewest edits, names that contain what was typed first. */
    private List<String> nearest(String wanted) {
        return idsByName.entries().stream()
                .sorted(Comparator.comparingInt(entry -> distance(wanted, entry.getKey())))
                .map(entry -> entry.getValue())
                .distinct()
                .limit(MOST_SUGGESTIONS)
                .collect(Collectors.toList());
    }

    private static int distance(String wanted, String name) {
        String last = name.substring(name.lastIndexOf('/') + 1);
        int edits = Math.min(edits(wanted, name), edits(wanted, last));
        return name.contains(wanted) ? Math.min(edits, 1) : edits;
    }

    private static int edits(String from, String to) {
        if (from.length() > 200) {
            return from.length();
        }
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int substituted = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[to.length()];
    }

    /** Letter case is nothing. */
    static String caseFolded(String name) {
        return name.strip().toLowerCase(Locale.ROOT);
    }

    /** Letter case, blanks, hyphens and underscores are nothing. */
    static String spellingFolded(String name) {
        return IGNORED.removeFrom(caseFolded(name));
    }
}
