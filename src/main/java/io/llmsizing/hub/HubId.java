package io.llmsizing.hub;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.base.Splitter;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Which model of a Hub, and which state of it.
 *
 * @param name {@code organisation/name}, or the bare name that some old models have
 * @param revision a branch, a tag or a commit
 */
public record HubId(String name, String revision) {
    private static final String MAIN = "main";
    private static final Pattern PART = Pattern.compile("[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,94}[A-Za-z0-9_])?");
    private static final Pattern REVISION = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_./+=,#@-]{0,199}");
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

    /**
     * Checks both against the rules of the Hub.
     *
     * @param name as documented above
     * @param revision as documented above
     * @throws IllegalArgumentException if either is written otherwise than {@link #parse} says
     */
    public HubId {
        List<String> parts = Splitter.on('/').splitToList(name);
        checkArgument(
                parts.size() <= 2
                        && parts.stream().allMatch(part -> PART.matcher(part).matches())
                        && !name.contains("--")
                        && !name.contains("..")
                        && !name.endsWith(".git"),
                "'%s' is not the id of a model on a Hub; expected organisation/name, each of 1 to 96 letters, digits,"
                        + " '-', '_' or '.', without '-' or '.' at its ends, '--', '..', or '.git' behind it",
                Shown.text(name));
        checkArgument(
                REVISION.matcher(revision).matches()
                        && !revision.contains("..")
                        && Splitter.on('/')
                                .splitToStream(revision)
                                .noneMatch(part -> part.isEmpty() || part.startsWith(".") || part.endsWith(".")),
                "'%s' is not a revision of %s; expected a branch, a tag or a commit, such as main or refs/pr/1",
                Shown.text(revision),
                name);
    }

    /**
     * Reads an id as people write it: {@code meta-llama/Llama-3.1-8B}, or with a revision behind an {@code @},
     * {@code meta-llama/Llama-3.1-8B@refs/pr/1}.
     *
     * @param text organisation, name and perhaps revision
     * @return the id, of the revision {@code main} where none is written
     * @throws IllegalArgumentException if it does not keep to the rules of the Hub: each part of 1 to 96 letters,
     *     digits, {@code - _ .}, neither {@code -} nor {@code .} at its ends, no {@code --}, no {@code ..}, no
     *     {@code .git} at the end; a revision that could be a path out of its folder is refused too
     */
    public static HubId parse(String text) {
        int at = text.indexOf('@');
        return at < 0 ? new HubId(text, MAIN) : new HubId(text.substring(0, at), text.substring(at + 1));
    }

    /** The same model at another revision. */
    HubId at(String otherRevision) {
        return new HubId(name, otherRevision);
    }

    /** Whether the revision can't move. */
    boolean isPinned() {
        return isCommit(revision);
    }

    static boolean isCommit(String text) {
        return COMMIT.matcher(text).matches();
    }

    /**
     * The id as {@link #parse} reads it.
     *
     * @return the name, and the revision behind {@code @} unless it is {@code main}
     */
    @Override
    public String toString() {
        return revision.equals(MAIN) ? name : name + "@" + revision;
    }
}
