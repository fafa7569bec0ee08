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
import java.nio.file.Files;
import java.nio.file.Path;
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
        assertThat(tested).containsAll(Families.types());
    }

    @Test
    void everyArchitectureThatIsReadStandsOnThePage() throws IOException {
        String page = Files.readString(Path.of("src/site/markdown/reader.md"));
        assertThat(Families.types()).allSatisfy(type -> assertThat(page).contains("`" + type + "`"));
    }
}
