package io.llmsizing.hub;

import com.google.common.base.Splitter;
import io.llmsizing.document.JsonObject;
import io.llmsizing.document.JsonReader;
import io.llmsizing.document.MalformedFileException;
import java.io.IOException;
import java.net.URI;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads which files a model has on the Hub, page by page, within bounds. Hidden files do not belong to a model. */
final class FileList {
    private static final String WHAT = "the list of files";
    private static final int MOST_PAGES = 100;
    private static final int MOST_FILES = 20_000;
    private static final int LONGEST_PATH = 1024;
    private static final long LARGEST = 1L << 50;
    private static final Pattern NEXT =
            Pattern.compile("<([^<>]{1,4096})>\\s*(?:;[^,<>]{0,200}?)?;\\s*rel\\s*=\\s*\"?next\"?(?=[\\s;,]|$)");

    private final HubHttp http;
    private final HubId id;
    private final SortedMap<String, Long> files = new TreeMap<>();

    private FileList(HubHttp http, HubId id) {
        this.http = http;
        this.id = id;
    }

    /** Which commit the revision is; the revision itself where the Hub does not say. */
    static HubId pinned(HubHttp http, URI endpoint, HubId id) throws IOException {
        if (id.isPinned()) {
            return id;
        }
        String what = "the commit of " + id.revision();
        Answer answer = http.get(new DocumentRequest(id, what, Addresses.revision(endpoint, id)));
        try {
            Optional<String> commit =
                    JsonReader.read(answer.body().stream(), what).text("sha");
            if (commit.isPresent() && !HubId.isCommit(commit.get())) {
                throw new HubException(id + ": " + what + " is '" + answer.shown(commit.get())
                        + "', says the Hub; expected 40 hexadecimal digits");
            }
            return commit.map(id::at).orElse(id);
        } catch (MalformedFileException malformed) {
            throw unreadable(id, answer, malformed);
        }
    }

    /**
     * The files of a model and their bytes.
     *
     * @param id what was asked for, for messages
     * @param pinned the commit that it is
     */
    static SortedMap<String, Long> read(HubHttp http, URI endpoint, HubId id, HubId pinned) throws IOException {
        FileList list = new FileList(http, id);
        list.readFrom(Addresses.files(endpoint, pinned));
        return Collections.unmodifiableSortedMap(list.files);
    }

    private void readFrom(URI first) throws IOException {
        Set<URI> seen = new HashSet<>();
        Optional<URI> page = Optional.of(first);
        while (page.isPresent()) {
            if (!seen.add(page.get()) || seen.size() > MOST_PAGES) {
                throw new HubException(id + ": " + WHAT + " does not end: "
                        + (seen.size() > MOST_PAGES
                                ? "more than " + MOST_PAGES + " pages"
                                : "a page names itself, or one before it, as the next"));
            }
            Answer answer = http.get(new DocumentRequest(id, WHAT, page.get()));
            try {
                for (JsonObject entry : JsonReader.readList(answer.body().stream(), WHAT)) {
                    add(entry, answer);
                }
            } catch (MalformedFileException malformed) {
                throw unreadable(id, answer, malformed);
            }
            Optional<String> next = next(answer.headers().allValues("Link"));
            page = next.isPresent()
                    ? Optional.of(Redirect.target(answer.from(), next.get(), id + ": " + WHAT))
                    : Optional.empty();
        }
    }

    private void add(JsonObject entry, Answer answer) throws HubException {
        if (!entry.requiredText("type").equals("file")) {
            return;
        }
        String path = entry.requiredText("path");
        List<String> parts = Splitter.on('/').splitToList(path);
        if (path.length() > LONGEST_PATH
                || answer.repeatsToken(path)
                || path.chars().anyMatch(Character::isISOControl)
                || parts.stream().anyMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."))) {
            throw new HubException(
                    id + ": " + WHAT + " holds '" + answer.shown(path) + "'; expected the path of a file in the model");
        }
        JsonObject sized = entry.object("lfs").orElse(entry);
        long bytes = sized.whole("size", 0, LARGEST);
        if (parts.stream().anyMatch(part -> part.startsWith("."))) {
            return;
        }
        if (files.size() == MOST_FILES) {
            throw new HubException(
                    id + ": " + WHAT + " holds more than " + MOST_FILES + "; expected those of one model");
        }
        if (files.put(path, bytes) != null) {
            throw new HubException(id + ": " + WHAT + " holds '" + answer.shown(path) + "' twice");
        }
    }

    /** The address that a {@code Link} header gives as the next. */
    static Optional<String> next(List<String> links) {
        for (String link : links) {
            Matcher matcher = NEXT.matcher(link);
            if (matcher.find()) {
                return Optional.of(matcher.group(1));
            }
        }
        return Optional.empty();
    }

    private static HubException unreadable(HubId id, Answer answer, MalformedFileException malformed) {
        return new HubException(
                id + ": " + answer.from().getHost()
                        + " does not answer like a Hub; check HF_ENDPOINT, and whether a proxy" + " stands between ("
                        + answer.shown(String.valueOf(malformed.getMessage())) + ")",
                malformed);
    }
}
