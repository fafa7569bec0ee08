package io.llmsizing.hub;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;

/**
 * A server that passes requests on, as a variable names it.
 *
 * @param variable the name of the variable, for messages
 * @param scheme how it is spoken to, in small letters
 * @param host where it is
 * @param port the one written, or the usual one of the scheme
 * @param login whether a user is written before the host
 */
record ProxyServer(String variable, String scheme, String host, int port, boolean login) {
    private static final Set<String> SCHEMES = Set.of("http", "https", "socks4", "socks4a", "socks5", "socks5h");
    private static final int LAST_PORT = 65_535;

    /**
     * Reads {@code http://host:port}, or {@code host:port}, perhaps with a user before the host.
     *
     * @throws IllegalArgumentException if it is no address of a proxy; the text, which may hold a password, is not shown
     */
    static ProxyServer parse(String variable, String text) {
        try {
            URI address = new URI(text.contains("://") ? text : "http://" + text);
            String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
            if (SCHEMES.contains(scheme)
                    && address.getHost() != null
                    && address.getPort() != 0
                    && address.getPort() <= LAST_PORT
                    && address.getRawPath().matches("/?")
                    && address.getRawQuery() == null
                    && address.getRawFragment() == null) {
                return new ProxyServer(
                        variable,
                        scheme,
                        address.getHost(),
                        address.getPort() < 0 ? usualPort(scheme) : address.getPort(),
                        address.getRawUserInfo() != null);
            }
        } catch (URISyntaxException malformed) {
            // Said below, without the text: it may hold a password.
        }
        throw new IllegalArgumentException(
                variable + " is not the address of a proxy; expected http:// and a host, perhaps a port, such as"
                        + " http://proxy.example:3128");
    }

    private static int usualPort(String scheme) {
        return switch (scheme) {
            case "http" -> 80;
            case "https" -> 443;
            default -> 1080;
        };
    }

    /** What of it java.net.http can't do, in words; empty if it can be asked. */
    String obstacle() {
        if (!scheme.equals("http")) {
            return "is spoken to in " + scheme;
        }
        return login ? "wants a user to log in" : "";
    }

    /** The same for java.net.http. */
    Proxy proxy() {
        return new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(host, port));
    }

    @Override
    public String toString() {
        return "the proxy " + host + ":" + port + " of " + variable;
    }
}
