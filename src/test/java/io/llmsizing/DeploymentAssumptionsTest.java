package io.llmsizing;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.ledger.Assumption;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeploymentAssumptionsTest {
    private static final Catalog CATALOG = Catalog.bundled();

    private static String about(String subject, String model, String cluster) {
        return String.join(
                "; ",
                Deployment.builder(CATALOG.model(model), Cluster.parse(cluster, CATALOG)).build().assumptions().stream()
                        .map(Assumption::toString)
                        .filter(text -> text.startsWith(subject + ": "))
                        .toList());
    }

    @ParameterizedTest
    @CsvSource({
        "openai/gpt-oss-20b, H100-SXM, NVIDIA H100 SXM5 80GB has no mxfp4 arithmetic",
        "deepseek-ai/DeepSeek-R1, 2x8xA100-SXM4-80GB, NVIDIA A100 SXM4 80GB has no fp8 arithmetic",
        "meta-llama/Llama-3.1-8B, V100-SXM2-32GB, NVIDIA V100 SXM2 32GB has no bf16 arithmetic"
    })
    void weightsThatTheDeviceDoesNotMultiplyAsTheyAreAreSaid(String model, String cluster, String said) {
        assertThat(about("arithmetic", model, cluster)).contains(said);
    }

    @ParameterizedTest
    @CsvSource({"openai/gpt-oss-20b, B200", "meta-llama/Llama-3.1-8B, H100-SXM", "deepseek-ai/DeepSeek-R1, 8xH100-SXM"})
    void thoseThatItDoesAreNot(String model, String cluster) {
        assertThat(about("arithmetic", model, cluster)).isEmpty();
    }
}
