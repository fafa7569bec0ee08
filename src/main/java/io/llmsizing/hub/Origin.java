package io.llmsizing.hub;

import java.net.URI;
import java.util.Locale;

/**
 * Whom an address belongs to.
 *
 * @param scheme {@code http} or {@code https}
 * @param host in small letters
 * @param port the one written, or the usual one of the scheme
 */
record Origin(String scheme, String host, int port) {
    private static final int LAST_PORT = 65_535;

    /** The origin of an address for which {@link #isWeb} holds. */
    static Origin of(URI address) {
        String scheme = address.getScheme().toLowerCase(Locale.ROOT);
        int usual = scheme.equals("https") ? 443 : 80;
        return new Origin(
                scheme, address.getHost().toLowerCase(Locale.ROOT), address.getPort() < 0 ? usual : address.getPort());
    }

    /** Whether an address is http or https, and names a host. */
    static boolean isWeb(URI address) {
        return ("https".equalsIgnoreCase(address.getScheme()) || "http".equalsIgnoreCase(address.getScheme()))
                && address.getHost() != null
                && address.getPort() != 0
                && address.getPort() <= LAST_PORT;
    }

    boolean isSecure() {
        return scheme.equals("https");
    }
}
