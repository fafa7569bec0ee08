package io.llmsizing.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HubSettingsTest {
    @TempDir
    Path home;

    private HubSettings of(String... namesAndValues) {
        Map<String, String> environment = new HashMap<>();
        environment.put("HOME", home.toString());
        for (int i = 0; i < namesAndValues.length; i += 2) {
            environment.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return HubSettings.fromEnvironment(environment);
    }

    @Test
    void nothingSetMeansThePublicHubWithoutAToken() {
        HubSettings settings = of();
        assertThat(settings.endpoint()).isEqualTo(URI.create("https://huggingface.co"));
        assertThat(settings.token()).isEmpty();
        assertThat(settings.tokenSource()).isEmpty();
        assertThat(settings.offline()).isFalse();
        assertThat(settings.cache()).isEqualTo(home.resolve(".cache/huggingface/hub"));
        assertThat(settings.connectWait()).isEqualTo(Duration.ofSeconds(10));
        assertThat(settings.readWait()).isEqualTo(Duration.ofSeconds(10));
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost:8080/, http://localhost:8080",
        "HTTPS://hub.example//, HTTPS://hub.example",
        "https://proxy/artifactory/hf/, https://proxy/artifactory/hf",
        "'  ', https://huggingface.co"
    })
    void anEndpointEndsWithoutASlash(String written, URI read) {
        assertThat(of("HF_ENDPOINT", written).endpoint()).isEqualTo(read);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hub.example",
                "ftp://hub",
                "file:///hub",
                "https://",
                "https://user:pass@hub",
                "https://hub?x",
                "https://hub#x",
                "https://hub:0",
                "https://hub:70000",
                "https://a b",
                "/"
            })
    void whatIsNoAddressOfAHubIsRefusedAndNotShown(String written) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of("HF_ENDPOINT", written))
                .withMessageContaining("HF_ENDPOINT is not the address of a Hub; expected http:// or https://")
                .satisfies(thrown -> assertThat(thrown.getMessage()).doesNotContain("pass"));
    }

    @Test
    void theCacheIsWhereTheToolsHaveIt() {
        Path base = home.resolve("base");
        assertThat(of("XDG_CACHE_HOME", base.toString()).cache()).isEqualTo(base.resolve("huggingface/hub"));
        assertThat(of("HF_HOME", base.toString(), "XDG_CACHE_HOME", "/x").cache())
                .isEqualTo(base.resolve("hub"));
        assertThat(of("HUGGINGFACE_HUB_CACHE", base.toString(), "HF_HOME", "/x").cache())
                .isEqualTo(base);
        assertThat(of("HF_HUB_CACHE", base.toString(), "HUGGINGFACE_HUB_CACHE", "/x")
                        .cache())
                .isEqualTo(base);
        assertThat(of("HF_HUB_CACHE", " ").cache()).isEqualTo(home.resolve(".cache/huggingface/hub"));
        assertThat(of("HF_HOME", "~/hf").cache()).isEqualTo(home.resolve("hf/hub"));
        assertThat(of("HF_HOME", "$DATA/${SUB}/$NONE", "DATA", base.toString(), "SUB", "s")
                        .cache())
                .isEqualTo(base.resolve("s/$NONE/hub"));
    }

    @Test
    void theTokenIsTheFirstThatIsThere() throws IOException {
        Path file = Files.writeString(
                Files.createDirectories(home.resolve(".cache/huggingface")).resolve("token"), "t4\n");
        Path other = Files.writeString(home.resolve("token"), " t3 ");
        String path = other.toString();
        assertThat(of("HF_TOKEN", "t1", "HUGGING_FACE_HUB_TOKEN", "t2", "HF_TOKEN_PATH", path)
                        .token())
                .isEqualTo("t1");
        HubSettings second = of("HF_TOKEN", " ", "HUGGING_FACE_HUB_TOKEN", "t2\n", "HF_TOKEN_PATH", path);
        assertThat(second.token()).isEqualTo("t2");
        assertThat(second.tokenSource()).hasValue("HUGGING_FACE_HUB_TOKEN");
        assertThat(of("HF_TOKEN_PATH", path).token()).isEqualTo("t3");
        assertThat(of().token()).isEqualTo("t4");
        assertThat(of().tokenSource()).hasValue(file.toString());
        assertThat(of("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1", "HF_TOKEN", "t1").token())
                .isEmpty();
    }

    @Test
    void aTokenThatIsNoneIsRefusedAndNotShown() throws IOException {
        for (String token : new String[] {"hf_se cret", "hf_secret\u00e9", "hf_s\necret", "hf_s\u0000ecret"}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> of("HF_TOKEN", token))
                    .withMessage("the token in HF_TOKEN holds a blank or another character that no token has");
        }
        Path file = Files.writeString(home.resolve("token"), "x".repeat(4097));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of("HF_TOKEN_PATH", file.toString()))
                .withMessageContaining("longer than 4096 B; expected a token");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of("HF_TOKEN_PATH", home.toString()))
                .withMessageContaining(home + ": file: can't be read");
    }

    @Test
    void theTextOfSettingsHoldsNoToken() {
        assertThat(of("HF_TOKEN", FakeHub.TOKEN, "HF_HUB_OFFLINE", "1").toString())
                .doesNotContain(FakeHub.TOKEN)
                .startsWith("https://huggingface.co, offline, token from HF_TOKEN, cache ");
        assertThat(of().toString()).contains(", no token, cache ");
    }

    @ParameterizedTest
    @CsvSource({"1, true", "on, true", "Yes, true", "TRUE, true", "0, false", "off, false", "2, false", "'', false"})
    void offlineIsWhatTheToolsTakeForTrue(String value, boolean offline) {
        assertThat(of("HF_HUB_OFFLINE", value).offline()).isEqualTo(offline);
        assertThat(of("TRANSFORMERS_OFFLINE", value).offline()).isEqualTo(offline);
        assertThat(of("HF_HUB_OFFLINE", "0", "TRANSFORMERS_OFFLINE", value).offline())
                .isFalse();
    }

    @Test
    void patienceIsInWholeSeconds() {
        HubSettings settings = of("HF_HUB_ETAG_TIMEOUT", "1", "HF_HUB_DOWNLOAD_TIMEOUT", "3600");
        assertThat(settings.connectWait()).isEqualTo(Duration.ofSeconds(1));
        assertThat(settings.readWait()).isEqualTo(Duration.ofHours(1));
        for (String value : new String[] {"0", "3601", "1.5", "-1", "ten", "99999"}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> of("HF_HUB_DOWNLOAD_TIMEOUT", value))
                    .withMessage("HF_HUB_DOWNLOAD_TIMEOUT is '" + value + "'; expected whole seconds from 1 to 3600");
        }
    }

    @Test
    void aPathThatIsNoneIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of("HF_HOME", "a\u0000b"))
                .withMessageContaining("HF_HOME is not a path");
    }
}
