package io.llmsizing.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.document.JsonObject;
import io.llmsizing.document.JsonReader;
import io.llmsizing.kvcache.CachePaging;
import io.llmsizing.kvcache.KvCacheMemory;
import io.llmsizing.ledger.TotalLedger;
import io.llmsizing.model.Model;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.parallel.Rank;
import io.llmsizing.quantization.CacheFormats;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every architecture that is read gives the count of the model that the transformers library 5.17 builds from the same
 * shape (routing corrections, buffers there, are added), and the cache that was measured of it on an H200. The counts of DeepSeekMoE and InternLM2 are
 * those of their repositories, Baichuan's is its authors'; rows with another source name it. What that library does not build
 * follows the architectures' own code: Hunyuan-A13B (80.393 billion in the logs of llama.cpp), LongCat, Ling, MiMo-V2.5, Step,
 * Motif and Sarvam. Falcon-40B's measured cache is left out: that library spreads its 8 key-value heads over all 128 before it
 * keeps them. So are those of Mamba, measured of mixers with 256 channels, and of RecurrentGemma, which keeps its states
 * inside its modules.
 */
class ArchitecturesTest {
    static Stream<JsonObject> architectures() throws IOException {
        try (InputStream bytes =
                Objects.requireNonNull(ArchitecturesTest.class.getResourceAsStream("architectures.jsonl"))) {
            return new String(bytes.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .map(line -> JsonReader.read(line, "architectures.jsonl"))
                            .collect(Collectors.toList())
                            .stream();
        }
    }

    private static Model read(JsonObject row) {
        return HuggingFaceReader.read(row.requiredText("config"), row.requiredText("model"))
                .model();
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void theCountIsThatOfTheBuiltModel(JsonObject row) {
        assertThat(read(row).parameters().total())
                .as(row.requiredText("model"))
                .isEqualTo(row.whole("parameters", 1, 1L << 62) + row.whole("routing_corrections", 0, 1 << 20, 0));
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void theCacheIsTheMeasuredOne(JsonObject row) {
        if (row.has("cache_bytes_4608")) {
            Rank whole = Rank.of(read(row), ParallelLayout.SINGLE, 0, false, 1);
            TotalLedger cache = new TotalLedger();
            KvCacheMemory.account(cache, whole, CacheFormats.BF16, CachePaging.NONE, 1, 4_608);
            assertThat(cache.bytes())
                    .as(row.requiredText("model"))
                    .isEqualTo(row.whole("cache_bytes_4608", 1, 1L << 62));
        }
    }

    @Test
    void everyArchitectureThatIsReadIsTested() throws IOException {
        Set<String> tested = architectures()
                .map(row ->
                        JsonReader.read(row.requiredText("config"), "config").requiredText("model_type"))
                .collect(Collectors.toSet());
        assertThat(tested)
                .containsAll(DecoderTraits.all().keySet())
                .containsAll(new DeepSeekFamily().modelTypes())
                .containsAll(new GptFamily().modelTypes())
                .containsAll(new FalconFamily().modelTypes())
                .containsAll(new BertFamily().modelTypes())
                .containsAll(new DebertaFamily().modelTypes())
                .containsAll(new RotaryEncoderFamily().modelTypes())
                .containsAll(new ModernBertFamily().modelTypes())
                .containsAll(new LlamaEncoderFamily().modelTypes())
                .containsAll(new T5Family().modelTypes())
                .containsAll(new BartFamily().modelTypes())
                .containsAll(new MptFamily().modelTypes())
                .containsAll(new GrokFamily().modelTypes())
                .containsAll(new ArcticFamily().modelTypes())
                .containsAll(new StableLmFamily().modelTypes())
                .containsAll(new QwenFamily().modelTypes())
                .containsAll(new MllamaFamily().modelTypes())
                .containsAll(new NemotronNasFamily().modelTypes())
                .containsAll(new PhiSmallFamily().modelTypes())
                .containsAll(new OpenElmFamily().modelTypes())
                .containsAll(new BaichuanMedicalFamily().modelTypes())
                .containsAll(new GatedFamily().modelTypes())
                .containsAll(new Gemma3nFamily().modelTypes())
                .containsAll(new Gemma4Family().modelTypes())
                .containsAll(new Glm4MoeFamily().modelTypes())
                .containsAll(new HunyuanFamily().modelTypes())
                .containsAll(new Hunyuan4Family().modelTypes())
                .containsAll(new InklingFamily().modelTypes())
                .containsAll(new Llama4Family().modelTypes())
                .containsAll(new LongcatFamily().modelTypes())
                .containsAll(new MimoV2Family().modelTypes())
                .containsAll(new MotifFamily().modelTypes())
                .containsAll(new SinkFamily().modelTypes())
                .containsAll(new StepFamily().modelTypes())
                .containsAll(new FactoredFamily().modelTypes())
                .containsAll(new ErnieVisionFamily().modelTypes())
                .containsAll(new ZayaFamily().modelTypes())
                .containsAll(new MambaFamily().modelTypes())
                .containsAll(new JambaFamily().modelTypes())
                .containsAll(new BambaFamily().modelTypes())
                .containsAll(new ZambaFamily().modelTypes())
                .containsAll(new NemotronHybridFamily().modelTypes())
                .containsAll(new RecurrentGemmaFamily().modelTypes())
                .containsAll(new LiquidFamily().modelTypes())
                .containsAll(new XlstmFamily().modelTypes())
                .containsAll(new RwkvFamily().modelTypes())
                .containsAll(new QwenNextFamily().modelTypes())
                .containsAll(new QwenExpFamily().modelTypes())
                .containsAll(new OlmoHybridFamily().modelTypes())
                .containsAll(new KimiLinearFamily().modelTypes())
                .containsAll(new SolarFamily().modelTypes())
                .containsAll(new BailingHybridFamily().modelTypes())
                .containsAll(new MiniMaxTextFamily().modelTypes())
                .containsAll(new GlmNextFamily().modelTypes());
    }
}
