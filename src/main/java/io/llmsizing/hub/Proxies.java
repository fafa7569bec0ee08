package io.llmsizing.hub;

import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Which proxy to ask for which address: that of the environment, or Java's own where the environment names none. */
final class Proxies {
    private final Map<String, ProxyServer> byScheme;
    private final NoProxy none;

    private Proxies(Map<String, ProxyServer> byScheme, NoProxy none) {
        this.byScheme = byScheme;
        this.none = none;
    }

    /**
     * Reads {@code https_proxy}, {@code http_proxy}, {@code all_proxy} and {@code no_proxy}. Where a name is there in small
     * letters, its value counts and not that of the same in capitals, even if it is blank.
     *
     * @throws IllegalArgumentException if one of them can't be read; where no proxy is named, the hosts without one are
     *     not looked at
     */
    static Proxies of(Environment variables) {
        Map<String, ProxyServer> byScheme = new LinkedHashMap<>();
        for (String scheme : new String[] {"https", "http"}) {
            variable(variables, scheme + "_proxy")
                    .or(() -> variable(variables, "all_proxy"))
                    .ifPresent(name -> byScheme.put(
                            scheme, ProxyServer.parse(name, variables.text(name).orElse(""))));
        }
        Optional<String> none = byScheme.isEmpty() ? Optional.empty() : variable(variables, "no_proxy");
        return new Proxies(
                byScheme,
                NoProxy.parse(none.orElse(""), none.flatMap(variables::text).orElse("")));
    }

    private static Optional<String> variable(Environment variables, String small) {
        String name = variables.has(small) ? small : small.toUpperCase(Locale.ROOT);
        return variables.text(name).map(text -> name);
    }

    /** The proxy of the environment through which an address is asked. */
    Optional<ProxyServer> of(URI address) {
        return none.holds(address)
                ? Optional.empty()
                : Optional.ofNullable(byScheme.get(Origin.of(address).scheme()));
    }

    /** The same for java.net.http. */
    Optional<ProxySelector> selector() {
        return byScheme.isEmpty() ? Optional.empty() : Optional.of(new Selector());
    }

    private final class Selector extends ProxySelector {
        @Override
        public List<Proxy> select(URI address) {
            ProxySelector usual = ProxySelector.getDefault();
            if (byScheme.containsKey(Origin.of(address).scheme()) || usual == null) {
                return List.of(Proxies.this.of(address).map(ProxyServer::proxy).orElse(Proxy.NO_PROXY));
            }
            return usual.select(address);
        }

        /** The failure is reported by the request itself. */
        @Override
        public void connectFailed(URI address, SocketAddress proxy, IOException failure) {}
    }
}
