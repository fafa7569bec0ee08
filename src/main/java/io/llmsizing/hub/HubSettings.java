package io.llmsizing.hub;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.base.CharMatcher;
import io.llmsizing.document.MalformedFileException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Where the Hub is, who asks, where its tools keep what they loaded, and how long to wait. Immutable. */
public final class HubSettings {
    private static final String PUBLIC_HUB = "https://huggingface.co";
    private static final Duration USUAL_WAIT = Duration.ofSeconds(10);
    private static final int LONGEST_TOKEN = 4096;
    private static final CharMatcher IN_A_TOKEN = CharMatcher.inRange('!', '~');

    private final URI endpoint;
    private final String token;
    private final String tokenSource;
    private final boolean offline;
    private final Path cache;
    private final Duration connectWait;
    private final Duration readWait;
    private final Proxies proxies;

    private HubSettings(
            URI endpoint,
            String token,
            String tokenSource,
            boolean offline,
            Path cache,
            Duration connectWait,
            Duration readWait,
            Proxies proxies) {
        this.endpoint = endpoint;
        this.token = token;
        this.tokenSource = tokenSource;
        this.offline = offline;
        this.cache = cache;
        this.connectWait = connectWait;
        this.readWait = readWait;
        this.proxies = proxies;
    }

    /**
     * Reads the variables that the Hub's own tools read: {@code HF_ENDPOINT}, {@code HF_TOKEN} (then
     * {@code HUGGING_FACE_HUB_TOKEN}, then the file {@code HF_TOKEN_PATH}, then {@code HF_HOME/token}),
     * {@code HF_HUB_DISABLE_IMPLICIT_TOKEN}, {@code HF_HUB_OFFLINE} (or {@code TRANSFORMERS_OFFLINE}), {@code HF_HOME},
     * {@code HF_HUB_CACHE} (then {@code HUGGINGFACE_HUB_CACHE}), {@code HF_HUB_ETAG_TIMEOUT},
     * {@code HF_HUB_DOWNLOAD_TIMEOUT}, and {@code HTTPS_PROXY}, {@code HTTP_PROXY}, {@code ALL_PROXY} and {@code NO_PROXY},
     * before each the same in small letters. A blank variable counts as absent. No network is touched.
     *
     * @param environment the variables, as {@link System#getenv()} gives them
     * @return the settings; of an empty environment {@code https://huggingface.co}, no token unless the token file
     *     holds one, the cache in {@code ~/.cache/huggingface/hub}, and 10 s of patience
     * @throws IllegalArgumentException if a variable or the token file holds what it can't mean; a token is not shown
     */
    public static HubSettings fromEnvironment(Map<String, String> environment) {
        Environment variables = new Environment(environment);
        Path home = variables
                .path("HF_HOME")
                .orElseGet(() -> variables
                        .path("XDG_CACHE_HOME")
                        .orElseGet(() -> Path.of(variables.home(), ".cache"))
                        .resolve("huggingface"));
        Path tokenFile = variables.path("HF_TOKEN_PATH").orElseGet(() -> home.resolve("token"));
        String source = "";
        String token = "";
        if (!variables.flag("HF_HUB_DISABLE_IMPLICIT_TOKEN")) {
            for (String name : new String[] {"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"}) {
                if (token.isEmpty()) {
                    source = name;
                    token = variables.text(name).orElse("");
                }
            }
            if (token.isEmpty()) {
                source = tokenFile.toString();
                token = fileText(tokenFile);
            }
        }
        checkArgument(
                IN_A_TOKEN.matchesAllOf(token),
                "the token in %s holds a blank or another character that no token has",
                source);
        return new HubSettings(
                endpoint(variables.text("HF_ENDPOINT").orElse(PUBLIC_HUB)),
                token,
                source,
                variables.flag(
                        variables.text("HF_HUB_OFFLINE").isPresent() ? "HF_HUB_OFFLINE" : "TRANSFORMERS_OFFLINE"),
                variables
                        .path("HF_HUB_CACHE")
                        .or(() -> variables.path("HUGGINGFACE_HUB_CACHE"))
                        .orElseGet(() -> home.resolve("hub")),
                variables.seconds("HF_HUB_ETAG_TIMEOUT", USUAL_WAIT),
                variables.seconds("HF_HUB_DOWNLOAD_TIMEOUT", USUAL_WAIT),
                Proxies.of(variables));
    }

    private static URI endpoint(String text) {
        String bare = CharMatcher.is('/').trimTrailingFrom(text);
        try {
            URI endpoint = new URI(bare);
            if (Origin.isWeb(endpoint)
                    && endpoint.getRawUserInfo() == null
                    && endpoint.getRawQuery() == null
                    && endpoint.getRawFragment() == null) {
                return endpoint;
            }
        } catch (URISyntaxException malformed) {
            // Said below, without the text: it may hold a password.
        }
        throw new IllegalArgumentException("HF_ENDPOINT is not the address of a Hub; expected http:// or https:// and a"
                + " host, perhaps a port and a path, no user, query or fragment, such as " + PUBLIC_HUB);
    }

    private static String fileText(Path file) {
        try (InputStream bytes = Files.newInputStream(file)) {
            byte[] text = bytes.readNBytes(LONGEST_TOKEN + 1);
            if (text.length > LONGEST_TOKEN) {
                throw new MalformedFileException(
                        file.toString(), "file", "longer than " + LONGEST_TOKEN + " B; expected a token");
            }
            return new String(text, StandardCharsets.UTF_8).strip();
        } catch (NoSuchFileException none) {
            return "";
        } catch (IOException unreadable) {
            throw new MalformedFileException(
                    file.toString(),
                    "file",
                    "can't be read: " + unreadable.getClass().getSimpleName());
        }
    }

    /**
     * The Hub's address.
     *
     * @return {@code http} or {@code https}, without a slash at the end
     */
    public URI endpoint() {
        return endpoint;
    }

    /**
     * Whether the network must not be used.
     *
     * @return whether
     */
    public boolean offline() {
        return offline;
    }

    /**
     * Where the Hub's own tools keep what they loaded.
     *
     * @return a folder that need not exist
     */
    public Path cache() {
        return cache;
    }

    /**
     * How long a connection may take.
     *
     * @return a positive time
     */
    public Duration connectWait() {
        return connectWait;
    }

    /**
     * How long the other side may be silent.
     *
     * @return a positive time
     */
    public Duration readWait() {
        return readWait;
    }

    /** Through whom to ask. */
    Proxies proxies() {
        return proxies;
    }

    /** The token, empty if there is none. */
    String token() {
        return token;
    }

    /** Where the token came from, for messages. */
    Optional<String> tokenSource() {
        return token.isEmpty() ? Optional.empty() : Optional.of(tokenSource);
    }

    /** The same with other patience. */
    HubSettings withWaits(Duration connect, Duration read) {
        return new HubSettings(endpoint, token, tokenSource, offline, cache, connect, read, proxies);
    }

    /**
     * The settings, for people.
     *
     * @return everything but the token
     */
    @Override
    public String toString() {
        return endpoint + (offline ? ", offline" : "")
                + tokenSource().map(source -> ", token from " + source).orElse(", no token") + ", cache " + cache;
    }
}
