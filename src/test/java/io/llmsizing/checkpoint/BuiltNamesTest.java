package io.llmsizing.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.document.Bundled;
import io.llmsizing.document.JsonObject;
import io.llmsizing.document.JsonReader;
import io.llmsizing.ledger.TotalLedger;
import io.llmsizing.model.Model;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.parallel.Rank;
import io.llmsizing.quantization.Formats;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.quantization.WeightSchemes;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.weights.WeightMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tensors are recognised under the names that the classes of the transformers library give them, one model of each type:
 * fused or apart, experts stacked or not, whatever stands in front. What a rank holds is then what the formula says.
 */
class BuiltNamesTest {
    private static final Catalog CATALOG = Catalog.bundled();

    static Stream<JsonObject> built() {
        return Bundled.lines(BuiltNamesTest.class, "built-names.jsonl").stream()
                .map(line -> JsonReader.read(line, "built-names.jsonl"))
                .filter(line -> line.has("type"));
    }

    @ParameterizedTest
    @MethodSource("built")
    void everyTensorIsFound(JsonObject line) {
        Model model = CATALOG.model(line.requiredText("model"));
        CheckpointReading reading = CheckpointJoin.join(model, tensors(line));
        assertThat(reading.unexpected()).isEmpty();
        assertThat(reading.missing())
                .allMatch(absent -> absent.tensor().role() == TensorRole.ROUTER_BIAS, "only buffers may be missing");
        if (reading.missing().isEmpty()) {
            assertThat(bytesOfRank(reading.model(), reading.model().weights()))
                    .isEqualTo(bytesOfRank(model, WeightSchemes.BF16));
        }
    }

    private static List<StoredTensor> tensors(JsonObject line) {
        List<StoredTensor> tensors = new ArrayList<>();
        for (JsonObject tensor : line.objects("tensors")) {
            List<Long> shape = tensor.wholes("shape", 1, 1L << 40);
            for (long copy = 0; copy < tensor.whole("copies", 1, 1 << 14); copy++) {
                String name = Stream.of(tensor.requiredText("name").split("\\.", -1))
                        .map(copy(copy))
                        .collect(Collectors.joining("."));
                long bytes = 2 * shape.stream().reduce(1L, Math::multiplyExact);
                tensors.add(new StoredTensor(name, Formats.BF16, shape, bytes, "built", 0));
            }
        }
        return tensors;
    }

    private static UnaryOperator<String> copy(long number) {
        return word -> word.equals("N") ? Long.toString(number) : word;
    }

    private static long bytesOfRank(Model model, WeightScheme weights) {
        TotalLedger total = new TotalLedger();
        WeightMemory.account(total, Rank.of(model, ParallelLayout.tensor(2), 0, false, 1), weights);
        return total.bytes();
    }
}
