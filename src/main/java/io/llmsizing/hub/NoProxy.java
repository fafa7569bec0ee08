package io.llmsizing.hub;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.base.CharMatcher;
import com.google.common.base.Splitter;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Hosts that are asked without a proxy: {@code hub.example} and all below it, {@code .example} only those below it, an
 * address of numbers itself, {@code *} all. A scheme before a host and a port behind it must be those of the request.
 */
final class NoProxy {
    private static final Pattern ENTRY = Pattern.compile(
            "(?:(all|https?)://)?(\\*?\\.)?(\\[[0-9a-f:.]+\\]|[0-9a-z_-][0-9a-z_.-]*)(?::([0-9]{1,5}))?(?:/[0-9]{0,3})?");
    private static final CharMatcher OF_A_NUMBER = CharMatcher.inRange('0', '9').or(CharMatcher.anyOf(".[]:"));

    private record Entry(String scheme, boolean below, String host, int port) {
        boolean holds(Origin origin) {
            boolean same = !below && origin.host().equals(host);
            boolean under = !OF_A_NUMBER.matchesAllOf(host) && origin.host().endsWith("." + host);
            return (same || under)
                    && (scheme.equals("all") || scheme.equals(origin.scheme()))
                    && (port < 0 || port == origin.port());
        }
    }

    private final boolean all;
    private final List<Entry> entries;

    private NoProxy(boolean all, List<Entry> entries) {
        this.all = all;
        this.entries = entries;
    }

    /**
     * Reads hosts parted by commas. The size of a network behind an address is read over, as the Hub's tools do.
     *
     * @throws IllegalArgumentException if a part is no host
     */
    static NoProxy parse(String variable, String text) {
        boolean all = false;
        List<Entry> entries = new ArrayList<>();
        for (String part : Splitter.on(',').trimResults().omitEmptyStrings().split(text)) {
            Matcher entry = ENTRY.matcher(part.toLowerCase(Locale.ROOT));
            all |= part.equals("*");
            if (!part.equals("*")) {
                checkArgument(
                        entry.matches(),
                        "%s holds '%s'; expected hosts parted by commas, such as localhost,.example,hub:8080, or *",
                        variable,
                        Shown.text(part));
                entries.add(new Entry(
                        entry.group(1) == null ? "all" : entry.group(1),
                        entry.group(2) != null,
                        entry.group(3),
                        entry.group(4) == null ? -1 : Integer.parseInt(entry.group(4))));
            }
        }
        return new NoProxy(all, List.copyOf(entries));
    }

    /** Whether an address is asked without a proxy. */
    boolean holds(URI address) {
        Origin origin = Origin.of(address);
        return all || entries.stream().anyMatch(entry -> entry.holds(origin));
    }
}
