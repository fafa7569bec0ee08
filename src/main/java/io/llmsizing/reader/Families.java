package io.llmsizing.reader;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All families by the architectures that they read. */
final class Families {
    private static final List<Family> ALL = List.of(
            new ArcticFamily(),
            new BaichuanMedicalFamily(),
            new BailingHybridFamily(),
            new BambaFamily(),
            new BartFamily(),
            new BertFamily(),
            new DebertaFamily(),
            new DeepSeekFamily(),
            new DeepSeekV4Family(),
            new ErnieVisionFamily(),
            new FactoredFamily(),
            new FalconFamily(),
            new GatedFamily(),
            new Gemma3nFamily(),
            new Gemma4Family(),
            new Glm4MoeFamily(),
            new GlmNextFamily(),
            new GptFamily(),
            new GrokFamily(),
            new Hunyuan4Family(),
            new HunyuanFamily(),
            new InklingFamily(),
            new JambaFamily(),
            new KimiLinearFamily(),
            new LiquidFamily(),
            new Llama4Family(),
            new LlamaEncoderFamily(),
            new LlamaFamily(),
            new LongcatFamily(),
            new MambaFamily(),
            new MimoV2Family(),
            new MiniMaxM3Family(),
            new MiniMaxTextFamily(),
            new MllamaFamily(),
            new ModernBertFamily(),
            new MotifFamily(),
            new MptFamily(),
            new NemotronHybridFamily(),
            new NemotronNasFamily(),
            new OlmoHybridFamily(),
            new OpenElmFamily(),
            new PhiSmallFamily(),
            new QwenExpFamily(),
            new QwenFamily(),
            new QwenNextFamily(),
            new RecurrentGemmaFamily(),
            new RotaryEncoderFamily(),
            new RwkvFamily(),
            new SinkFamily(),
            new SolarFamily(),
            new StableLmFamily(),
            new StepFamily(),
            new T5Family(),
            new XlstmFamily(),
            new ZambaFamily(),
            new ZayaFamily());

    private static final Map<String, Family> BY_TYPE = byType();

    private Families() {}

    private static Map<String, Family> byType() {
        Map<String, Family> byType = new LinkedHashMap<>();
        for (Family family : ALL) {
            for (String type : family.modelTypes()) {
                if (byType.put(type, family) != null) {
                    throw new IllegalStateException(type + " belongs to two families");
                }
            }
        }
        return byType;
    }

    /** The family of an architecture. */
    static Optional<Family> of(String type) {
        return Optional.ofNullable(BY_TYPE.get(type));
    }

    /** Every architecture that is read. */
    static Set<String> types() {
        return BY_TYPE.keySet();
    }
}
