package io.llmsizing.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HubIdTest {
    @ParameterizedTest
    @CsvSource({
        "meta-llama/Llama-3.1-8B, meta-llama/Llama-3.1-8B, main",
        "gpt2, gpt2, main",
        "01-ai/Yi-1.5-9B-32K, 01-ai/Yi-1.5-9B-32K, main",
        "Foo-BAR_foo.bar123, Foo-BAR_foo.bar123, main",
        "_org_/_name_, _org_/_name_, main",
        "org/name@v1.0, org/name, v1.0",
        "org/name@refs/pr/1, org/name, refs/pr/1",
        "org/name@6.0bpw-h6@b, org/name, 6.0bpw-h6@b"
    })
    void anIdIsANameAndARevision(String text, String name, String revision) {
        assertThat(HubId.parse(text)).isEqualTo(new HubId(name, revision));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "org/",
                "/name",
                "datasets/foo/bar",
                ".name",
                "-name",
                "name-",
                "name.",
                "org/.name",
                "foo--bar",
                "a..b",
                "../../etc/passwd",
                "foo.git",
                "org/na me",
                "org/näme",
                "org\\name",
                "org/name?x=1",
                "org/n%2Fa",
                "org/name\n",
                "org-/name"
            })
    void whatTheHubDoesNotAllowIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HubId.parse(text))
                .withMessageContaining("is not the id of a model on a Hub; expected organisation/name");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "..", "a/../b", "/main", "main/", "a//b", ".hidden", "a/.b", "a b", "-x", "a\\b", "a:b", "a."
            })
    void aRevisionThatCouldLeaveItsFolderIsRefused(String revision) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HubId.parse("org/name@" + revision))
                .withMessageContaining("is not a revision of org/name");
    }

    @Test
    void eachPartHasAtMost96Characters() {
        String longest = "x".repeat(96);
        assertThat(HubId.parse(longest + "/" + longest).name()).hasSize(193);
        assertThatIllegalArgumentException().isThrownBy(() -> HubId.parse("x" + longest));
        assertThatIllegalArgumentException().isThrownBy(() -> HubId.parse("x" + longest + "/name"));
        assertThat(HubId.parse("org/name@" + "r".repeat(200)).revision()).hasSize(200);
        assertThatIllegalArgumentException().isThrownBy(() -> HubId.parse("org/name@" + "r".repeat(201)));
    }

    @Test
    void theTextIsThatWhichIsRead() {
        assertThat(HubId.parse("org/name@v1")).hasToString("org/name@v1");
        assertThat(HubId.parse("org/name@main")).hasToString("org/name");
    }

    @Test
    void onlyAWholeCommitDoesNotMove() {
        assertThat(HubId.parse("org/name@" + FakeHub.COMMIT).isPinned()).isTrue();
        assertThat(HubId.parse("org/name@" + FakeHub.COMMIT.substring(1)).isPinned())
                .isFalse();
        assertThat(HubId.parse("org/name").isPinned()).isFalse();
    }

    @Test
    void aMessageHoldsNothingThatATerminalObeys() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HubId.parse("org/\u001b[31m\u202ename" + "x".repeat(10_000)))
                .satisfies(thrown ->
                        assertThat(thrown.getMessage()).hasSizeLessThan(500).doesNotContain("\u001b", "\u202e", "\n"));
    }
}
