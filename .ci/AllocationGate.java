import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fails when a benchmark allocates more than it may: {@code java .ci/AllocationGate.java result.json}, where the file is
 * what JMH writes with {@code -prof gc -rf json}. What a method may allocate follows from how its name begins: the hot path
 * nothing, a file that is read 100 kB, and searches what they took when they were measured, with room for code that C2 has not
 * compiled yet.
 */
final class AllocationGate {
    /**
     * Bytes of an operation. JMH itself allocates about 6 kB in an iteration, which is below 1 for operations of up to 30
     * microseconds in 200 ms.
     */
    private static final Map<String, Double> LIMITS = new TreeMap<>(Map.of(
            "hot", 1.0,
            "read", 100_000.0,
            "plan", 10_000_000.0,
            "remedies", 2_000_000.0,
            "heat", 150_000.0,
            "verdicts", 6_000.0));

    /** Either the name that opens a result or its allocation rate; older JMH puts a middle dot before the key. */
    private static final Pattern FACT = Pattern.compile("\"benchmark\"\\s*:\\s*\"(?<name>[^\"]+)\""
            + "|\"[^\"a-z]*gc\\.alloc\\.rate\\.norm\"\\s*:\\s*\\{\\s*\"score\"\\s*:\\s*\"?(?<score>[^\",}\\s]+)");

    private AllocationGate() {}

    public static void main(String[] args) throws IOException {
        if (args.length != 1) {
            System.err.println("usage: java AllocationGate.java result.json");
            System.exit(2);
        }
        // Every byte is a character in Latin-1, so the middle dot's encoding does not matter.
        String json = Files.readString(Path.of(args[0]), StandardCharsets.ISO_8859_1);
        List<String> names = new ArrayList<>();
        List<String> scores = new ArrayList<>();
        Matcher fact = FACT.matcher(json);
        while (fact.find()) {
            if (fact.group("name") != null) {
                names.add(fact.group("name"));
                scores.add("not measured: run with -prof gc");
            } else if (!scores.isEmpty()) {
                scores.set(scores.size() - 1, fact.group("score"));
            }
        }

        Set<String> seen = new TreeSet<>();
        int failed = 0;
        for (int i = 0; i < names.size(); i++) {
            String method = names.get(i).substring(names.get(i).lastIndexOf('.') + 1);
            for (Map.Entry<String, Double> limit : LIMITS.entrySet()) {
                if (method.startsWith(limit.getKey())) {
                    seen.add(limit.getKey());
                    boolean free = isBelow(limit.getValue(), scores.get(i));
                    failed += free ? 0 : 1;
                    System.out.printf(
                            "%s %s: %s of %,.0f B/op%n",
                            free ? "ok  " : "FAIL", names.get(i), scores.get(i), limit.getValue());
                }
            }
        }
        if (!seen.equals(LIMITS.keySet())) {
            System.err.println("allocation gate: methods begin with " + seen + " and must with each of "
                    + LIMITS.keySet() + ", among " + names);
            System.exit(1);
        }
        if (failed > 0) {
            System.err.printf("allocation gate: %d results allocate too much%n", failed);
            System.exit(1);
        }
        System.out.println("allocation gate: all results are within their limits");
    }

    /** Not a number means not measured, which is no pass. */
    private static boolean isBelow(double limit, String score) {
        try {
            return Double.parseDouble(score) < limit;
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
