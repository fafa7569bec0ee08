package io.llmsizing.engine;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version by its first two numbers; what follows (patch, development build) mostly does not change how memory is used. By
 * three, where it does. Or a build by its one number, where an engine counts builds.
 *
 * @param major first number, or that of the build
 * @param minor second number, {@value #BUILD} for a build
 * @param patch third number; {@value #UNSAID} where there is none, {@value #NEWEST} for the last one, whichever that is
 */
record EngineVersion(int major, int minor, int patch) implements Comparable<EngineVersion> {
    private static final int BUILD = -1;
    private static final int UNSAID = -1;
    private static final int NEWEST = Integer.MAX_VALUE;
    private static final Comparator<EngineVersion> ORDER = Comparator.comparingInt(EngineVersion::major)
            .thenComparingInt(EngineVersion::minor)
            .thenComparingInt(EngineVersion::patch);
    private static final Pattern BUILT = Pattern.compile("b?(\\d{1,6})(?:[^0-9.].*)?");
    private static final Pattern PATCHED = Pattern.compile("v?(\\d{1,6})\\.(\\d{1,6})(?:\\.(\\d{1,6}))?([^0-9].*)?");
    private static final Pattern WRITTEN = Pattern.compile("v?(\\d{1,6})\\.(\\d{1,6})([^0-9].*)?");

    /** How an engine counts its versions. */
    enum Counting {
        /** By two numbers; a third one tells only where facts say so. */
        MINOR,
        /** By three numbers. */
        PATCH,
        /** By builds. */
        BUILD
    }

    static EngineVersion parse(String text) {
        Matcher matcher = WRITTEN.matcher(text.strip());
        checkArgument(matcher.matches(), "'%s' is not a version; write it like 0.19 or 0.19.0", text);
        return new EngineVersion(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)), UNSAID);
    }

    static EngineVersion parsePatch(String text) {
        Matcher matcher = PATCHED.matcher(text.strip());
        checkArgument(matcher.matches(), "'%s' is not a version; write it like 0.5.4 or 0.5", text);
        String patch = matcher.group(3);
        return new EngineVersion(
                Integer.parseInt(matcher.group(1)),
                Integer.parseInt(matcher.group(2)),
                patch == null ? UNSAID : Integer.parseInt(patch));
    }

    static EngineVersion parseBuild(String text) {
        Matcher matcher = BUILT.matcher(text.strip());
        checkArgument(matcher.matches(), "'%s' is not a build; write it like b10573", text);
        return new EngineVersion(Integer.parseInt(matcher.group(1)), BUILD, UNSAID);
    }

    /** The last patch of the same two numbers. */
    EngineVersion newestPatch() {
        return new EngineVersion(major, minor, NEWEST);
    }

    boolean saysPatch() {
        return patch != UNSAID && patch != NEWEST;
    }

    boolean hasSameMinor(EngineVersion other) {
        return major == other.major && minor == other.minor;
    }

    /** Whether both are one release: where nothing stands for the third number, that is the first. */
    boolean isSameRelease(EngineVersion other) {
        return hasSameMinor(other) && Math.max(0, patch) == Math.max(0, other.patch);
    }

    @Override
    public int compareTo(EngineVersion other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return minor == BUILD ? "b" + major : major + "." + minor + (saysPatch() ? "." + patch : "");
    }
}
