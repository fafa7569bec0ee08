package io.llmsizing.hub;

import java.io.IOException;
import java.net.URI;
import java.util.Optional;

/** Something to ask a Hub for, and what counts as an answer to it. */
interface HubRequest {
    /** The model that is asked about. */
    HubId id();

    /** The path of a file, or what else is asked for, in words. */
    String file();

    /** Where to ask. */
    URI uri();

    /** The bytes that are wanted, as the header {@code Range} writes them. */
    Optional<String> range();

    /**
     * What of an answer is kept.
     *
     * @param status of the answer
     * @param sign to be called whenever bytes arrive
     */
    BoundedBody body(int status, Runnable sign);

    /**
     * Looks whether an answer with status 2xx, or 416, is what was asked for.
     *
     * @throws HubException if it is something else: asking again would not help
     * @throws IOException if it was cut off: asking again may help
     */
    void check(Answer answer) throws IOException;
}
