package io.llmsizing.hub;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * What a server answered in the end, behind all redirects.
 *
 * @param status of the answer
 * @param headers of the answer
 * @param body the piece that was kept
 * @param from who answered
 * @param byHub whether that was the Hub itself and not a server that it sent us to
 */
record Answer(int status, HttpHeaders headers, BoundedBody.Kept body, URI from, boolean byHub) {
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

    /** A header, empty if it is not there. */
    String header(String name) {
        return headers.firstValue(name).orElse("");
    }

    /** The bytes that the answer says it has, behind its headers; nothing if it does not say. */
    OptionalLong statedLength() {
        String length = header("Content-Length").strip();
        return LENGTH.matcher(length).matches() ? OptionalLong.of(Long.parseLong(length)) : OptionalLong.empty();
    }

    /** Whether the bytes are those of the file and not packed once more. */
    boolean isPlain() {
        String coding = header("Content-Encoding").strip();
        return coding.isEmpty() || coding.equalsIgnoreCase("identity");
    }
}
