package io.llmsizing.reader;

import io.llmsizing.tensor.TensorInventory;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/** The encoders that several architectures share, by the {@code model_type} of their own config. */
final class ImageEncoders {
    private static final Map<String, BiConsumer<ClassKeys, TensorInventory>> BY_TYPE = Map.of(
            "clip_vision_model", ClipTowers::clip,
            "siglip_vision_model", ClipTowers::siglip,
            "siglip2_vision_model", ClipTowers::siglip2,
            "pixtral", PixtralTower::write,
            "intern_vit_6b", InternVitTowers::original,
            "internvl_vision", InternVitTowers::ported,
            "interns1_vision", InternVitTowers::ported,
            "qianfan_ocr_vision", InternVitTowers::ported);

    private ImageEncoders() {}

    /** Writes down the encoder of a part, or refuses it by its type. */
    static void write(ClassKeys keys, TensorInventory tower) {
        BiConsumer<ClassKeys, TensorInventory> encoder = BY_TYPE.get(keys.type());
        if (encoder == null) {
            throw keys.unsupported("model_type", "not known as an encoder; known: " + new TreeSet<>(BY_TYPE.keySet()));
        }
        tower.under("vision_tower", inner -> encoder.accept(keys, inner));
    }
}
