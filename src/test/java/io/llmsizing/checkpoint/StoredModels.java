package io.llmsizing.checkpoint;

import io.llmsizing.model.Model;
import io.llmsizing.model.TensorBlock;
import io.llmsizing.quantization.BlockFormat;
import io.llmsizing.tensor.WeightTensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The checkpoints that models of the catalogue would be published as, after the formula. */
final class StoredModels {
    private StoredModels() {}

    /** Every part of every tensor; those of experts are stacked, as some repositories have them. */
    static List<StoredTensor> of(Model model) {
        List<StoredTensor> stored = new ArrayList<>();
        Map<Integer, TensorBlock> groups = new HashMap<>();
        for (TensorBlock block : model.blocks()) {
            switch (block.part()) {
                case LAYERS -> groups.put(block.group(), block);
                case SPECULATIVE, SPECULATIVE_COPIES -> {
                    for (int depth = 0; depth < block.count(); depth++) {
                        add(stored, model, block, "model.mtp.layers." + depth + ".", "");
                    }
                }
                case VISION -> add(stored, model, block, "vision_tower.", "");
                default -> add(stored, model, block, block.name().equals("output") ? "" : "model.", "");
            }
        }
        for (int layer = 0; layer < model.layers().size(); layer++) {
            add(stored, model, groups.get(model.layers().groupOf(layer)), "model.layers." + layer + ".", "");
        }
        return stored;
    }

    private static void add(List<StoredTensor> stored, Model model, TensorBlock block, String front, String behind) {
        for (WeightTensor tensor : block.tensors()) {
            BlockFormat format = model.weights().formatOf(block.name(), tensor);
            String module = front + tensor.name().replace(".N.", ".") + behind;
            for (BlockFormat.Part part : format.parts()) {
                boolean elements = part.name().equals("weight");
                String name = elements ? module : module.replaceFirst("\\.weight$", "") + "." + part.name();
                long rows = part.rowTiles(tensor.rows());
                long columns = part.columnTiles(tensor.rows(), tensor.columns());
                stored.add(tensor(name, format, part, tensor.count(), rows, columns));
            }
        }
    }

    private static StoredTensor tensor(
            String name, BlockFormat format, BlockFormat.Part part, long count, long rows, long columns) {
        boolean plain = format.parts().size() == 1;
        BlockFormat type = plain ? format : BlockFormat.of("b" + part.bytes(), 1, part.bytes());
        List<Long> shape = plain ? List.of(count, rows, columns * part.columns()) : List.of(count, rows, columns);
        return new StoredTensor(name, type, shape, count * rows * columns * part.bytes(), "model.safetensors", 0);
    }
}
