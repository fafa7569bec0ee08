package io.llmsizing.hub;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.llmsizing.document.JsonWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Behaves like the Hub: tells commits, lists files in pages, sends large files' requests on to another server, which
 * serves ranges. Both run on this machine, on ports of their own. A test may put a behaviour in front of any path.
 */
final class FakeHub implements AutoCloseable {
    static final String MODEL = "org/model";
    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    static final String TOKEN = "hf_secretSECRETsecret";
    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private static final Pattern RANGE = Pattern.compile("bytes=([0-9]+)-([0-9]+)");

    /** Takes an exchange over and returns true, or leaves it to the Hub. */
    @FunctionalInterface
    interface Behaviour {
        boolean handles(HttpExchange exchange) throws IOException;
    }

    /** A request as it arrived. */
    record Seen(String server, String path, String authorization, String range) {}

    static {
        // Else each answer waits for the other side's delayed acknowledgement, 40 ms.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer hub = server("hub");
    private final HttpServer cdn = server("cdn");
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, byte[]> files = new LinkedHashMap<>();
    private final Map<String, Long> listed = new HashMap<>();
    private final Map<String, Behaviour> behaviours = new ConcurrentHashMap<>();
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final List<Duration> pauses = new CopyOnWriteArrayList<>();
    private int pageSize = 1000;

    FakeHub() {
        for (HttpServer each : List.of(hub, cdn)) {
            each.setExecutor(threads);
            each.start();
        }
    }

    private HttpServer server(String name) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> {
                try (exchange) {
                    answer(name, exchange);
                }
            });
            return server;
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    String endpoint() {
        return address(hub);
    }

    String cdnAddress() {
        return address(cdn);
    }

    private static String address(HttpServer server) {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Puts a file on the Hub; one whose name ends in .json it serves itself, others through the other server. */
    FakeHub with(String path, byte[] bytes) {
        files.put(path, bytes);
        listed.put(path, (long) bytes.length);
        return this;
    }

    /** Lists a file with another size than it has. */
    FakeHub listing(String path, long bytes) {
        listed.put(path, bytes);
        return this;
    }

    FakeHub pagesOf(int entries) {
        pageSize = entries;
        return this;
    }

    /** What happens to requests whose path, on either server, begins so. */
    FakeHub on(String pathPrefix, Behaviour behaviour) {
        behaviours.put(pathPrefix, behaviour);
        return this;
    }

    List<Seen> seen() {
        return seen;
    }

    long seenBy(String server) {
        return seen.stream().filter(each -> each.server().equals(server)).count();
    }

    List<Duration> pauses() {
        return pauses;
    }

    /** The environment of a user of this Hub, with an empty cache. */
    Map<String, String> environment(Path home) {
        Map<String, String> environment = new HashMap<>();
        environment.put("HF_ENDPOINT", endpoint());
        environment.put("HF_HOME", home.toString());
        environment.put("HF_TOKEN", TOKEN);
        return environment;
    }

    /** A client that notes its pauses instead of waiting. */
    HubClient client(Map<String, String> environment, HubProgress progress) {
        HubSettings settings =
                HubSettings.fromEnvironment(environment).withWaits(Duration.ofSeconds(2), Duration.ofMillis(300));
        return new HubClient(settings, progress, new Backoff(pauses::add, InstantSource.fixed(NOW), new Random(7)));
    }

    HubClient client(Path home) {
        return client(environment(home), HubProgress.NONE);
    }

    static Behaviour status(int status, String... headers) {
        return exchange -> {
            set(exchange.getResponseHeaders(), headers);
            exchange.sendResponseHeaders(status, -1);
            return true;
        };
    }

    /** The first requests are handled so, the others as usual. */
    static Behaviour first(int count, Behaviour behaviour) {
        List<Boolean> used = Collections.synchronizedList(new ArrayList<>());
        return exchange -> {
            used.add(true);
            return used.size() <= count && behaviour.handles(exchange);
        };
    }

    static Behaviour sends(int status, byte[] body, String... headers) {
        return exchange -> {
            set(exchange.getResponseHeaders(), headers);
            write(exchange, status, body, body.length);
            return true;
        };
    }

    /** States a length, sends less, and hangs up. */
    static Behaviour truncates(int status, byte[] body, long stated, String... headers) {
        return exchange -> {
            set(exchange.getResponseHeaders(), headers);
            exchange.sendResponseHeaders(status, stated);
            exchange.getResponseBody().write(body);
            exchange.getResponseBody().flush();
            return true;
        };
    }

    private static void set(Headers headers, String... namesAndValues) {
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1]);
        }
    }

    private static void write(HttpExchange exchange, int status, byte[] body, int length) throws IOException {
        exchange.sendResponseHeaders(status, length == 0 ? -1 : length);
        if (length > 0) {
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body, 0, length);
            }
        }
    }

    private void answer(String server, HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        Headers headers = exchange.getRequestHeaders();
        seen.add(new Seen(server, path, headers.getFirst("Authorization"), headers.getFirst("Range")));
        for (Map.Entry<String, Behaviour> each : behaviours.entrySet()) {
            if (path.startsWith(each.getKey()) && each.getValue().handles(exchange)) {
                return;
            }
        }
        String api = "/api/models/" + MODEL;
        String resolve = "/" + MODEL + "/resolve/" + COMMIT + "/";
        if (server.equals("cdn")) {
            serve(exchange, decoded(path.substring("/blobs/".length())));
        } else if (path.equals(api + "/revision/main") || path.equals(api + "/revision/refs%2Fpr%2F1")) {
            json(exchange, Map.of("id", MODEL, "sha", COMMIT));
        } else if (path.equals(api + "/tree/" + COMMIT)) {
            list(exchange);
        } else if (path.startsWith(resolve) && path.endsWith(".json")) {
            serve(exchange, decoded(path.substring(resolve.length())));
        } else if (path.startsWith(resolve) && files.containsKey(decoded(path.substring(resolve.length())))) {
            set(exchange.getResponseHeaders(), "Location", cdnAddress() + "/blobs/" + path.substring(resolve.length()));
            exchange.sendResponseHeaders(302, -1);
        } else {
            status(404, "X-Error-Code", "RepoNotFound", "X-Error-Message", "Repository not found")
                    .handles(exchange);
        }
    }

    private static String decoded(String path) {
        return URLDecoder.decode(path, StandardCharsets.UTF_8);
    }

    private static void json(HttpExchange exchange, Map<String, ?> document) throws IOException {
        byte[] body = JsonWriter.compact(document).getBytes(StandardCharsets.UTF_8);
        write(exchange, 200, body, body.length);
    }

    private void list(HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getQuery();
        int from = query.contains("cursor=") ? Integer.parseInt(query.substring(query.indexOf("cursor=") + 7)) : 0;
        List<String> names = List.copyOf(files.keySet());
        int to = Math.min(names.size(), from + pageSize);
        StringBuilder page = new StringBuilder("[{\"type\":\"directory\",\"oid\":\"0\",\"size\":0,\"path\":\"sub\"}");
        for (String name : names.subList(from, to)) {
            page.append(",").append(entry(name, listed.get(name)));
        }
        if (to < names.size()) {
            set(
                    exchange.getResponseHeaders(),
                    "Link",
                    "<" + endpoint() + exchange.getRequestURI().getPath() + "?recursive=true&cursor=" + to
                            + ">; rel=\"next\"");
        }
        byte[] body = page.append("]").toString().getBytes(StandardCharsets.UTF_8);
        write(exchange, 200, body, body.length);
    }

    private static String entry(String name, long bytes) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("type", "file");
        entry.put("oid", "1");
        entry.put("size", bytes);
        if (!name.endsWith(".json")) {
            entry.put("lfs", Map.of("oid", "2", "size", bytes, "pointerSize", 135));
        }
        entry.put("path", name);
        return JsonWriter.compact(entry);
    }

    private void serve(HttpExchange exchange, String name) throws IOException {
        byte[] bytes = files.get(name);
        Matcher range =
                RANGE.matcher(String.valueOf(exchange.getRequestHeaders().getFirst("Range")));
        if (bytes == null) {
            status(404, "X-Error-Code", "EntryNotFound").handles(exchange);
        } else if (!range.matches()) {
            write(exchange, 200, bytes, bytes.length);
        } else if (Integer.parseInt(range.group(2)) >= bytes.length) {
            status(416, "Content-Range", "bytes */" + bytes.length).handles(exchange);
        } else {
            int first = Integer.parseInt(range.group(1));
            int last = Integer.parseInt(range.group(2));
            set(exchange.getResponseHeaders(), "Content-Range", "bytes " + first + "-" + last + "/" + bytes.length);
            exchange.sendResponseHeaders(206, last - first + 1);
            exchange.getResponseBody().write(bytes, first, last - first + 1);
        }
    }

    @Override
    public void close() {
        hub.stop(0);
        cdn.stop(0);
        threads.shutdownNow();
    }
}
