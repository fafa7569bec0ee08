package io.llmsizing.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.llmsizing.checkpoint.ByteSource;
import io.llmsizing.checkpoint.Repository;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HubClientTest {
    private static final byte[] CONFIG = "{\"model_type\": \"llama\"}".getBytes(StandardCharsets.UTF_8);
    private static final byte[] WEIGHTS = new byte[3_000_000];
    private static final String SHARD = "a b/model+1#.safetensors";
    private static final String TREE = "/api/models/org/model/tree/";

    static {
        new Random(1).nextBytes(WEIGHTS);
    }

    @TempDir
    Path home;

    private final FakeHub hub = new FakeHub()
            .with("config.json", CONFIG)
            .with("model.safetensors", WEIGHTS)
            .with(".gitattributes", new byte[10])
            .with("sub/.hidden/x.json", new byte[10])
            .with("empty.json", new byte[0])
            .with(SHARD, new byte[] {1, 2, 3});

    @AfterEach
    void stop() {
        hub.close();
    }

    private static byte[] read(Repository repository, String path, long offset, int count) throws IOException {
        try (ByteSource source = repository.open(path)) {
            byte[] target = new byte[count + 2];
            source.read(offset, target, 1, count);
            assertThat(target[0]).isZero();
            assertThat(target[count + 1]).isZero();
            return Arrays.copyOfRange(target, 1, count + 1);
        }
    }

    private void assertRefused(String text) {
        assertThatExceptionOfType(HubException.class)
                .isThrownBy(() -> hub.client(home).open(FakeHub.MODEL))
                .withMessageStartingWith("org/model: ")
                .withMessageContaining(text)
                .satisfies(thrown -> assertThat(thrown.getMessage()).doesNotContain(FakeHub.TOKEN));
    }

    @Test
    void aModelIsItsFilesAndTheirBytes() throws IOException {
        Repository model = hub.client(home).open("org/model@refs/pr/1");
        assertThat(model.name()).isEqualTo("org/model@refs/pr/1");
        assertThat(model.modelName()).isEqualTo("org/model");
        assertThat(model.files())
                .containsExactly(
                        Map.entry(SHARD, 3L),
                        Map.entry("config.json", (long) CONFIG.length),
                        Map.entry("empty.json", 0L),
                        Map.entry("model.safetensors", 3_000_000L));
        assertThat(read(model, "config.json", 0, CONFIG.length)).isEqualTo(CONFIG);
        assertThat(read(model, SHARD, 1, 2)).containsExactly(2, 3);
        assertThat(hub.seen())
                .extracting(FakeHub.Seen::path)
                .contains("/org/model/resolve/" + FakeHub.COMMIT + "/a%20b/model%2B1%23.safetensors");
        assertThat(read(model, "model.safetensors", 999_999, 1_500_001))
                .isEqualTo(Arrays.copyOfRange(WEIGHTS, 999_999, 2_500_000));
        assertThat(hub.seen())
                .filteredOn(seen -> seen.server().equals("cdn") && seen.path().endsWith("/model.safetensors"))
                .extracting(FakeHub.Seen::range)
                .containsExactly("bytes=999999-2048574", "bytes=2048575-2499999");
    }

    @Test
    void theTokenGoesToTheHubAndNowhereElse() throws IOException {
        read(hub.client(home).open(FakeHub.MODEL), "model.safetensors", 0, 8);
        assertThat(hub.seenBy("hub")).isEqualTo(3);
        assertThat(hub.seenBy("cdn")).isEqualTo(1);
        assertThat(hub.seen())
                .allSatisfy(seen -> assertThat(seen.authorization())
                        .isEqualTo(seen.server().equals("hub") ? "Bearer " + FakeHub.TOKEN : null));
    }

    @Test
    void withoutATokenNoneIsSent() throws IOException {
        Map<String, String> environment = hub.environment(home);
        environment.remove("HF_TOKEN");
        hub.client(environment, HubProgress.NONE).open(FakeHub.MODEL);
        assertThat(hub.seen()).hasSize(2).allMatch(seen -> seen.authorization() == null);
    }

    @Test
    void theTokenComesBackWithTheWayBackToTheHub() throws IOException {
        hub.on(
                "/blobs/model",
                FakeHub.status(
                        307, "Location", hub.endpoint() + "/org/model/resolve/" + FakeHub.COMMIT + "/config.json"));
        hub.listing("model.safetensors", CONFIG.length);
        assertThat(read(hub.client(home).open(FakeHub.MODEL), "model.safetensors", 0, CONFIG.length))
                .isEqualTo(CONFIG);
        assertThat(hub.seen().stream().skip(2))
                .extracting(FakeHub.Seen::authorization)
                .containsExactly("Bearer " + FakeHub.TOKEN, null, "Bearer " + FakeHub.TOKEN);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void aRelativeRedirectStaysAtTheHub(int status) throws IOException {
        hub.on("/org/model/resolve/" + FakeHub.COMMIT + "/empty", FakeHub.status(status, "Location", "config.json"));
        hub.listing("empty.json", CONFIG.length);
        assertThat(read(hub.client(home).open(FakeHub.MODEL), "empty.json", 0, CONFIG.length))
                .isEqualTo(CONFIG);
        assertThat(hub.seen()).allMatch(seen -> seen.authorization() != null);
    }

    @Test
    void redirectsEnd() {
        hub.on("/api/models/", FakeHub.status(302, "Location", "/api/models/again"));
        assertRefused("more than 5 redirects");
        assertThat(hub.seen()).hasSize(6);
    }

    @Test
    void aModelStaysAtOneCommit() throws IOException {
        Repository model = hub.client(home).open("org/model@" + FakeHub.COMMIT);
        assertThat(hub.seen()).extracting(FakeHub.Seen::path).containsExactly(TREE + FakeHub.COMMIT);
        read(model, "config.json", 0, 1);
        assertThat(hub.seen().get(1).path()).isEqualTo("/org/model/resolve/" + FakeHub.COMMIT + "/config.json");
    }

    @Test
    void aHubThatNamesNoCommitIsAskedForTheRevision() throws IOException {
        hub.on("/api/models/org/model/revision/", FakeHub.sends(200, new byte[] {'{', '}'}));
        hub.on(TREE + "main", FakeHub.sends(200, new byte[] {'[', ']'}));
        assertThat(hub.client(home).open(FakeHub.MODEL).files()).isEmpty();
    }

    @Test
    void aListComesInPages() throws IOException {
        hub.pagesOf(1);
        assertThat(hub.client(home).open(FakeHub.MODEL).files()).hasSize(4);
        assertThat(hub.seen()).filteredOn(seen -> seen.path().startsWith(TREE)).hasSize(6);
    }

    @Test
    void aListWithoutEndIsLeft() {
        int[] page = {0};
        hub.on(TREE, exchange -> {
            page[0]++;
            return FakeHub.sends(200, new byte[] {'[', ']'}, "Link", "<?cursor=" + page[0] + ">; rel=\"next\"")
                    .handles(exchange);
        });
        assertRefused("more than 100 pages");
        assertThat(page[0]).isEqualTo(100);
    }

    @Test
    void aListThatGoesInCirclesIsLeft() {
        hub.on(
                TREE,
                FakeHub.sends(
                        200,
                        new byte[] {'[', ']'},
                        "Link",
                        "<" + TREE + FakeHub.COMMIT + "?recursive=true>; rel=\"next\""));
        assertRefused("does not end");
    }

    @Test
    void aPageThatIsTooLongIsNotReadToItsEnd() {
        byte[] blanks = new byte[9 << 20];
        Arrays.fill(blanks, (byte) ' ');
        hub.on(TREE, FakeHub.sends(200, blanks));
        assertRefused("the list of files is longer than 8388608 B");
    }

    @Test
    void aModelHasAtMostTwentyThousandFiles() throws IOException {
        String files = IntStream.range(0, 4000)
                .mapToObj(i -> "{\"type\":\"file\",\"size\":1,\"path\":\"$" + i + "\"}")
                .collect(Collectors.joining(","));
        int[] page = {0};
        boolean[] ends = {true};
        hub.on(TREE, exchange -> {
            int number = page[0]++;
            String body = number < 5
                    ? "[" + files.replace("$", number + "-") + "]"
                    : "[{\"type\":\"file\",\"size\":1,\"path\":\"x\"}]";
            String next = number == 4 && ends[0] ? "" : "<?c=" + page[0] + ">; rel=next";
            return FakeHub.sends(200, body.getBytes(StandardCharsets.UTF_8), "Link", next)
                    .handles(exchange);
        });
        assertThat(hub.client(home).open(FakeHub.MODEL).files()).hasSize(20_000);
        page[0] = 0;
        ends[0] = false;
        assertRefused("holds more than 20000; expected those of one model");
        assertThat(page[0]).isEqualTo(6);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<html>not a hub</html>|does not answer like a Hub; check HF_ENDPOINT",
                "{}|not a JSON list",
                "[1]|not a JSON object",
                "[{\"type\":\"file\"}]|[0].path: absent",
                "[{\"type\":\"file\",\"path\":\"a\"}]|[0].size: absent",
                "[{\"type\":\"file\",\"path\":\"a\",\"size\":-1}]|[0].size: -1; expected a whole number from 0",
                "[{\"type\":\"file\",\"path\":\"a\",\"size\":9007199254740992}]|expected a whole number from 0",
                "[{\"type\":\"file\",\"path\":\"../a\",\"size\":1}]|holds '../a'; expected the path of a file",
                "[{\"type\":\"file\",\"path\":\"/a\",\"size\":1}]|expected the path of a file",
                "[{\"type\":\"file\",\"path\":\"a/./b\",\"size\":1}]|expected the path of a file",
                "[{\"type\":\"file\",\"path\":\"a\\u0007\",\"size\":1}]|expected the path of a file",
                "[{\"type\":\"file\",\"path\":\"a\",\"size\":1},{\"type\":\"file\",\"path\":\"a\",\"size\":1}]|holds 'a' twice"
            })
    void aListThatIsNoneIsRefused(String body, String problem) {
        hub.on(TREE, FakeHub.sends(200, body.getBytes(StandardCharsets.UTF_8)));
        assertRefused(problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"sha\": \"../../x\"}", "{\"sha\": 1}", "[]", "x"})
    void aCommitThatIsNoneIsRefused(String body) {
        hub.on("/api/models/org/model/revision/", FakeHub.sends(200, body.getBytes(StandardCharsets.UTF_8)));
        assertRefused("");
    }

    @Test
    void aListThatIsPackedIsRefused() {
        hub.on(TREE, FakeHub.sends(200, new byte[] {'[', ']'}, "Content-Encoding", "gzip"));
        assertRefused("the list of files: 127.0.0.1 answered with status 200 and packed bytes; expected 200");
    }

    @Test
    void sizesOfLargeFilesAreThoseOfTheirContent() throws IOException {
        String entry = "[{\"type\":\"file\",\"path\":\"a\",\"size\":135,\"lfs\":{\"size\":5000}}]";
        hub.on(TREE, FakeHub.sends(200, entry.getBytes(StandardCharsets.UTF_8)));
        assertThat(hub.client(home).open(FakeHub.MODEL).files()).containsExactly(Map.entry("a", 5000L));
    }

    @Test
    void whatLiesBeyondTheEndIsNotAskedFor() throws IOException {
        Repository model = hub.client(home).open(FakeHub.MODEL);
        for (long offset : new long[] {-1, CONFIG.length, Long.MAX_VALUE}) {
            assertThatExceptionOfType(EOFException.class)
                    .isThrownBy(() -> read(model, "config.json", offset, 1))
                    .withMessageContaining("org/model/config.json has " + CONFIG.length + " B");
        }
        assertThat(read(model, "empty.json", 0, 0)).isEmpty();
        assertThat(hub.seen()).hasSize(2);
        assertThatExceptionOfType(HubException.class)
                .isThrownBy(() -> model.open("none.json"))
                .withMessage("org/model has no file 'none.json'");
    }

    @Test
    void severalThreadsReadAtOnce() throws IOException {
        Repository model = hub.client(home).open(FakeHub.MODEL);
        try (ByteSource source = model.open("model.safetensors")) {
            assertThat(source.pieceBytes()).isEqualTo(1 << 20);
            assertThat(source.length()).isEqualTo(3_000_000);
            assertThat(source.name()).isEqualTo("org/model/model.safetensors");
            IntStream.range(0, 32).parallel().forEach(i -> {
                byte[] piece = new byte[1000];
                try {
                    source.read(i * 1000L, piece, 0, 1000);
                } catch (IOException broken) {
                    throw new UncheckedIOException(broken);
                }
                assertThat(piece).isEqualTo(Arrays.copyOfRange(WEIGHTS, i * 1000, (i + 1) * 1000));
            });
        }
    }

    @Test
    void progressIsToldAndNothingIsWritten() throws IOException {
        List<String> told = new CopyOnWriteArrayList<>();
        HubProgress progress = new HubProgress() {
            @Override
            public void asked(String file) {
                told.add(file);
            }

            @Override
            public void received(String file, long bytes) {
                told.add(file.startsWith("the ") ? "answer" : file + " " + bytes);
            }
        };
        Repository model = hub.client(hub.environment(home), progress).open(FakeHub.MODEL);
        read(model, "model.safetensors", 5, 100);
        assertThat(told)
                .containsExactly(
                        "the commit of main",
                        "answer",
                        "the list of files",
                        "answer",
                        "model.safetensors",
                        "model.safetensors 100");
        try (Stream<Path> left = Files.list(home)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void whatIsNoIdIsRefusedBeforeAnythingIsAsked() {
        assertThatIllegalArgumentException().isThrownBy(() -> hub.client(home).open("../model"));
        assertThat(hub.seen()).isEmpty();
    }
}
