package io.llmsizing.hub;

import com.google.common.base.Splitter;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/** Where a Hub keeps what. */
final class Addresses {
    private Addresses() {}

    /** Which commit a revision is. */
    static URI revision(URI endpoint, HubId id) {
        return URI.create(
                endpoint + "/api/models/" + id.name() + "/revision/" + encoded(id.revision()) + "?expand=sha");
    }

    /** The first page of the files. */
    static URI files(URI endpoint, HubId id) {
        return URI.create(
                endpoint + "/api/models/" + id.name() + "/tree/" + encoded(id.revision()) + "?recursive=true");
    }

    /** A file. */
    static URI file(URI endpoint, HubId id, String path) {
        String encodedPath =
                Splitter.on('/').splitToStream(path).map(Addresses::encoded).collect(Collectors.joining("/"));
        return URI.create(endpoint + "/" + id.name() + "/resolve/" + encoded(id.revision()) + "/" + encodedPath);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
