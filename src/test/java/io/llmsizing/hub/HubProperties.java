package io.llmsizing.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

class HubProperties {
    /** The pattern of the Hub's own Python tools, huggingface_hub 2.4.0, utils/_validators.py. */
    private static final Pattern PUBLISHED =
            Pattern.compile("(\\b[A-Za-z0-9_\\-.]{1,96}\\b/)?\\b[A-Za-z0-9_\\-.]{1,96}\\b");

    @Provide
    Arbitrary<String> almostIds() {
        return Arbitraries.of("a", "Z", "0", "_", "-", ".", "/", "--", "..", ".git", " ", "ä", "\n")
                .list()
                .ofMinSize(0)
                .ofMaxSize(8)
                .map(parts -> String.join("", parts));
    }

    private static boolean isAllowed(String id) {
        return id.chars().filter(each -> each == '/').count() <= 1
                && PUBLISHED.matcher(id).matches()
                && !id.contains("--")
                && !id.contains("..")
                && !id.endsWith(".git");
    }

    private static boolean isRead(String id) {
        try {
            return HubId.parse(id).name().equals(id);
        } catch (IllegalArgumentException refused) {
            return false;
        }
    }

    @Property(tries = 3000)
    void anIdIsReadIfTheToolsOfTheHubReadIt(@ForAll("almostIds") String id) {
        assertThat(isRead(id)).isEqualTo(isAllowed(id));
    }

    @Property(tries = 500)
    void anIdIsReadBackFromItsText(@ForAll("almostIds") String name, @ForAll("almostIds") String revision) {
        if (isRead(name) && isRead(revision)) {
            HubId id = new HubId(name, revision);
            assertThat(HubId.parse(id.toString())).isEqualTo(id);
        }
    }

    @Property(tries = 500)
    void aRangeIsReadBackFromItsHeader(
            @ForAll @LongRange(max = 1L << 50) long first,
            @ForAll @LongRange(max = 1L << 30) long more,
            @ForAll @LongRange(max = 1L << 40) long behind) {
        long last = first + more;
        for (OptionalLong total : List.of(OptionalLong.empty(), OptionalLong.of(last + 1 + behind))) {
            ContentRange range = new ContentRange(first, last, total);
            assertThat(ContentRange.parse(range.toString())).hasValue(range);
            assertThat(ContentRange.parse(" " + range.toString().toUpperCase(Locale.ROOT) + " "))
                    .hasValue(range);
        }
        assertThat(ContentRange.parse("bytes " + (last + 1) + "-" + last + "/*"))
                .isEmpty();
        assertThat(ContentRange.parse("bytes " + first + "-" + last + "/" + last))
                .isEmpty();
    }

    @Property(tries = 2000)
    void anyOtherHeaderIsNoRange(@ForAll String header) {
        assertThat(ContentRange.parse(header)).isEmpty();
        assertThat(ContentRange.lengthOf(header)).isEmpty();
    }

    @Property(tries = 500)
    void whatIsShownIsOneShortPlainLine(@ForAll String foreign) {
        assertThat(Shown.text(foreign)).hasSizeLessThanOrEqualTo(200).doesNotContainPattern("\\p{Cntrl}");
        assertThat(Shown.text(foreign + "secret!" + foreign, "secret!")).doesNotContain("secret!");
    }
}
