package io.llmsizing;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.PublishedCheckpoint.Term;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The formula gives the bytes of published checkpoints, and where it does not, a table says why. The page that shows both
 * is written by {@code -Dgolden.update=true} and held by this test.
 */
class PublishedCheckpointsTest {
    private static final Path PAGE = Path.of("src", "site", "markdown", "published-checkpoints.md");

    static List<PublishedCheckpoint> checkpoints() {
        return PublishedCheckpoint.all();
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void publishedBytesAreThoseOfTheFormulaAndOfWhatIsExplained(PublishedCheckpoint checkpoint) {
        long sum = checkpoint.formula() + checkpoint.explained();
        long entries = checkpoint.entriesAtMost() + checkpoint.entriesOfTerm();
        assertThat(checkpoint.published())
                .as(checkpoint.model())
                .isBetween(sum - checkpoint.rounding(), sum + entries + checkpoint.rounding());
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void whatNeedsNoExplanationHasNone(PublishedCheckpoint checkpoint) {
        long formula = checkpoint.formula();
        boolean equal = checkpoint.published() >= formula - checkpoint.rounding()
                && checkpoint.published() <= formula + checkpoint.entriesAtMost() + checkpoint.rounding();
        assertThat(checkpoint.term().isPresent()).as(checkpoint.model()).isEqualTo(!equal);
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void whatIsNotExplainedIsKnownToTheByte(PublishedCheckpoint checkpoint) {
        if (checkpoint.term().equals(Optional.of(Term.UNEXPLAINED))) {
            assertThat(checkpoint.explained())
                    .as(checkpoint.model())
                    .isEqualTo(checkpoint.published() - checkpoint.formula());
        }
    }

    @Test
    void everyDifferenceBelongsToACheckpointAndStandsOnce() {
        assertThat(PublishedCheckpoint.modelsThatDiffer())
                .doesNotHaveDuplicates()
                .isSubsetOf(
                        checkpoints().stream().map(PublishedCheckpoint::model).collect(Collectors.toList()));
    }

    @Test
    void entriesOfFilesAreSmallBesideTheTensors() {
        assertThat(checkpoints()).allMatch(checkpoint -> checkpoint.entriesAtMost() < checkpoint.published() / 5_000);
    }

    @Test
    void thePageShowsWhatTheTestHolds() throws IOException {
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(PAGE, page());
        }
        assertThat(Files.readString(PAGE)).isEqualTo(page());
    }

    private static String page() {
        StringBuilder page = new StringBuilder();
        page.append("# Checkpoints\n\n## Published checkpoints against the formula\n\n");
        page.append("The formula is `WeightMemory.checkpointBytes`: shapes from the catalogue, times the bytes of the")
                .append(" stored format of each tensor, prediction blocks and\n")
                .append(
                        "their copies included. The published figure is a sum of files, rounded to 0.01 GiB, or the exact")
                .append(" `total_size` of an index. Files also hold an entry for\n")
                .append("each tensor, in a header and in the index; the last column bounds these from the tensors'")
                .append(" names. Every row is a test: the published figure lies\n")
                .append("between formula and formula with entries, within its own rounding, once what the second table")
                .append(" computes is added.\n\n")
                .append(
                        "Where the config at hand lacks its quantisation (`fp8-tensor-static`, `int4-g32`), the scheme is the")
                .append(" family's usual one and not read from the checkpoint.\n\n");
        page.append("| checkpoint | stored as | published | formula | published - formula | entries, at most | |\n")
                .append("|---|---|---|---|---|---|---|\n");
        for (PublishedCheckpoint one : checkpoints()) {
            page.append(String.format(
                    Locale.ROOT,
                    "| %s | `%s` | %,d%s | %,d | %,d | %,d | %s |%n",
                    one.model(),
                    one.scheme(),
                    one.published(),
                    one.isExact() ? " exactly" : "",
                    one.formula(),
                    one.published() - one.formula(),
                    one.entriesAtMost(),
                    one.term()
                            .map(term -> term == Term.UNEXPLAINED ? "unexplained" : "explained")
                            .orElse("equal")));
        }
        page.append("\n### What lies between\n\nComputed by the test from the model's own tensors:\n\n")
                .append("| checkpoint | what | bytes |\n|---|---|---|\n");
        rows(page, false);
        page.append(
                "\nNot explained by arithmetic, and listed so:\n\n| checkpoint | what is known | bytes |\n|---|---|---|\n");
        rows(page, true);
        page.append("\n### Sources\n\n");
        checkpoints().stream()
                .collect(Collectors.groupingBy(PublishedCheckpoint::source, TreeMap::new, Collectors.counting()))
                .forEach((source, count) -> page.append(String.format(Locale.ROOT, "- %s: %d%n", source, count)));
        return page.toString().replace(System.lineSeparator(), "\n");
    }

    private static void rows(StringBuilder page, boolean unexplained) {
        for (PublishedCheckpoint one : checkpoints()) {
            one.term()
                    .filter(term -> (term == Term.UNEXPLAINED) == unexplained)
                    .ifPresent(term -> page.append(String.format(
                            Locale.ROOT, "| %s | %s | %,d |%n", one.model(), one.why(), one.explained())));
        }
    }
}
