package io.llmsizing.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.calibration.LoadedCalibration.Line;
import io.llmsizing.calibration.Prediction.Estimate;
import io.llmsizing.engine.LoadedKind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Made-up residuals: 1,000 GB are predicted, so that the last printed digit is 5 parts per million. */
class LoadedCalibrationTest {
    private static final ModelFamily DENSE = new ModelFamily(ModelFamily.Cache.FULL, false);
    private static final long PREDICTED = 1_000_000_000_000L;

    private final List<Residual> residuals = new ArrayList<>();

    private void row(String engine, String version, LoadedKind kind, long observed) {
        residuals.add(new Residual(
                Rows.one("id", "row " + residuals.size(), "engine", engine, "version", version),
                DENSE,
                kind,
                Term.LOADED,
                Estimate.exact(PREDICTED),
                observed));
    }

    /** Off by so many parts per million. */
    private void rows(String engine, String version, LoadedKind kind, long... off) {
        for (long each : off) {
            row(engine, version, kind, PREDICTED + each * 1_000_000);
        }
    }

    private Line line(String engine, String since, LoadedKind kind) {
        return LoadedCalibration.of(residuals).lines().stream()
                .filter(line -> line.engine().equals(engine) && line.since().equals(since) && line.kind() == kind)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void anEnginesOwnRowsMakeItsBandAndVersionsHaveTheirOwn() {
        rows("vllm", "0.7.3", LoadedKind.PLAIN, 0, 100, 400);
        rows("vllm", "0.8.0", LoadedKind.PLAIN, -200, 0, 0);
        rows("vllm", "", LoadedKind.PLAIN, 1_000);
        Line old = line("vllm", "0.6", LoadedKind.PLAIN);
        assertThat(old.band()).isEqualTo(new ErrorBand(3, 1_000_100, 999_950, 1_000_550));
        assertThat(old.of()).isEqualTo("vllm since 0.6");
        assertThat(line("vllm", "0.8", LoadedKind.PLAIN).band())
                .isEqualTo(new ErrorBand(4, 1_000_000, 999_700, 1_001_500));
    }

    /** Each of the four left out, the others say: 0 is inside; -200, 0 and 1,000 are beyond what they widen to. */
    @Test
    void whatWasLeftOutIsHeldAgainstTheOthers() {
        rows("vllm", "0.8.0", LoadedKind.PLAIN, -200, 0, 0, 1_000);
        Line line = line("vllm", "0.8", LoadedKind.PLAIN);
        assertThat(line.own()).isEqualTo(4);
        assertThat(line.heldOut()).isEqualTo(2);
    }

    @Test
    void fewerThanThreeOwnRowsTakeThoseOfAllEngines() {
        rows("vllm", "0.8.0", LoadedKind.PLAIN, -200, 0, 0, 100);
        rows("sglang", "0.5.4", LoadedKind.PLAIN, 0, 400);
        Line line = line("sglang", "0.4", LoadedKind.PLAIN);
        assertThat(line.shared()).isTrue();
        assertThat(line.of()).isEqualTo("all engines");
        assertThat(line.band()).isEqualTo(new ErrorBand(6, 1_000_000, 999_700, 1_000_600));
        assertThat(line.own()).isEqualTo(2);
        assertThat(line("transformers", "4.36", LoadedKind.PLAIN).own()).isZero();
        assertThat(line("vllm", "0.8", LoadedKind.PLAIN).shared()).isFalse();
    }

    /** An engine's kernels are its own: what one of them loads says nothing of another that has rows enough. */
    @ParameterizedTest
    @EnumSource(
            value = LoadedKind.class,
            mode = Mode.EXCLUDE,
            names = {"UNIFIED_MEMORY", "OTHER_VENDOR"})
    void anotherEnginesRowDoesNotWidenABandThatHasRowsOfItsOwn(LoadedKind kind) {
        rows("vllm", "0.19.0", kind, -20_000, -10_000, -10_000);
        rows("sglang", "", kind, 170_000);
        Line vllm = line("vllm", "0.8", kind);
        assertThat(vllm.shared()).isFalse();
        assertThat(vllm.band()).isEqualTo(new ErrorBand(3, 990_000, 975_000, 1_000_000));
        Line sglang = line("sglang", "0.4", kind);
        assertThat(sglang.shared()).isTrue();
        assertThat(sglang.band()).isEqualTo(new ErrorBand(4, 990_000, 975_000, 1_260_000));
    }

    @Test
    void devicesAreOffByBytes() {
        row("vllm", "0.9", LoadedKind.OTHER_VENDOR, PREDICTED + 300_000_000);
        Line line = line("vllm", "0.8", LoadedKind.OTHER_VENDOR);
        assertThat(line.band()).isEqualTo(new ErrorBand(1, 0, 0, 450_000_000));
        assertThat(line.unit()).isEqualTo("bytes beside");
        assertThat(line.own()).isZero();
    }

    @Test
    void theLastPrintedDigitIsNoMiss() {
        for (long observed : new long[] {0, 0, 0, Residual.PRINTED_WITHIN}) {
            row("vllm", "0.9", LoadedKind.OTHER_VENDOR, PREDICTED + observed);
        }
        assertThat(line("vllm", "0.8", LoadedKind.OTHER_VENDOR).heldOut()).isEqualTo(4);
        row("vllm", "0.9", LoadedKind.OTHER_VENDOR, PREDICTED + 3 * Residual.PRINTED_WITHIN);
        assertThat(line("vllm", "0.8", LoadedKind.OTHER_VENDOR).heldOut()).isEqualTo(4);
    }

    @Test
    void theTableIsWritten() {
        rows("vllm", "0.8.0", LoadedKind.PLAIN, -200, 0, 300);
        assertThat(LoadedCalibration.of(residuals).csv())
                .startsWith("engine,since,kind,rows,low,high,unit,of\n")
                .contains("\nvllm,0.8,plain,3,999700,1000450,parts per million,vllm since 0.8\n")
                .contains("\nsglang,0.4,plain,3,999700,1000450,parts per million,all engines\n");
    }

    @Test
    void otherFiguresAndEnginesDoNotCount() {
        residuals.add(
                new Residual(Rows.one(), DENSE, LoadedKind.PLAIN, Term.RUNTIME, Estimate.exact(PREDICTED), PREDICTED));
        rows("lmdeploy", "0.8", LoadedKind.PLAIN, 0);
        assertThat(LoadedCalibration.of(residuals).lines()).isEmpty();
    }
}
