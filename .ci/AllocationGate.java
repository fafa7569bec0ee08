import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fails when a benchmark allocates more than it may: {@code java .ci/AllocationGate.java result.json}, where the file is
 * what JMH writes with {@code -prof gc -rf json}. The hot path is every benchmark method whose name begins with "hot", and
 * allocates nothing; a method whose name begins with "read" reads a file, in at most 100 kB.
 */
final class AllocationGate {
    /** JMH itself allocates about 6 kB in an iteration: below this for operations of up to 30 microseconds in 200 ms. */
    private static final double HOT_BYTES_PER_OPERATION = 1.0;

    private static final double READ_BYTES_PER_OPERATION = 100_000;

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

        int hot = 0;
        int failed = 0;
        for (int i = 0; i < names.size(); i++) {
            String method = names.get(i).substring(names.get(i).lastIndexOf('.') + 1);
            if (!method.startsWith("hot") && !method.startsWith("read")) {
                continue;
            }
            hot++;
            boolean free = isBelow(
                    method.startsWith("hot") ? HOT_BYTES_PER_OPERATION : READ_BYTES_PER_OPERATION, scores.get(i));
            failed += free ? 0 : 1;
            System.out.printf("%s %s: %s B/op%n", free ? "ok  " : "FAIL", names.get(i), scores.get(i));
        }
        if (hot == 0) {
            System.err.println("allocation gate: no benchmark method begins with \"hot\" or \"read\" among " + names);
            System.exit(1);
        }
        if (failed > 0) {
            System.err.printf(
                    "allocation gate: %d of %d results allocate too much; limits are %s B/op (hot) and %s B/op (read)%n",
                    failed, hot, HOT_BYTES_PER_OPERATION, READ_BYTES_PER_OPERATION);
            System.exit(1);
        }
        System.out.printf("allocation gate: %d results, all within their limits%n", hot);
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
