package io.llmsizing.hub;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which bytes of a file an answer holds, RFC 9110 section 14.4.
 *
 * @param first the offset of the first byte
 * @param last the offset of the last byte, not before the first
 * @param total the bytes of the whole file, more than {@code last}; nothing where the server does not say
 */
record ContentRange(long first, long last, OptionalLong total) {
    private static final Pattern SATISFIED =
            Pattern.compile("bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18}|\\*)", Pattern.CASE_INSENSITIVE);
    private static final Pattern UNSATISFIED = Pattern.compile("bytes \\*/([0-9]{1,18})", Pattern.CASE_INSENSITIVE);

    /** Reads {@code bytes 0-99/1000} or {@code bytes 0-99/*}; nothing if it is neither, or contradicts itself. */
    static Optional<ContentRange> parse(String header) {
        Matcher matcher = SATISFIED.matcher(header.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long first = Long.parseLong(matcher.group(1));
        long last = Long.parseLong(matcher.group(2));
        OptionalLong total =
                matcher.group(3).equals("*") ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(matcher.group(3)));
        return first > last || (total.isPresent() && last >= total.getAsLong())
                ? Optional.empty()
                : Optional.of(new ContentRange(first, last, total));
    }

    /** The length that {@code bytes *}{@code /1000} states where a range lies beyond the end. */
    static OptionalLong lengthOf(String header) {
        Matcher matcher = UNSATISFIED.matcher(header.strip());
        return matcher.matches() ? OptionalLong.of(Long.parseLong(matcher.group(1))) : OptionalLong.empty();
    }

    /** As a header writes it. */
    @Override
    public String toString() {
        return "bytes " + first + "-" + last + "/" + (total.isPresent() ? total.getAsLong() : "*");
    }
}
