package io.llmsizing.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.Deployment;
import io.llmsizing.Sizing;
import io.llmsizing.calibration.Comparison;
import io.llmsizing.calibration.Prediction;
import io.llmsizing.calibration.Prediction.Estimate;
import io.llmsizing.calibration.Rows;
import io.llmsizing.calibration.Setup;
import io.llmsizing.calibration.Term;
import io.llmsizing.catalog.Catalog;
import io.llmsizing.engine.Engines;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.ledger.LineItem;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.quantization.CacheFormats;
import io.llmsizing.quantization.WeightSchemes;
import io.llmsizing.units.ByteSize;
import io.llmsizing.units.Ratio;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is predicted of an observed setup is what the library says of the deployment that it is. */
class PredictedSetupsTest {
    private static final Catalog CATALOG = Catalog.bundled();

    private static Comparison compared(String... columnsAndValues) {
        return PredictedSetups.of(List.of(Rows.one(columnsAndValues)), CATALOG).get(0);
    }

    private static long value(Prediction prediction, Term term) {
        return Optional.ofNullable(prediction.terms().get(term)).orElseThrow().value();
    }

    @Test
    void aSetupIsTheDeploymentWithItsFactsSpelledOut() {
        Setup setup = Rows.one(
                        "version", "0.10.2",
                        "weights", "fp8",
                        "cache", "fp8",
                        "devices", "8",
                        "tensor", "8",
                        "expert", "yes",
                        "shape", "deepseek-ai/DeepSeek-V3",
                        "context", "20000",
                        "sequences", "3",
                        "batched_tokens", "4096",
                        "max_sequences", "77",
                        "eager", "yes")
                .setup();
        Deployment deployment = setup.deployment(CATALOG.model(setup.shape()), CATALOG.accelerator("H100-SXM"));
        assertThat(deployment.engine().version()).isEqualTo(Engines.vllm("0.10").version());
        assertThat(deployment.weights())
                .isEqualTo(CATALOG.model("deepseek-ai/DeepSeek-V3").weights());
        assertThat(deployment.cache()).isEqualTo(CacheFormats.FP8_E4M3);
        assertThat(deployment.layout()).isEqualTo(ParallelLayout.tensor(8).expert(true));
        assertThat(deployment.memoryFraction()).isEqualTo(Ratio.of(9, 10));
        assertThat(deployment.cluster())
                .isEqualTo(Cluster.of(CATALOG.accelerator("H100-SXM"), 8, 1)
                        .withUsable(ByteSize.ofBytes(80_000_000_000L)));
        assertThat(deployment.workload().contextTokens()).isEqualTo(20_000);
        assertThat(deployment.workload().sequences()).isEqualTo(3);
        assertThat(deployment.workload().maxBatchedTokens()).hasValue(4_096);
        assertThat(deployment.workload().maxSequences()).hasValue(77);
        assertThat(deployment.isEager()).isTrue();
    }

    @Test
    void termsAreTheSectionsOfTheExplanation() {
        Comparison compared = compared();
        Setup setup = compared.observation().setup();
        Deployment deployment = setup.deployment(CATALOG.model(setup.shape()), CATALOG.accelerator("H100-SXM"));
        LineItem explanation = Sizing.explain(deployment);
        Prediction prediction = compared.prediction().orElseThrow();
        assertThat(value(prediction, Term.LOADED))
                .isEqualTo(explanation.find("weights").orElseThrow().bytes()
                        + explanation.find("loading").orElseThrow().bytes());
        LineItem activation = explanation.find("activation").orElseThrow();
        assertThat(prediction.terms())
                .containsEntry(Term.ACTIVATION, new Estimate(activation.bytes(), activation.low(), activation.high()))
                .doesNotContainKey(Term.GRAPHS);
        assertThat(value(prediction, Term.POOL_BYTES))
                .isEqualTo(deployment.footprint().budget(0)
                        - deployment.footprint().fixedBytes(0));
        assertThat(value(prediction, Term.POOL_TOKENS)).isPositive();
        assertThat(prediction.verdict()).hasValue(Sizing.size(deployment).id());
    }

    /** Logs print what the first rank says; only the last one of a pipeline has the sampler. */
    @Test
    void figuresOfAPipelineAreThoseOfItsFirstStage() {
        Prediction prediction =
                compared("devices", "2", "pipeline", "2").prediction().orElseThrow();
        Prediction single = compared().prediction().orElseThrow();
        assertThat(value(prediction, Term.ACTIVATION)).isLessThan(value(single, Term.ACTIVATION));
        assertThat(value(prediction, Term.LOADED)).isLessThan(value(single, Term.LOADED) * 6 / 10);
    }

    @Test
    void withoutADeviceWeightsAloneAreSaid() {
        Prediction prediction = compared("accelerator", "").prediction().orElseThrow();
        assertThat(prediction.terms()).containsOnlyKeys(Term.LOADED);
        assertThat(value(prediction, Term.LOADED))
                .isEqualTo(value(compared().prediction().orElseThrow(), Term.LOADED));
        assertThat(prediction.verdict()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "engine, made-up, 'made-up'",
        "version, 0.5.4, older than the facts",
        "tensor, 7, 7",
        "accelerator, H999, H999",
        "weights, fp7, fp7",
        "context, 9999999, 9999999"
    })
    void whatIsRefusedKeepsItsReason(String column, String value, String reason) {
        Comparison compared = compared(column, value);
        assertThat(compared.prediction()).isEmpty();
        assertThat(compared.refusal().replace(",", "")).contains(reason);
    }

    @Test
    void aBareFp8IsTheCheckpointsOwnWhereItHasOne() {
        assertThat(CATALOG.model("deepseek-ai/DeepSeek-V3").weightsNamed("FP8").name())
                .isEqualTo("fp8-block-128");
        assertThat(CATALOG.model("meta-llama/Llama-3.1-8B-Instruct").weightsNamed("fp8"))
                .isEqualTo(WeightSchemes.named("fp8"));
    }
}
