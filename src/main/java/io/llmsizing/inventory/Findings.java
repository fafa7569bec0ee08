package io.llmsizing.inventory;

import io.llmsizing.document.MalformedFileException;
import io.llmsizing.units.ByteSize;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects findings, those of one problem together, within bounds. */
final class Findings {
    private static final int MOST_PROBLEMS = 1000;
    private static final int MOST_PLACES = 3;
    private static final int LONGEST = 80;

    /** One problem and where it was met, with the least and the most of each size between its words. */
    private static final class Problem {
        private final List<String> words;
        private final boolean assumed;
        private final ByteSize[] least;
        private final ByteSize[] most;
        private final List<String> first = new ArrayList<>();
        private int count;

        Problem(List<String> words, boolean assumed, ByteSize... sizes) {
            this.words = words;
            this.assumed = assumed;
            this.least = sizes.clone();
            this.most = sizes.clone();
        }

        void add(String place, ByteSize... sizes) {
            if (++count <= MOST_PLACES) {
                first.add(shown(place));
            }
            for (int i = 0; i < sizes.length; i++) {
                least[i] = sizes[i].compareTo(least[i]) < 0 ? sizes[i] : least[i];
                most[i] = sizes[i].compareTo(most[i]) > 0 ? sizes[i] : most[i];
            }
        }

        String places() {
            String named = String.join(", ", first);
            return count > first.size() ? named + " and " + (count - first.size()) + " more" : named;
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder(words.get(0));
            for (int i = 0; i < least.length; i++) {
                text.append(Recognition.mebibytes(least[i]));
                if (!least[i].equals(most[i])) {
                    text.append(" to ").append(Recognition.mebibytes(most[i]));
                }
                text.append(words.get(i + 1));
            }
            return text.toString();
        }
    }

    private final String file;
    private final Map<List<String>, Problem> problems = new LinkedHashMap<>();
    private int unlisted;

    Findings(String file) {
        this.file = file;
    }

    String file() {
        return file;
    }

    boolean any() {
        return !problems.isEmpty();
    }

    void add(String place, String problem) {
        add(place, List.of(problem));
    }

    /**
     * A problem in which sizes differ from place to place: those of the same words are one.
     *
     * @param words around the sizes, one more than there are sizes
     */
    void add(String place, List<String> words, ByteSize... sizes) {
        add(place, false, words, sizes);
    }

    /** What was taken where the file leaves a choice, which a verdict has to tell. */
    void assume(String place, String choice) {
        assume(place, List.of(choice));
    }

    /** Such a choice, with sizes between the words as in a problem. */
    void assume(String place, List<String> words, ByteSize... sizes) {
        add(place, true, words, sizes);
    }

    private void add(String place, boolean assumed, List<String> words, ByteSize... sizes) {
        if (!problems.containsKey(words) && problems.size() >= MOST_PROBLEMS) {
            unlisted++;
            return;
        }
        problems.computeIfAbsent(words, absent -> new Problem(words, assumed, sizes))
                .add(place, sizes);
    }

    /** A problem that a parser placed. */
    void add(MalformedFileException malformed, String consequence) {
        String message = String.valueOf(malformed.getMessage());
        String lead = malformed.file() + ": " + malformed.at() + ": ";
        add(malformed.at(), (message.startsWith(lead) ? message.substring(lead.length()) : message) + consequence);
    }

    List<InventoryFinding> list() {
        List<InventoryFinding> list = new ArrayList<>();
        problems.values()
                .forEach(met -> list.add(new InventoryFinding(file, met.places(), met.toString(), met.assumed)));
        if (unlisted > 0) {
            list.add(new InventoryFinding(file, "elsewhere", unlisted + " further problems are not listed", false));
        }
        return list;
    }

    /** A value in a message, of any length in the file. */
    static String shown(String value) {
        return value.length() <= LONGEST ? value : value.substring(0, LONGEST - 3) + "...";
    }
}
