package io.llmsizing.inventory;

import io.llmsizing.document.MalformedFileException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects findings, those of one problem together, within bounds. */
final class Findings {
    private static final int MOST_PROBLEMS = 1000;
    private static final int MOST_PLACES = 3;
    private static final int LONGEST = 80;

    /** Where one problem was met. */
    private static final class Places {
        private final List<String> first = new ArrayList<>();
        private int count;

        void add(String place) {
            if (++count <= MOST_PLACES) {
                first.add(shown(place));
            }
        }

        @Override
        public String toString() {
            String named = String.join(", ", first);
            return count > first.size() ? named + " and " + (count - first.size()) + " more" : named;
        }
    }

    private final String file;
    private final Map<String, Places> places = new LinkedHashMap<>();
    private int unlisted;

    Findings(String file) {
        this.file = file;
    }

    String file() {
        return file;
    }

    boolean any() {
        return !places.isEmpty();
    }

    void add(String place, String problem) {
        Places known = places.get(problem);
        if (known == null && places.size() >= MOST_PROBLEMS) {
            unlisted++;
            return;
        }
        places.computeIfAbsent(problem, absent -> new Places()).add(place);
    }

    /** A problem that a parser placed. */
    void add(MalformedFileException malformed, String consequence) {
        String message = String.valueOf(malformed.getMessage());
        String lead = malformed.file() + ": " + malformed.at() + ": ";
        add(malformed.at(), (message.startsWith(lead) ? message.substring(lead.length()) : message) + consequence);
    }

    List<InventoryFinding> list() {
        List<InventoryFinding> list = new ArrayList<>();
        places.forEach((problem, where) -> list.add(new InventoryFinding(file, where.toString(), problem)));
        if (unlisted > 0) {
            list.add(new InventoryFinding(file, "elsewhere", unlisted + " further problems are not listed"));
        }
        return list;
    }

    /** A value in a message, of any length in the file. */
    static String shown(String value) {
        return value.length() <= LONGEST ? value : value.substring(0, LONGEST - 3) + "...";
    }
}
