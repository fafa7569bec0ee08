package io.llmsizing.catalog;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What of a device's name tells it from others: not letter case, blanks, hyphens, underscores and trade marks, nor who makes it, nor the
 * series that its number implies.
 */
final class DeviceSpelling {
    private static final Splitter WORDS =
            Splitter.on(Pattern.compile("[\\s_-]+")).omitEmptyStrings();

    private static final Pattern MARKS = Pattern.compile("\\((?:r|tm)\\)|[®™]");

    /** Quadro is not among them: Quadro RTX 6000 and RTX 6000 Ada are two devices. */
    private static final Set<String> UNTELLING = ImmutableSet.of(
            "nvidia",
            "amd",
            "intel",
            "apple",
            "google",
            "cloud",
            "aws",
            "amazon",
            "huawei",
            "qualcomm",
            "corporation",
            "geforce",
            "tesla",
            "radeon",
            "instinct",
            "gpu",
            "graphics",
            "generation",
            "edition");

    private DeviceSpelling() {}

    /** One spelling for a name however its words are joined. */
    static String joined(String name) {
        return String.join("", words(name));
    }

    /** One spelling for a name in whatever order its words stand. */
    static String inAnyOrder(String name) {
        return words(name).stream().sorted().collect(Collectors.joining(" "));
    }

    private static List<String> words(String name) {
        List<String> all =
                WORDS.splitToList(MARKS.matcher(NameIndex.caseFolded(name)).replaceAll(" "));
        List<String> telling =
                all.stream().filter(word -> !UNTELLING.contains(word)).toList();
        return telling.isEmpty() ? all : telling;
    }
}
