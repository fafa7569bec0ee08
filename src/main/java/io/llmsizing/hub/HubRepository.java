package io.llmsizing.hub;

import io.llmsizing.checkpoint.ByteSource;
import io.llmsizing.checkpoint.Repository;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.SortedMap;

/** A model on a Hub, at one commit: what moves on the Hub meanwhile does not mix with it. */
final class HubRepository implements Repository {
    private static final int READS_AT_ONCE = 8;

    private final HubHttp http;
    private final URI endpoint;
    private final HubId asked;
    private final HubId pinned;
    private final SortedMap<String, Long> files;

    private HubRepository(HubHttp http, URI endpoint, HubId asked, HubId pinned, SortedMap<String, Long> files) {
        this.http = http;
        this.endpoint = endpoint;
        this.asked = asked;
        this.pinned = pinned;
        this.files = files;
    }

    /** Asks which commit the revision is, and what it holds. */
    static HubRepository of(HubHttp http, URI endpoint, HubId id) throws IOException {
        HubId pinned = FileList.pinned(http, endpoint, id);
        return new HubRepository(http, endpoint, id, pinned, FileList.read(http, endpoint, id, pinned));
    }

    @Override
    public String name() {
        return asked.toString();
    }

    @Override
    public String modelName() {
        return asked.name();
    }

    @Override
    public Optional<String> revision() {
        return Optional.of(pinned.revision());
    }

    @Override
    public SortedMap<String, Long> files() {
        return files;
    }

    @Override
    public int readsAtOnce() {
        return READS_AT_ONCE;
    }

    @Override
    public ByteSource open(String path) throws HubException {
        Long length = files.get(path);
        if (length == null) {
            throw new HubException(asked + " has no file '" + Shown.text(path) + "'");
        }
        return new HubFile(http, asked, path, Addresses.file(endpoint, pinned, path), length);
    }
}
