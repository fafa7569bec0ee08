package io.llmsizing.reader;

import static java.util.Map.entry;

import io.llmsizing.model.VisionTower;
import io.llmsizing.tensor.TensorInventory;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Image and sound encoders with their projectors, by the {@code model_type} of the whole model. */
final class VisionTowers {
    /** Writes down the encoders of one architecture. */
    private interface Room {
        void write(ClassKeys outer, TensorInventory tower);
    }

    /** Writes down an encoder that leads into a language model of a width. */
    private interface Encoder {
        void write(ClassKeys keys, TensorInventory tower, long textWidth);
    }

    /** Keys that only a model with an encoder has. */
    private static final Set<String> SIGNS = Set.of(
            "vision_config",
            "audio_config",
            "visual",
            "vision_encoder",
            "audio_encoder",
            "mm_vision_tower",
            "thinker_config",
            "img_processor",
            "audio_processor",
            "encoder_config",
            "speech_config",
            "projector_config",
            "sound_config");

    private static final Map<String, Room> ROOMS = Map.ofEntries(
            entry("llava", Projectors::llava),
            entry("llava_next", Projectors::llavaNext),
            entry("llava_onevision", Projectors::llavaNext),
            entry("llava_next_video", Projectors::llavaNextVideo),
            entry("video_llava", Projectors::videoLlava),
            entry("vipllava", Projectors::vipLlava),
            entry("deepseek_vl", Projectors::deepSeekVl),
            entry("paligemma", Projectors::paliGemma),
            entry("gemma3", Projectors::gemma3),
            entry("aya_vision", Projectors::aya),
            entry("cohere2_vision", Projectors::cohere2),
            entry("lfm2_vl", Projectors::lfm2),
            entry("mistral3", Projectors::mistral3),
            entry("lighton_ocr", Projectors::lightOn),
            entry("mistral_large3", Projectors::mistralNative),
            entry("internvl", (outer, tower) -> Projectors.internVl(outer, tower, outer.textWidth())),
            entry("interns1", (outer, tower) -> Projectors.internVl(outer, tower, outer.textWidth())),
            entry(
                    "internvl_chat",
                    (outer, tower) ->
                            Projectors.internVl(outer, tower, outer.languageSize("llm_config", "hidden_size"))),
            entry("idefics2", IdeficsTowers::resampled),
            entry("idefics3", IdeficsTowers::shuffled),
            entry("smolvlm", IdeficsTowers::shuffled),
            entry("qwen2_vl", vision(QwenTowers::qwen2)),
            entry("qwen2_5_vl", vision(QwenTowers::qwen25)),
            entry("exaone4_5", vision(QwenTowers::qwen25)),
            entry("qwen3_vl", vision(QwenTowers::qwen3)),
            entry("qwen3_vl_moe", vision(QwenTowers::qwen3)),
            entry("qwen3_5", vision(QwenTowers::qwen3)),
            entry("qwen3_5_moe", vision(QwenTowers::qwen3)),
            entry("qwen4_exp", vision(QwenTowers::qwen3)),
            entry("ernie4_5_vl_moe", QwenTowers::ernie),
            entry("glm4v", vision(GlmTowers::glm4)),
            entry("glm4v_moe", vision(GlmTowers::glm4)),
            entry("glm46v", vision(GlmTowers::glm4)),
            entry("glm_ocr", vision(GlmTowers::ocr)),
            entry("glm5_next", vision(GlmTowers::glm5)),
            entry("kimi_vl", into("vision_config", MoonVitTowers::write)),
            entry("kimi_k25", into("vision_config", MoonVitTowers::write)),
            entry("kimi_k3", into("vision_config", MoonVitTowers::kimi3)),
            entry("llama4", into("vision_config", LlamaTowers::llama4)),
            entry("mllama", into("vision_config", LlamaTowers::mllama)),
            entry("deepseek_v41", into("vision_config", DeepSeekTowers::v41)),
            entry("deepseek_vl_v2", DeepSeekTowers::vl2),
            entry("janus", JanusTowers::ported),
            entry("multi_modality", JanusTowers::original),
            entry("gemma3n", both(GemmaTowers::vision3n, GemmaTowers::audio3n)),
            entry("gemma4", whereStated(GemmaTowers::vision, GemmaTowers::audio)),
            entry("gemma4_unified", whereStated(GemmaTowers::unifiedVision, GemmaTowers::unifiedAudio)),
            entry("inkling_mm_model", both(InklingTowers::vision, InklingTowers::audio)),
            entry("voxtral", WhisperTowers::voxtral),
            entry("qwen2_audio", WhisperTowers::qwen2Audio),
            entry("qwen2_5_omni", thinker(WhisperTowers::omni25)),
            entry("qwen2_5_omni_thinker", WhisperTowers::omni25),
            entry("qwen3_omni_moe", thinker(WhisperTowers::omni3)),
            entry("qwen3_omni_moe_thinker", WhisperTowers::omni3),
            entry("minimax_m3_vl", PlainTowers::miniMax),
            entry("muse_glimmer", PlainTowers::muse),
            entry("step3p7", PlainTowers::step37),
            entry("step3_vl", PlainTowers::step3),
            entry("audioflamingo3", WhisperTowers::flamingo),
            entry("qwen3_asr", WhisperTowers::asr3),
            entry("glmasr", WhisperTowers::glmAsr),
            entry("video_llama_3", PlainTowers::videoLlama),
            entry("paddleocr_vl", PlainTowers::paddleOcr),
            entry("ovis2", PlainTowers::ovis),
            entry("got_ocr2", SamTower::gotOcr),
            entry("deepseek_vl_hybrid", SamTower::deepSeekHybrid),
            entry("qianfan_ocr", (outer, tower) -> Projectors.internVl(outer, tower, outer.textWidth())),
            entry("phi3_v", PhiTowers::phi3),
            entry("phi4_multimodal", PhiTowers::phi4));

    private VisionTowers() {}

    /** The architectures whose encoders are known. */
    static Set<String> types() {
        return ROOMS.keySet();
    }

    /**
     * The encoders of a model, if it has any. A config that speaks of one while its architecture is not known to have one
     * is refused.
     */
    static Optional<VisionTower> read(Config config) {
        String type = config.text("model_type").orElse("");
        Room room = ROOMS.get(type);
        if (room == null) {
            SIGNS.stream().sorted().filter(config::has).findFirst().ifPresent(sign -> {
                throw config.unsupported(sign, "the encoders of " + type + " models are not known");
            });
            return Optional.empty();
        }
        TensorInventory tower = TensorInventory.of(TensorRole.VISION);
        room.write(ClassKeys.of(config, ConfigClass.of(type)), tower);
        List<WeightTensor> tensors = tower.tensors();
        return tensors.isEmpty() ? Optional.empty() : Optional.of(new VisionTower(tensors));
    }

    /** Models that hear, see and speak: what speaks is a model of its own behind the one that thinks. */
    private static Room thinker(Room room) {
        return (outer, tower) -> {
            outer.leaveOut("talker_config", "speech is left out: engines serve the thinker alone");
            room.write(outer.part("thinker_config"), tower);
        };
    }

    private static Room vision(Room encoder) {
        return (outer, tower) -> tower.under("visual", part -> encoder.write(outer.part("vision_config"), part));
    }

    private static Room into(String key, Encoder encoder) {
        return (outer, tower) -> encoder.write(outer.part(key), tower, outer.textWidth());
    }

    private static Room both(Encoder vision, Encoder audio) {
        return (outer, tower) -> {
            tower.under("vision_tower", part -> vision.write(outer.part("vision_config"), part, outer.textWidth()));
            tower.under("audio_tower", part -> audio.write(outer.part("audio_config"), part, outer.textWidth()));
        };
    }

    /** Encoders that a model has only where its config states them. */
    private static Room whereStated(Encoder vision, Encoder audio) {
        return (outer, tower) -> {
            if (outer.hasPart("vision_config")) {
                tower.under("vision_tower", part -> vision.write(outer.part("vision_config"), part, outer.textWidth()));
            }
            if (outer.hasPart("audio_config")) {
                tower.under("audio_tower", part -> audio.write(outer.part("audio_config"), part, outer.textWidth()));
            }
        };
    }
}
