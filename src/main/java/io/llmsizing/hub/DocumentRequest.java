package io.llmsizing.hub;

import java.net.URI;
import java.util.Optional;

/**
 * A document of the Hub's interface, read whole.
 *
 * @param id the model
 * @param file what the document tells, in words
 * @param uri where it is
 */
record DocumentRequest(HubId id, String file, URI uri) implements HubRequest {
    private static final int LONGEST = 8 << 20;
    private static final int OK = 200;

    @Override
    public Optional<String> range() {
        return Optional.empty();
    }

    @Override
    public BoundedBody body(int status, Runnable sign) {
        return new BoundedBody(0, status == OK ? LONGEST : 0, status != OK, sign);
    }

    @Override
    public void check(Answer answer) throws HubException {
        if (answer.status() != OK || !answer.isPlain()) {
            throw new HubException(
                    id + ": " + file + ": " + answer.from().getHost() + " answered with status " + answer.status()
                            + (answer.isPlain() ? "" : " and packed bytes") + "; expected 200 and a plain document");
        }
        if (answer.body().more()) {
            throw new HubException(id + ": " + file + " is longer than " + LONGEST + " B; expected a list of the"
                    + " files of one model");
        }
    }
}
