package io.llmsizing.hub;

import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A piece of a file.
 *
 * @param id the model
 * @param file its path
 * @param uri where it is
 * @param length the bytes that the Hub lists for the whole file
 * @param offset of the piece
 * @param count the bytes of the piece, 1 or more, not beyond the end
 */
record PieceRequest(HubId id, String file, URI uri, long length, long offset, int count) implements HubRequest {
    /** How far into a file to read where a server sends it from its beginning whatever is asked for. */
    static final long LONGEST_PREFIX = 16L << 20;

    private static final int WHOLE = 200;
    private static final int PARTIAL = 206;
    private static final int BEYOND_THE_END = 416;

    private long last() {
        return offset + count - 1;
    }

    private boolean isNearTheBeginning() {
        return last() < LONGEST_PREFIX;
    }

    @Override
    public Optional<String> range() {
        return Optional.of("bytes=" + offset + "-" + last());
    }

    @Override
    public BoundedBody body(int status, Runnable sign) {
        if (status == PARTIAL) {
            return new BoundedBody(0, count, false, sign);
        }
        return status == WHOLE && isNearTheBeginning()
                ? new BoundedBody(offset, count, true, sign)
                : new BoundedBody(0, 0, true, sign);
    }

    @Override
    public void check(Answer answer) throws IOException {
        if (!answer.isPlain()) {
            throw problem(
                    answer,
                    "sends the bytes packed as " + answer.shown(answer.header("Content-Encoding"))
                            + "; expected them as they are");
        }
        switch (answer.status()) {
            case PARTIAL -> checkPart(answer);
            case WHOLE -> checkPrefix(answer);
            case BEYOND_THE_END -> throw shorter(answer, ContentRange.lengthOf(answer.header("Content-Range")));
            default -> throw problem(answer, "answered with status " + answer.status() + "; expected 206");
        }
        if (answer.body().length() < count) {
            throw new EOFException("the answer ended after " + answer.body().length() + " of " + count + " B");
        }
    }

    private void checkPart(Answer answer) throws HubException {
        String header = answer.header("Content-Range");
        Optional<ContentRange> range = ContentRange.parse(header);
        if (range.isPresent() && range.get().total().orElse(length) != length) {
            throw lying(answer, range.get().total().getAsLong());
        }
        if (range.isEmpty() || range.get().first() != offset || range.get().last() != last()) {
            throw problem(
                    answer,
                    "sends '" + answer.shown(header) + "'; asked for bytes " + offset + " to " + last() + " of "
                            + length);
        }
        if (answer.body().more()) {
            throw problem(answer, "sends more than the " + count + " B that it was asked for");
        }
    }

    private void checkPrefix(Answer answer) throws HubException {
        OptionalLong stated = answer.statedLength();
        if (stated.isPresent() && stated.getAsLong() != length) {
            throw lying(answer, stated.getAsLong());
        }
        if (!isNearTheBeginning()) {
            throw problem(
                    answer,
                    "sends whole files and no pieces; bytes " + offset + " to " + last() + " lie beyond the first "
                            + LONGEST_PREFIX + " that would be read then");
        }
    }

    private HubException shorter(Answer answer, OptionalLong stated) {
        return stated.isPresent() && stated.getAsLong() != length
                ? lying(answer, stated.getAsLong())
                : problem(
                        answer,
                        "says that bytes " + offset + " to " + last() + " lie beyond the end; the Hub lists " + length
                                + " B");
    }

    private HubException lying(Answer answer, long stated) {
        return problem(answer, "says that it has " + stated + " B; the Hub lists " + length + " B");
    }

    private HubException problem(Answer answer, String problem) {
        return new HubException(id + ": " + file + ": " + answer.from().getHost() + " " + problem);
    }
}
