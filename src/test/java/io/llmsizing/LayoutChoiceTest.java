package io.llmsizing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.engine.Engines;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.quantization.WeightSchemes;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What is left open of a layout is chosen well, and what is fixed stays. */
class LayoutChoiceTest {
    private static final Catalog CATALOG = Catalog.bundled();

    private static ParallelLayout chosen(String model, String cluster, LayoutRequest request) {
        return Deployment.builder(CATALOG.model(model), Cluster.parse(cluster, CATALOG))
                .layout(request)
                .build()
                .layout();
    }

    private static LayoutRequest request(int tensor, int pipeline) {
        return new LayoutRequest(
                tensor == 0 ? OptionalInt.empty() : OptionalInt.of(tensor),
                pipeline == 0 ? OptionalInt.empty() : OptionalInt.of(pipeline),
                OptionalInt.empty(),
                Optional.empty());
    }

    @Test
    void tensorParallelismComesBeforeStages() {
        assertThat(chosen("deepseek-r1", "8xH200", LayoutRequest.ANY)).isEqualTo(ParallelLayout.tensor(8));
    }

    @Test
    void noMoreStagesAreTakenThanFitForSure() {
        ParallelLayout layout = chosen("deepseek-r1", "4x8xA100-80GB", LayoutRequest.ANY);
        assertThat(layout.tensor()).isEqualTo(8);
        assertThat(layout.pipeline()).isEqualTo(2);
    }

    @Test
    void whatIsFixedStaysAndTheRestUsesTheDevices() {
        assertThat(chosen("deepseek-r1", "8xH200", request(0, 2)))
                .isEqualTo(ParallelLayout.tensor(4).pipeline(2));
        assertThat(chosen("deepseek-r1", "2x8xH200", request(4, 0)).tensor()).isEqualTo(4);
    }

    @Test
    void headsThatDoNotDivideAreAvoided() {
        assertThat(chosen("qwen2.5-7b", "8xH100", LayoutRequest.ANY).tensor()).isEqualTo(4);
    }

    @Test
    void expertsAreDealtOutWhereTheyCanNotBeCut() {
        ParallelLayout layout = Deployment.builder(CATALOG.model("qwen3-235b-a22b"), Cluster.parse("8xH200", CATALOG))
                .weights(WeightSchemes.FP8_BLOCK_128)
                .build()
                .layout();
        assertThat(layout).isEqualTo(ParallelLayout.tensor(8).expert(true));
    }

    private static Deployment underLlamaCpp(String model, String cluster, LayoutRequest request) {
        return Deployment.builder(CATALOG.model(model), Cluster.parse(cluster, CATALOG))
                .engine(Engines.llamaCpp())
                .layout(request)
                .build();
    }

    @Test
    void anEngineThatSpreadsLayersTakesAStageOnEachDevice() {
        assertThat(underLlamaCpp("llama-3.1-8b", "4xL40S", LayoutRequest.ANY).layout())
                .isEqualTo(ParallelLayout.SINGLE.pipeline(4));
        assertThat(underLlamaCpp("llama-3.1-8b", "2x4xL40S", LayoutRequest.ANY).layout())
                .isEqualTo(ParallelLayout.SINGLE.pipeline(4));
        assertThat(underLlamaCpp("llama-3.1-8b", "4xL40S", request(1, 2)).layout())
                .isEqualTo(ParallelLayout.SINGLE.pipeline(2));
        assertThat(underLlamaCpp("llama-3.1-8b", "L40S", LayoutRequest.ANY).layout())
                .isEqualTo(ParallelLayout.SINGLE);
    }

    @Test
    void layersAreSpreadOverNodesWhereOneNodeIsTooSmall() {
        Deployment deployment = underLlamaCpp("deepseek-r1", "4x8xA100-80GB", LayoutRequest.ANY);
        assertThat(deployment.layout()).isEqualTo(ParallelLayout.SINGLE.pipeline(32));
        assertThat(deployment.assumptions().toString()).contains("32 stages cross nodes of 8 devices");
    }

    @Test
    void anEngineThatCutsNoLayerRefusesTensorParallelismAndSaysWhatToDo() {
        assertThatExceptionOfType(InvalidLayoutException.class)
                .isThrownBy(() -> underLlamaCpp("llama-3.1-8b", "4xL40S", request(4, 0)))
                .withMessageContaining("tp4")
                .withMessageContaining("llama.cpp")
                .withMessageContaining("pipeline stages");
    }
}
