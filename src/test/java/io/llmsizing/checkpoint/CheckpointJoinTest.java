package io.llmsizing.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.ledger.TotalLedger;
import io.llmsizing.model.Model;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.parallel.Rank;
import io.llmsizing.quantization.BlockFormat;
import io.llmsizing.quantization.Formats;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.weights.WeightMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the formula says is stored is found again, whatever the format, and no byte gets lost or counted twice. */
class CheckpointJoinTest {
    private static final Catalog CATALOG = Catalog.bundled();

    static Stream<String> models() {
        return CATALOG.modelIds().stream();
    }

    @ParameterizedTest
    @MethodSource("models")
    void aCheckpointAfterTheFormulaIsTheFormula(String id) {
        Model model = CATALOG.model(id);
        List<StoredTensor> stored = StoredModels.of(model);
        CheckpointReading reading = CheckpointJoin.join(model, stored);
        assertThat(reading.unexpected()).isEmpty();
        assertThat(reading.missing()).isEmpty();
        assertThat(reading.notLoaded()).isEmpty();
        assertThat(reading.bytes()).isEqualTo(reading.formulaBytes());
        assertThat(bytesOfRank(reading.model())).isEqualTo(bytesOfRank(model));
    }

    @Test
    void whatIsToldByItsSizeAloneIsSaid() {
        Model model = CATALOG.model("meta-llama/Llama-3.1-8B");
        List<StoredTensor> stored = new ArrayList<>(StoredModels.of(model));
        assertThat(assumptions(model, stored)).doesNotContain("told by size");
        stored.replaceAll(tensor -> tensor.name().equals("model.layers.7.mlp.down_proj.weight")
                ? new StoredTensor("model.layers.7.other", tensor.type(), tensor.shape(), tensor.bytes(), "f", 0)
                : tensor);
        assertThat(assumptions(model, stored))
                .contains("tensors told by size", "1, such as model.layers.7.other as mlp.down_proj.weight;");
    }

    @Test
    void aLayerMoreThanTheConfigSaysIsCountedUnlessItPredicts() {
        Model model = CATALOG.model("meta-llama/Llama-3.1-8B");
        List<StoredTensor> stored = new ArrayList<>(StoredModels.of(model));
        List<StoredTensor> another = stored.stream()
                .filter(tensor -> tensor.name().startsWith("model.layers.31."))
                .map(tensor -> renamed(tensor, tensor.name().replace(".31.", ".32.")))
                .toList();
        stored.addAll(another);
        CheckpointReading reading = CheckpointJoin.join(model, stored);
        assertThat(reading.unexpected()).containsExactlyInAnyOrderElementsOf(another);
        assertThat(reading.notLoaded()).isEmpty();
        assertThat(reading.bytes()).isEqualTo(bytes(stored));
        stored.add(new StoredTensor(
                "model.layers.32.eh_proj.weight", Formats.BF16, List.of(4096L, 8192L), 4096 << 14, "f", 0));
        assertThat(CheckpointJoin.join(model, stored).notLoaded()).hasSize(another.size() + 1);
    }

    private static StoredTensor renamed(StoredTensor tensor, String name) {
        return new StoredTensor(name, tensor.type(), tensor.shape(), tensor.bytes(), tensor.file(), tensor.offset());
    }

    private static long bytes(List<StoredTensor> tensors) {
        return tensors.stream().mapToLong(StoredTensor::bytes).sum();
    }

    private static String assumptions(Model model, List<StoredTensor> stored) {
        return CheckpointJoin.join(model, stored).model().assumptions().toString();
    }

    @Test
    @Timeout(20)
    void tensorsThatNobodyExpectsAreJoinedInTheTimeThatTheyTakeToRead() {
        Model model = CATALOG.model("deepseek-ai/DeepSeek-V3");
        List<StoredTensor> stored = new ArrayList<>();
        for (int i = 1; i <= 1 << 16; i++) {
            stored.add(new StoredTensor("x." + i, BlockFormat.of("u8", 1, 1), List.of((long) i), i, "f", 0));
            stored.add(
                    new StoredTensor("model.layers.3.x" + i, Formats.BF16, List.of(7168L, 2048L), 7168 << 12, "f", 0));
        }
        assertThat(CheckpointJoin.join(model, stored).bytes())
                .isEqualTo(stored.stream().mapToLong(StoredTensor::bytes).sum());
    }

    private static long bytesOfRank(Model model) {
        WeightScheme weights = model.weights();
        TotalLedger total = new TotalLedger();
        WeightMemory.account(total, Rank.of(model, ParallelLayout.tensor(2), 0, true, 1), weights);
        return total.bytes();
    }
}
