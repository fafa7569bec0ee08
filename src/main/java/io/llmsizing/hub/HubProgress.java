package io.llmsizing.hub;

import java.time.Duration;

/** Is told what a client does while it does it. The calls come from whichever threads read, so they must be quick. */
public interface HubProgress {
    /** Says nothing. */
    HubProgress NONE = new HubProgress() {};

    /**
     * A request is about to be sent, be it the first or a repeated one.
     *
     * @param file the path of a file, or what else is asked for: {@code the list of files}
     */
    default void asked(String file) {}

    /**
     * An answer has come.
     *
     * @param file as it was asked for
     * @param bytes of the answer that were kept, 0 or more
     */
    default void received(String file, long bytes) {}

    /**
     * A request failed and will be repeated.
     *
     * @param file as it was asked for
     * @param pause how long the client waits before that
     * @param why what happened, in a few words
     */
    default void waits(String file, Duration pause, String why) {}
}
