package io.llmsizing.hub;

import java.net.URI;
import java.net.URISyntaxException;

/** Where an answer sends us. Such addresses are signed, so no message shows more of them than the host. */
final class Redirect {
    private Redirect() {}

    /**
     * The address behind a {@code Location}.
     *
     * @param from the address that answered
     * @param location absolute, or relative to that
     * @param what is asked for, for messages
     * @throws HubException if it is no address of the web, names a user, or leads from https to http
     */
    static URI target(URI from, String location, String what) throws HubException {
        URI to;
        try {
            // URI.resolve drops the path before a query that stands alone.
            String path = location.startsWith("?") ? from.getRawPath() : "";
            to = location.isBlank() ? URI.create("") : from.resolve(new URI(path + location.strip()));
        } catch (URISyntaxException malformed) {
            to = URI.create("");
        }
        if (!Origin.isWeb(to) || to.getRawUserInfo() != null) {
            throw new HubException(what + ": " + from.getHost() + " sends us on, but not to an address of the web");
        }
        if (Origin.of(from).isSecure() && !Origin.of(to).isSecure()) {
            throw new HubException(what + ": " + from.getHost() + " sends us on from https to http on " + to.getHost()
                    + ", which is not followed");
        }
        return to;
    }
}
