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
 * @param settings as whom it was asked
 */
record Answer(int status, HttpHeaders headers, BoundedBody.Kept body, URI from, boolean byHub, HubSettings settings) {
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

    /** A header, empty if it is not there. */
    String header(String name) {
        return headers.firstValue(name).orElse("");
    }

    /** A text of the answer, fit for a message: short, plain, and without the token that a server may repeat. */
    String shown(String text) {
        return Shown.text(text, settings.token());
    }

    /** Whether a text of the answer holds the token. */
    boolean repeatsToken(String text) {
        return !settings.token().isEmpty() && text.contains(settings.token());
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
