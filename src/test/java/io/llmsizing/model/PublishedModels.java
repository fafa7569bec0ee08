package io.llmsizing.model;

import io.llmsizing.attention.Attention;
import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.MultiHeadLatent;
import io.llmsizing.attention.QueryKeyNorm;
import io.llmsizing.attention.SlidingWindow;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.feedforward.FeedForward;
import io.llmsizing.feedforward.MixtureOfExperts;
import io.llmsizing.quantization.WeightSchemes;
import java.util.Collections;
import java.util.List;

/** Shapes copied by hand from the config.json files of their publishers, so that no reader stands between. */
public final class PublishedModels {
    public static final Model LLAMA_3_1_8B = llama("meta-llama/Llama-3.1-8B", 4096, 32, 32, 14_336);
    public static final Model LLAMA_3_1_70B = llama("meta-llama/Llama-3.1-70B", 8192, 80, 64, 28_672);
    public static final Model LLAMA_3_1_405B = llama("meta-llama/Llama-3.1-405B", 16_384, 126, 128, 53_248);

    public static final Model QWEN2_5_7B = Model.builder(
                    "Qwen/Qwen2.5-7B",
                    3584,
                    new Embedding(152_064, false),
                    stack(
                            28,
                            new GroupedQuery(28, 4, 128, 128, true, false, QueryKeyNorm.NONE),
                            DenseFeedForward.gated(18_944)),
                    131_072)
            .build();

    public static final Model QWEN3_0_6B = qwen3("Qwen3-0.6B", 1024, true, 28, 16, 8, DenseFeedForward.gated(3072));
    public static final Model QWEN3_1_7B = qwen3("Qwen3-1.7B", 2048, true, 28, 16, 8, DenseFeedForward.gated(6144));
    public static final Model QWEN3_8B = qwen3("Qwen3-8B", 4096, false, 36, 32, 8, DenseFeedForward.gated(12_288));
    public static final Model QWEN3_32B = qwen3("Qwen3-32B", 5120, false, 64, 64, 8, DenseFeedForward.gated(25_600));
    public static final Model QWEN3_30B_A3B =
            qwen3("Qwen3-30B-A3B", 2048, false, 48, 32, 4, MixtureOfExperts.of(128, 8, 768));
    public static final Model QWEN3_235B_A22B =
            qwen3("Qwen3-235B-A22B", 4096, false, 94, 64, 4, MixtureOfExperts.of(128, 8, 1536));

    public static final Model MIXTRAL_8X7B = Model.builder(
                    "mistralai/Mixtral-8x7B-v0.1",
                    4096,
                    new Embedding(32_000, false),
                    stack(32, GroupedQuery.of(32, 8, 128), MixtureOfExperts.of(8, 2, 14_336)),
                    32_768)
            .build();

    public static final Model MINIMAX_M2 = Model.builder(
                    "MiniMaxAI/MiniMax-M2",
                    3072,
                    new Embedding(200_064, false),
                    stack(
                            62,
                            new GroupedQuery(48, 8, 128, 128, false, false, QueryKeyNorm.FULL_WIDTH),
                            new MixtureOfExperts(256, 8, 1536, 0, true, false)),
                    196_608)
            .build();

    /** Windowed and full layers in turn, four norms a layer. */
    public static final Model GEMMA_2_9B = Model.builder(
                    "google/gemma-2-9b",
                    3584,
                    new Embedding(256_000, true),
                    LayerStack.of(Collections.nCopies(
                                    21,
                                    List.of(
                                            new LayerGroup(
                                                    1,
                                                    new SlidingWindow(GroupedQuery.of(16, 8, 256), 4096),
                                                    DenseFeedForward.gated(14_336),
                                                    4),
                                            new LayerGroup(
                                                    1, GroupedQuery.of(16, 8, 256), DenseFeedForward.gated(14_336), 4)))
                            .stream()
                            .flatMap(List::stream)
                            .toList()),
                    8192)
            .build();

    public static final Model DEEPSEEK_V2_LITE = Model.builder(
                    "deepseek-ai/DeepSeek-V2-Lite",
                    2048,
                    new Embedding(102_400, false),
                    LayerStack.of(
                            new LayerGroup(
                                    1,
                                    new MultiHeadLatent(16, 0, 512, 128, 64, 128),
                                    DenseFeedForward.gated(10_944),
                                    2),
                            new LayerGroup(
                                    26,
                                    new MultiHeadLatent(16, 0, 512, 128, 64, 128),
                                    new MixtureOfExperts(64, 6, 1408, 2816, false, false),
                                    2)),
                    163_840)
            .build();

    public static final Model DEEPSEEK_V3 = latent("deepseek-ai/DeepSeek-V3", 129_280, 128, 3, 256)
            .speculativeHead(new SpeculativeHead(
                    1,
                    new LayerGroup(
                            1,
                            new MultiHeadLatent(128, 1536, 512, 128, 64, 128),
                            new MixtureOfExperts(256, 8, 2048, 2048, true, false),
                            2),
                    true))
            .weights(WeightSchemes.FP8_BLOCK_128)
            .rotaryTable(new RotaryTable(163_840, 64, 4))
            .build();

    public static final Model KIMI_K2 =
            latent("moonshotai/Kimi-K2", 163_840, 64, 1, 384).build();

    private PublishedModels() {}

    private static LayerStack stack(int layers, Attention attention, FeedForward feedForward) {
        return LayerStack.of(new LayerGroup(layers, attention, feedForward, 2));
    }

    private static Model llama(String name, long hidden, int layers, long heads, long width) {
        return Model.builder(
                        name,
                        hidden,
                        new Embedding(128_256, false),
                        stack(layers, GroupedQuery.of(heads, 8, 128), DenseFeedForward.gated(width)),
                        131_072)
                .rotaryTable(new RotaryTable(131_072, 128, 2))
                .build();
    }

    private static Model qwen3(
            String name, long hidden, boolean tied, int layers, long heads, long keyValueHeads, FeedForward block) {
        return Model.builder(
                        "Qwen/" + name,
                        hidden,
                        new Embedding(151_936, tied),
                        stack(
                                layers,
                                new GroupedQuery(heads, keyValueHeads, 128, 128, false, false, QueryKeyNorm.PER_HEAD),
                                block),
                        40_960)
                .build();
    }

    private static ModelBuilder latent(String name, long vocabulary, long heads, int dense, long experts) {
        MultiHeadLatent attention = new MultiHeadLatent(heads, 1536, 512, 128, 64, 128);
        return Model.builder(
                name,
                7168,
                new Embedding(vocabulary, false),
                LayerStack.of(
                        new LayerGroup(dense, attention, DenseFeedForward.gated(18_432), 2),
                        new LayerGroup(
                                61 - dense, attention, new MixtureOfExperts(experts, 8, 2048, 2048, true, false), 2)),
                163_840);
    }
}
