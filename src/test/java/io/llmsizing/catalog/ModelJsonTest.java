package io.llmsizing.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.llmsizing.attention.Attention;
import io.llmsizing.attention.Bidirectional;
import io.llmsizing.attention.ChunkedLocal;
import io.llmsizing.attention.CompressedAttention;
import io.llmsizing.attention.CrossAttention;
import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.IndexedAttention;
import io.llmsizing.attention.MultiHeadLatent;
import io.llmsizing.attention.NoAttention;
import io.llmsizing.attention.ParallelMixers;
import io.llmsizing.attention.ProjectedAttention;
import io.llmsizing.attention.Recurrent;
import io.llmsizing.attention.RecurrentState;
import io.llmsizing.attention.RepeatedAttention;
import io.llmsizing.attention.SharedCache;
import io.llmsizing.attention.SlidingWindow;
import io.llmsizing.document.JsonObject;
import io.llmsizing.document.JsonReader;
import io.llmsizing.document.JsonWriter;
import io.llmsizing.document.MalformedFileException;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.feedforward.FeedForward;
import io.llmsizing.feedforward.MixtureOfExperts;
import io.llmsizing.feedforward.NoFeedForward;
import io.llmsizing.feedforward.OwnRouter;
import io.llmsizing.feedforward.ParallelFeedForwards;
import io.llmsizing.model.Model;
import io.llmsizing.tensor.ShardRule;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ModelJsonTest {
    private static final String ENTRY = """
            {"id": "me/Small", "hidden": 64, "vocabulary": 100, "tied": false, "layers": [{"count": 2, "attention":
            {"kind": "grouped_query", "heads": 4, "key_value_heads": 2, "key_width": 16, "value_width": 16},
            "feed_forward": {"kind": "dense", "width": 128, "gated": true}, "norm_vectors": 2}],
            "output_norm_vectors": 1, "rotary": {"positions": 50, "width": 16, "element_bytes": 2},
            "weights": "bf16", "context_tokens": 50, "source": "a test"}""";

    @Test
    void whatIsWrittenIsReadBackWithEqualTensors() {
        Catalog catalog = Catalog.bundled();
        for (String id : catalog.modelIds()) {
            Model model = catalog.model(id);
            Model back = read(JsonWriter.compact(ModelJson.write(model)));
            assertThat(back.blocks()).as(id).isEqualTo(model.blocks());
            assertThat(back.layers()).as(id).isEqualTo(model.layers());
            assertThat(back.parameters()).as(id).isEqualTo(model.parameters());
            assertThat(back.rotaryTable()).as(id).isEqualTo(model.rotaryTable());
            assertThat(back.weights().name()).as(id).isEqualTo(model.weights().name());
            assertThat(back.contextTokens()).as(id).isEqualTo(model.contextTokens());
            assertThat(back.source()).as(id).isEqualTo(model.source());
        }
    }

    @Test
    void everyOptionalPartIsReadBack() {
        String written = ENTRY.replace(
                        "{\"kind\": \"grouped_query\"",
                        "{\"kind\": \"sliding_window\", \"window\": 8, \"inner\": {\"kind\": \"grouped_query\"")
                .replace(
                        "\"value_width\": 16}",
                        "\"value_width\": 16, \"norm\": \"full_width\", \"features\": [\"sinks\"],"
                                + " \"input_bias\": true, \"output_bias\": true}}")
                .replace("\"gated\": true", "\"gated\": false, \"bias\": true")
                .replace(
                        "\"norm_vectors\": 2}",
                        "\"norm_vectors\": 2, \"variant\": \"odd\", \"others\": [{\"name\": \"a\", \"role\": \"mixing\","
                                + " \"rows\": 2, \"fused_into\": \"b\", \"cut\": \"heads\", \"granule\": 2}]}")
                .replace(
                        "\"tied\": false",
                        "\"tied\": true, \"positions\": 9, \"embedding_norm_vectors\": 2, \"embedding_width\": 32,"
                                + " \"beside_embedding\": [{\"name\": \"p\", \"role\": \"embedding\", \"rows\": 64,"
                                + " \"columns\": 32}], \"behind_layers\": [{\"name\": \"q\", \"role\": \"norm\","
                                + " \"rows\": 3}], \"headless\": true")
                .replace(
                        "\"weights\"",
                        "\"vision\": [{\"name\": \"patch\", \"rows\": 3, \"columns\": 5, \"count\": 7},"
                                + " {\"name\": \"mm\", \"rows\": 2, \"role\": \"vision_projector\"}], \"weights\"");
        Model model = read(written);
        Model back = read(JsonWriter.compact(ModelJson.write(model)));
        assertThat(back.blocks()).isEqualTo(model.blocks());
        assertThat(back.layers().groups().get(0).attention()).isInstanceOf(SlidingWindow.class);
        assertThat(back.layers()).isEqualTo(model.layers());
        assertThat(back.embedding()).isEqualTo(model.embedding());
        assertThat(back.embedding().headless()).isTrue();
        assertThat(model.layers().groups().get(0).others()).hasSize(1);
        assertThat(back.parameters().vision()).isEqualTo(3 * 5 * 7 + 2);
    }

    @Test
    void layersThatAlternateAreWrittenOnceEachWithTheirOrder() {
        String written = ENTRY.replace("\"count\": 2", "\"count\": 3")
                .replace(
                        "\"norm_vectors\": 2}]",
                        "\"norm_vectors\": 2}, {\"count\": 1, \"attention\": {\"kind\": \"no_attention\"},"
                                + " \"feed_forward\": {\"kind\": \"dense\", \"width\": 8}}], \"order\": [0, 0, 1, 0]");
        Model model = read(written);
        assertThat(model.layers().countsWithin(0, 3)).containsExactly(2, 1);
        assertThat(model.layers().countsWithin(2, 4)).containsExactly(1, 1);
        Map<String, Object> back = ModelJson.write(model);
        assertThat(back.get("order")).isEqualTo(List.of(0L, 0L, 1L, 0L));
        assertThat(read(JsonWriter.compact(back)).layers()).isEqualTo(model.layers());
        assertThat(ModelJson.write(read(ENTRY))).doesNotContainKey("order");
    }

    static Stream<Attention> mixers() {
        GroupedQuery grouped = GroupedQuery.of(4, 2, 16);
        MultiHeadLatent latent = new MultiHeadLatent(4, 24, 32, 16, 8, 16);
        Recurrent recurrent = new Recurrent(
                "mamba2",
                4,
                List.of(WeightTensor.matrix("mamba.in_proj.weight", TensorRole.ATTENTION, 9, 64, ShardRule.ROWS)),
                List.of(RecurrentState.convolution(16, 4), RecurrentState.recurrence(64, 16)));
        return Stream.of(
                grouped.with(GroupedQuery.Feature.OUTPUT_GATE).with(GroupedQuery.Feature.SINKS),
                latent,
                new SlidingWindow(latent, 128),
                new ChunkedLocal(grouped, 64),
                new IndexedAttention(
                        latent, 128, List.of(WeightTensor.vector("self_attn.indexer.k", TensorRole.INDEXER, 9))),
                new ProjectedAttention(
                        latent, List.of(WeightTensor.vector("self_attn.other", TensorRole.ATTENTION, 9))),
                new CompressedAttention(4, 32, 24, 2, 16, 128, 4, true, 8, 16),
                new SharedCache(grouped),
                new RepeatedAttention(new SlidingWindow(grouped, 9), 4),
                new Bidirectional(grouped),
                new CrossAttention(grouped, 1_500),
                recurrent,
                ParallelMixers.of(grouped, recurrent),
                new NoAttention());
    }

    @ParameterizedTest
    @MethodSource("mixers")
    void everyKindOfMixerIsReadBack(Attention mixer) {
        Map<String, Object> written = RecordJson.written(mixer, Attention.class);
        JsonObject object = JsonReader.read(JsonWriter.compact(written), "models/mine.json");
        assertThat(RecordJson.read(object, Attention.class)).isEqualTo(mixer);
    }

    @Test
    void noKindOfMixerIsForgottenHere() {
        assertThat(mixers().map(Object::getClass)).containsAll(RecordJson.kindsOf(Attention.class));
    }

    static Stream<FeedForward> feedForwards() {
        DenseFeedForward dense = new DenseFeedForward(8, false, true);
        MixtureOfExperts experts = new MixtureOfExperts(8, 2, 16, 32, true, true, false, true, 16, true, 3);
        OwnRouter own = new OwnRouter(experts, List.of(WeightTensor.vector("mlp.router", TensorRole.ROUTER, 9)));
        return Stream.of(dense, experts, own, ParallelFeedForwards.of(dense, experts), new NoFeedForward());
    }

    @ParameterizedTest
    @MethodSource("feedForwards")
    void everyKindOfFeedForwardIsReadBack(FeedForward feedForward) {
        Map<String, Object> written = RecordJson.written(feedForward, FeedForward.class);
        JsonObject object = JsonReader.read(JsonWriter.compact(written), "models/mine.json");
        assertThat(RecordJson.read(object, FeedForward.class)).isEqualTo(feedForward);
    }

    @Test
    void noKindOfFeedForwardIsForgottenHere() {
        assertThat(feedForwards().map(Object::getClass)).containsAll(RecordJson.kindsOf(FeedForward.class));
    }

    @Test
    void theEntryThatTheOthersAreMadeOfIsSound() {
        assertThat(read(ENTRY).parameters().total())
                .isEqualTo(2 * 100 * 64 + 2 * (64 * 64 * 2 + 2 * 64 * 32 + 3 * 64 * 128 + 2 * 64) + 64);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            "id": "me/Small",           |                                  | id: absent; expected a text
            "id": "me/Small"            | "id": 7                          | id: 7; expected a text
            "id": "me/Small"            | "id": "  "                       | a model has a name
            "hidden": 64,               |                                  | hidden: absent; expected a whole number from 1
            "hidden": 64                | "hidden": -64                    | hidden: -64; expected a whole number from 1
            "hidden": 64                | "hidden": 64.5                   | hidden: 64.5; expected a whole number
            "hidden": 64                | "hidden": "64"                   | hidden: "64"; expected a whole number
            "hidden": 64                | "hidden": 1e300                  | hidden: 1e300; expected a whole number
            "hidden": 64                | "hidden": 1099511627776          | 1 to 2^20 allowed
            "hidden": 64                | "hiden": 64                      | hiden: unknown key; known here: behind_layers
            "tied": false               | "tied": 0                        | tied: 0
            "vocabulary": 100           | "vocabulary": null               | vocabulary: absent
            "layers": [{                | "layers": {}, "x": [{            | unknown key
            "count": 2                  | "count": 0                       | layers[0].count: 0; expected a whole number from 1
            "count": 2                  | "count": -1                      | layers[0].count: -1
            "count": 2                  | "count": 1000000000              | layers[0].count: 1000000000
            "kind": "grouped_query"     | "kind": "magic"                  | layers[0].attention.kind: "magic"; expected grouped_query
            "kind": "dense"             | "kind": "sparse"                 | layers[0].feed_forward.kind: "sparse"; expected dense
            "kind": "dense",            |                                  | layers[0].feed_forward.kind: absent
            "heads": 4                  | "heads": 0                       | layers[0].attention.kind: 0 query heads over 2
            "key_value_heads": 2        | "key_value_heads": 3             | layers[0].attention.kind: 4 query heads over 3
            "value_width": 16           | "value_width": 16, "norm": "top" | layers[0].attention.norm: "top"; expected none, per_head
            "value_width": 16           | "value_width": 16, "window": 8   | layers[0].attention.window: unknown key
            "value_width": 16           | "value_width": -16               | layers[0].attention.value_width: -16
            "value_width": 16           | "value_width": 16, "features": ["magic"] | layers[0].attention.features: "magic"; expected output_gate
            "output_norm_vectors": 1    | "order": [0, 0, 0]               | order: 3 times 0; expected as many as the count of layers[0] says, 2
            "output_norm_vectors": 1    | "order": [0, 1]                  | order
            "output_norm_vectors": 1    | "order": {}                      | order
            "output_norm_vectors": 1    | "vision": [{"rows": 2}]          | vision[0].name: absent
            "output_norm_vectors": 1    | "vision": [{"name": "v"}]        | vision[0].rows: absent
            "output_norm_vectors": 1    | "vision": [{"name": "v", "rows": 2, "role": "magic"}] | vision[0].role: "magic"; expected embedding
            "output_norm_vectors": 1    | "vision": [{"name": "v", "rows": 2, "projector": true}] | vision[0].projector: unknown key
            "width": 128                | "width": []                      | layers[0].feed_forward.width: a list of 0
            "norm_vectors": 2           | "norm_vectors": 65               | layers[0].norm_vectors: 65; expected a whole number from 0 to 64
            "output_norm_vectors": 1    | "output_norm_vectors": 9         | output_norm_vectors: 9
            "positions": 50             | "positions": 0                   | rotary.positions: 0
            "element_bytes": 2          | "element_bytes": 8               | rotary.element_bytes: 8; expected a whole number from 2 to 4
            "rotary": {                 | "rotary": 5, "x": {              | unknown key
            "rotary": {                 | "speculative": {},"rotary": {    | speculative.depth: absent
            "weights": "bf16"           | "weights": "bf15"                | 'bf15' is not a weight format; known: bf16
            "weights": "bf16",          |                                  | weights: absent; expected a text
            "context_tokens": 50        | "context_tokens": 0              | context_tokens: 0
            "source": "a test"          | "retrieved": "2026-11-23"        | source: absent
            """)
    void aMalformedEntryIsRefusedNamingFileKeyValueAndWhatWasExpected(String from, String to, String fragment) {
        assertThat(ENTRY).contains(from);
        String entry = ENTRY.replaceFirst(Pattern.quote(from), to == null ? "" : to);
        MalformedFileException refused = catchThrowableOfType(MalformedFileException.class, () -> read(entry));
        assertThat(refused).hasMessageStartingWith("models/mine.json: ").hasMessageContaining(fragment);
    }

    @Test
    void aModelWithoutLayersIsRefusedByName() {
        String entry = ENTRY.replaceFirst("(?s)\"layers\": \\[.*\\],", "\"layers\": [],");
        assertThat(catchThrowableOfType(MalformedFileException.class, () -> read(entry)))
                .hasMessageContaining("me/Small");
    }

    private static Model read(String json) {
        return ModelJson.read(JsonReader.read(json, "models/mine.json"));
    }
}
