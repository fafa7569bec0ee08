package io.llmsizing.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.calibration.Calibrator;
import io.llmsizing.calibration.Calibrator.Group;
import io.llmsizing.calibration.Comparison;
import io.llmsizing.calibration.ErrorBand;
import io.llmsizing.calibration.ObservationTable;
import io.llmsizing.calibration.ObservationTable.LeftOut;
import io.llmsizing.calibration.Residual;
import io.llmsizing.calibration.Term;
import io.llmsizing.catalog.Catalog;
import io.llmsizing.document.Bundled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * What is predicted of all observed setups, and whether the bands that decide verdicts hold what was printed. The page that
 * shows it is written by {@code -Dgolden.update=true} and held by this test.
 */
class AccuracyPageTest {
    private static final Path PAGE = Path.of("src", "site", "markdown", "accuracy.md");
    private static final Path PROSE = Path.of("src", "test", "resources", "io", "llmsizing", "report", "accuracy.md");
    private static final Set<Term> ESTIMATED = EnumSet.of(Term.ACTIVATION, Term.RUNTIME, Term.GRAPHS);
    private static final int PERCENT_COVERED = 90;

    private static final List<Comparison> COMPARED = PredictedSetups.of(ObservationTable.bundled(), Catalog.bundled());

    /** Figures outside a band for a cause that is known, which no band shall be drawn around. */
    private static final Map<String, String> KNOWN_CAUSES = knownCauses();

    private static Map<String, String> knownCauses() {
        Map<String, String> causes = new TreeMap<>();
        Bundled.rows(AccuracyPageTest.class, "outside-bands.csv", List.of("row", "term", "cause"))
                .forEach(row -> causes.put(row.required("row") + " " + row.required("term"), row.required("cause")));
        return causes;
    }

    private static String name(Residual residual) {
        return residual.observation().id() + " " + residual.term().label();
    }

    @Test
    void statedBandsHoldNineOfTenPrintedFigures() {
        Calibrator.byTerm(AccuracyTables.residuals(COMPARED)).forEach((group, all) -> {
            List<Residual> residuals = all.stream()
                    .filter(residual -> !KNOWN_CAUSES.containsKey(name(residual)))
                    .toList();
            if (ESTIMATED.contains(group.term()) && residuals.size() >= ErrorBand.ENOUGH) {
                assertThat(100L * residuals.stream().filter(Residual::isCovered).count())
                        .as("%s; outside: %s", group, outside(residuals))
                        .isGreaterThanOrEqualTo((long) PERCENT_COVERED * residuals.size());
            }
        });
    }

    private static List<String> outside(List<Residual> residuals) {
        return residuals.stream()
                .filter(residual -> !residual.isCovered())
                .map(residual -> name(residual) + ": " + residual.predicted() + ", printed " + residual.observed())
                .toList();
    }

    @Test
    void whatHasAKnownCauseIsOutsideStillElseItsLineIsToBeStruck() {
        assertThat(AccuracyTables.residuals(COMPARED).stream()
                        .filter(residual -> !residual.isCovered())
                        .map(AccuracyPageTest::name))
                .containsAll(KNOWN_CAUSES.keySet());
    }

    @Test
    void enoughFiguresAreComparedForThatToMeanSomething() {
        assertThat(Calibrator.byTerm(AccuracyTables.residuals(COMPARED)).entrySet())
                .filteredOn(entry -> entry.getKey().engine().equals("vllm"))
                .filteredOn(entry -> entry.getValue().size() >= ErrorBand.ENOUGH)
                .extracting(entry -> entry.getKey().term())
                .contains(Term.LOADED, Term.ACTIVATION, Term.RUNTIME, Term.POOL_BYTES, Term.POOL_TOKENS);
    }

    @Test
    void everyPrintedFigureIsComparedOrHasAReason() {
        for (Comparison compared : COMPARED) {
            int printed = compared.observation().printed().size();
            if (compared.prediction().isPresent()) {
                assertThat(compared.residuals().size() + compared.notCompared().size())
                        .as(compared.observation().id())
                        .isEqualTo(printed);
            } else {
                assertThat(compared.refusal()).isNotBlank();
            }
        }
    }

    @Test
    void everyRowIsListed() {
        String text = AccuracyReport.text(COMPARED, true);
        assertThat(COMPARED)
                .allSatisfy(row -> assertThat(text).contains(row.observation().id()));
    }

    @Test
    void bandsComeFromTheGroupsThatAreListed() {
        var groups = Calibrator.byFamily(AccuracyTables.residuals(COMPARED));
        assertThat(groups.keySet()).containsAll(Calibrator.bands(groups).keySet());
        assertThat(Calibrator.bands(groups))
                .allSatisfy((group, band) -> assertThat(band.count())
                        .isEqualTo(groups.getOrDefault(group, List.of()).size())
                        .isGreaterThanOrEqualTo(ErrorBand.LEAST));
        assertThat(groups.keySet()).extracting(Group::family).allMatch(Optional::isPresent);
    }

    @Test
    void thePageShowsWhatTheTestHolds() throws IOException {
        String page = Files.readString(PROSE)
                .replace("{sums}\n", markdown(AccuracyTables.sums(COMPARED)))
                .replace("{verdicts}\n", markdown(AccuracyTables.verdicts(COMPARED)))
                .replace("{wrong}\n", list(AccuracyTables.wrongVerdicts(COMPARED)))
                .replace("{loaded}\n", markdown(AccuracyTables.loaded(COMPARED)))
                .replace("{bands}\n", markdown(AccuracyTables.bands(COMPARED)))
                .replace(
                        "{known causes}\n",
                        list(KNOWN_CAUSES.entrySet().stream()
                                .map(cause -> cause.getKey() + ": " + cause.getValue())
                                .toList()))
                .replace("{refusals}\n", list(AccuracyTables.refusals(COMPARED)))
                .replace(
                        "{left out}\n",
                        list(ObservationTable.leftOut().stream()
                                .map(AccuracyPageTest::leftOut)
                                .toList()))
                .replace("{rows}\n", markdown(AccuracyTables.rows(COMPARED)));
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(PAGE, page);
        }
        assertThat(Files.readString(PAGE)).isEqualTo(page);
    }

    private static String leftOut(LeftOut left) {
        return left.observation().id() + " "
                + AccuracyTables.setup(left.observation().setup()) + ": " + left.reason() + " ("
                + left.observation().source() + ")";
    }

    private static String markdown(List<List<String>> table) {
        StringBuilder text = new StringBuilder();
        for (List<String> row : table) {
            text.append("| ")
                    .append(String.join(" | ", row).replace("<=", "&le;"))
                    .append(" |\n");
            if (text.indexOf("|---") < 0) {
                text.append("|---".repeat(row.size())).append("|\n");
            }
        }
        return text.toString();
    }

    private static String list(List<String> lines) {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line.startsWith("  ") ? "  - " : "- ")
                .append(line.strip())
                .append('\n'));
        return text.toString();
    }
}
