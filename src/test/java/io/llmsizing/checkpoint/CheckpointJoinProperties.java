package io.llmsizing.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.model.Model;
import io.llmsizing.quantization.BlockFormat;
import io.llmsizing.quantization.Formats;
import io.llmsizing.weights.WeightMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Whatever a checkpoint holds beside, instead or without what its config says: every byte is in the model, or not loaded. */
class CheckpointJoinProperties {
    private static final List<String> MODELS = List.of(
            "HuggingFaceTB/SmolLM-135M",
            "Qwen/Qwen3-30B-A3B",
            "deepseek-ai/DeepSeek-V3",
            "google/gemma-3-12b-it",
            "facebook/bart-large",
            "state-spaces/mamba2-130m",
            "openai/gpt-oss-20b");

    private static final List<BlockFormat> TYPES = List.of(
            Formats.BF16,
            Formats.FP32,
            BlockFormat.of("u8", 1, 1),
            BlockFormat.of("q4_k", 256, 144),
            BlockFormat.of("f4", 2, 1));

    private static final List<String> NAMES = List.of(
            "embed_tokens.weight",
            "embed_positions.weight",
            "lm_head.weight",
            "norm.weight",
            "model.layers.0.mlp.up_proj.weight",
            "layers.0.layernorm.weight",
            "model.layers.999999.x",
            "model.layers.1.0.2.weight",
            "a..b",
            ".",
            "7",
            "decoder.layers.3.self_attn.q_proj.weight_scale",
            "model.mtp.layers.0.eh_proj.weight",
            "vision_tower.encoder.layers.0.fc1.weight",
            "x.qweight",
            "x.scales");

    @Property(tries = 300)
    void noByteIsLostAndNoneIsCountedTwice(
            @ForAll @IntRange(min = 0, max = 6) int which, @ForAll long seed, @ForAll @IntRange(max = 40) int changes) {
        Model model = Catalog.bundled().model(MODELS.get(which));
        List<StoredTensor> stored = changed(StoredModels.of(model), new Random(seed), changes);
        CheckpointReading reading = CheckpointJoin.join(model, stored);
        long all = stored.stream().mapToLong(StoredTensor::bytes).sum();
        long left = reading.notLoaded().stream().mapToLong(StoredTensor::bytes).sum();
        assertThat(reading.bytes()).isEqualTo(all);
        assertThat(WeightMemory.checkpointBytes(reading.model(), reading.model().weights()) + left)
                .isEqualTo(all);
    }

    private static List<StoredTensor> changed(List<StoredTensor> tensors, Random random, int changes) {
        List<StoredTensor> changed = new ArrayList<>(tensors);
        for (int i = 0; i < changes && !changed.isEmpty(); i++) {
            int at = random.nextInt(changed.size());
            StoredTensor old = changed.get(at);
            switch (random.nextInt(5)) {
                case 0 -> changed.remove(at);
                case 1 -> changed.set(at, tensor(old.name(), random));
                case 2 -> changed.add(tensor(NAMES.get(random.nextInt(NAMES.size())), random));
                case 3 -> changed.add(tensor(old.name() + "." + random.nextInt(3), random));
                default ->
                    changed.set(
                            at,
                            new StoredTensor(
                                    NAMES.get(random.nextInt(NAMES.size())) + i,
                                    old.type(),
                                    old.shape(),
                                    old.bytes(),
                                    old.file(),
                                    0));
            }
        }
        return changed;
    }

    private static StoredTensor tensor(String name, Random random) {
        BlockFormat type = TYPES.get(random.nextInt(TYPES.size()));
        BlockFormat.Part block = type.parts().get(0);
        List<Long> shape = new ArrayList<>();
        long elements = 1;
        for (int side = random.nextInt(4); side > 0; side--) {
            shape.add((long) random.nextInt(64));
            elements *= shape.get(shape.size() - 1);
        }
        shape.add(block.columns() * (1 + random.nextInt(8)));
        elements *= shape.get(shape.size() - 1);
        return new StoredTensor(name, type, shape, elements / block.columns() * block.bytes(), "f", 0);
    }
}
