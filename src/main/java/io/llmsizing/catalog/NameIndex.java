package io.llmsizing.catalog;

import com.google.common.base.CharMatcher;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.LinkedHashMultimap;
import com.google.common.collect.SetMultimap;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Ids by every name that people type for them: of spellings that are ever less strict, the first that knows a name decides.
 * Where several things share a name, the one it usually means may be marked.
 */
final class NameIndex {
    private static final int MOST_SUGGESTIONS = 4;
    private static final CharMatcher IGNORED = CharMatcher.whitespace().or(CharMatcher.anyOf("_-"));

    private final String kind;
    private final List<UnaryOperator<String>> foldings;
    private final List<SetMultimap<String, String>> idsByName;
    private final SetMultimap<String, String> namesUsualFor = LinkedHashMultimap.create();

    /**
     * An empty index.
     *
     * @param kind what is named, for messages
     * @param foldings each brings spellings of one name together, the strictest first
     */
    NameIndex(String kind, List<UnaryOperator<String>> foldings) {
        this.kind = kind;
        this.foldings = foldings;
        idsByName = foldings.stream()
                .map(folding -> (SetMultimap<String, String>) LinkedHashMultimap.<String, String>create())
                .toList();
    }

    void add(String name, String id) {
        for (int i = 0; i < foldings.size(); i++) {
            idsByName.get(i).put(foldings.get(i).apply(name), id);
        }
    }

    /** Like {@link #add}, and of all that share the name this one is meant where nothing more is said. */
    void addUsual(String name, String id) {
        add(name, id);
        foldings.forEach(folding -> namesUsualFor.put(id, folding.apply(name)));
    }

    /** The one thing that a name may mean. */
    String idOf(String name) {
        return only(name, idsOf(name));
    }

    /** All that a name may mean. */
    List<String> idsOf(String name) {
        for (int i = 0; i < foldings.size(); i++) {
            Set<String> ids = idsByName.get(i).get(foldings.get(i).apply(name));
            if (!ids.isEmpty()) {
                return ImmutableList.copyOf(ids);
            }
        }
        return ImmutableList.of();
    }

    /** All that a name may mean in any of the spellings, the strictest first. */
    Set<String> idsOfAnySpelling(String name) {
        Set<String> ids = new LinkedHashSet<>();
        for (int i = 0; i < foldings.size(); i++) {
            ids.addAll(idsByName.get(i).get(foldings.get(i).apply(name)));
        }
        return ids;
    }

    /** The only or usual one of what a name may mean, or an error that says what is near or meant. */
    String only(String name, List<String> ids) {
        if (ids.size() == 1) {
            return ids.get(0);
        }
        if (ids.isEmpty()) {
            List<String> near = nearest(foldings.get(0).apply(name));
            throw new UnknownNameException(
                    kind,
                    "no " + kind + " '" + name + "'; "
                            + (near.isEmpty() ? "none has a name like it" : "nearest: " + String.join(", ", near)),
                    near);
        }
        return usual(name, ids)
                .orElseThrow(() -> new UnknownNameException(
                        kind,
                        kind + " '" + name + "' may be any of " + String.join(", ", ids) + "; write one of these",
                        ids));
    }

    /** The one that a name usually means, if it is among those that it may mean here. */
    Optional<String> usual(String name, List<String> ids) {
        return ids.stream().filter(id -> isUsual(name, id)).findFirst();
    }

    private boolean isUsual(String name, String id) {
        return id.equals(caseFolded(name))
                || foldings.stream().anyMatch(folding -> namesUsualFor.containsEntry(id, folding.apply(name)));
    }

    /** Ids whose names take the fewest edits, names that contain what was typed first; none that shares next to nothing with it. */
    private List<String> nearest(String wanted) {
        return idsByName.get(0).entries().stream()
                .filter(entry -> distance(wanted, entry.getKey()) <= Math.max(2, wanted.length() * 2 / 3))
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
