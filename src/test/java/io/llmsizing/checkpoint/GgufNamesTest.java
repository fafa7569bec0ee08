package io.llmsizing.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.model.TensorBlock;
import io.llmsizing.tensor.WeightTensor;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

class GgufNamesTest {
    private static final Catalog CATALOG = Catalog.bundled();

    /** What files hold in parts or not at all: the latent keys and values, four projections of Qwen3-Next, heads of encoders. */
    private static final Set<String> ELSEWHERE = Set.of(
            "self_attn.kv_b_proj",
            "linear_attn.in_proj_qkvz",
            "transform.dense",
            "transform.LayerNorm",
            "embeddings.LayerNorm");

    /** Names that the table does not have; no catalogued model of the architecture has such a tensor. */
    private static final Set<String> WITHOUT_NAME = Set.of(
            "blk.7.ffn",
            "cls",
            "cls.output",
            "cls.norm",
            "dense_2",
            "dense_3",
            "enc.blk.7.cross_attn_rel_b",
            "dec.blk.7.cross_attn_rel_b",
            "conv1d",
            "token_types");

    @ParameterizedTest
    @CsvSource({
        "llama, token_embd.weight, model.embed_tokens.weight",
        "llama, output_norm.weight, model.norm.weight",
        "llama, output.weight, lm_head.weight",
        "llama, blk.17.attn_q.weight, model.layers.17.self_attn.q_proj.weight",
        "qwen2, blk.0.attn_k.bias, model.layers.0.self_attn.k_proj.bias",
        "qwen3moe, blk.3.ffn_gate_exps.weight, model.layers.3.mlp.experts.gate_proj.weight",
        "llama, blk.3.ffn_gate.7.weight, model.layers.3.mlp.experts.7.gate_proj.weight",
        "deepseek2, blk.3.attn_kv_a_mqa.weight, model.layers.3.self_attn.kv_a_proj_with_mqa.weight",
        "deepseek2, blk.3.exp_probs_b.bias, model.layers.3.mlp.gate.e_score_correction_bias",
        "glm-dsa, blk.3.indexer.attn_q_b.weight, model.layers.3.self_attn.indexer.wq_b.weight",
        "glm4moe, blk.46.nextn.shared_head_norm.weight, model.layers.46.shared_head.norm.weight",
        "mamba2, blk.3.ssm_dt.bias, model.layers.3.mamba.dt_bias",
        "mamba, blk.3.ssm_dt.bias, model.layers.3.mamba.dt_proj.bias",
        "mamba, blk.3.ssm_a, model.layers.3.mamba.A_log",
        "qwen35, blk.3.ssm_a, model.layers.3.linear_attn.A_log",
        "gpt-oss, blk.3.attn_sinks.weight, model.layers.3.self_attn.sinks",
        "gemma4, blk.3.ffn_gate_inp.scale, model.layers.3.router.scale",
        "gemma3, blk.3.ffn_norm.weight, model.layers.3.pre_feedforward_layernorm.weight",
        "llama, blk.3.ffn_norm.weight, model.layers.3.post_attention_layernorm.weight",
        "t5, dec.blk.3.cross_attn_q.weight, decoder.layers.3.cross_attn.q_proj.weight"
    })
    void aTensorIsCalledAsItWasPublished(String architecture, String name, String published) {
        assertThat(GgufNames.published(architecture, name)).contains(published);
    }

    @Test
    void namesThatAreNotKnownHaveNone() {
        assertThat(GgufNames.published("llama", "blk.3.attn_q.lora_a")).isEmpty();
        assertThat(GgufNames.published("llama", "rope_freqs.weight")).isEmpty();
        assertThat(GgufNames.published("llama", "")).isEmpty();
        assertThat(GgufNames.published("llama", "weight")).isEmpty();
        assertThat(GgufNames.isMadeForTheFile("rope_freqs.weight")).isTrue();
        assertThat(GgufNames.isMadeForTheFile("blk.3.attn_rot_embd.weight")).isTrue();
        assertThat(GgufNames.isMadeForTheFile("blk.3.attn_q.weight")).isFalse();
    }

    /** The names are those of {@code MODEL_TENSORS} in gguf 0.19.0. */
    @ParameterizedTest(name = "{0}")
    @CsvFileSource(resources = "gguf-tensor-names.csv", numLinesToSkip = 1, maxCharsPerColumn = 1 << 16)
    void everyTensorOfTheModelHasItsNamesakeInAFile(String architecture, String names) throws IOException {
        Set<String> unnamed = new TreeSet<>();
        Set<String> published = new TreeSet<>();
        for (String name : names.split(" ", -1)) {
            Set<String> all = Stream.of("", ".weight", ".bias", ".scale")
                    .flatMap(end -> GgufNames.published(architecture, name + end).stream())
                    .collect(Collectors.toSet());
            if (all.isEmpty() && !GgufNames.isMadeForTheFile(name + ".weight") && !WITHOUT_NAME.contains(name)) {
                unnamed.add(name);
            }
            all.forEach(full -> published.add(stem(full)));
        }
        assertThat(unnamed).isEmpty();
        PublishedMetadata.all()
                .filter(line -> line.architecture().equals(architecture))
                .forEach(line -> {
                    for (TensorBlock block : CATALOG.model(line.model()).blocks()) {
                        if (!isInSuchFiles(block, names)) {
                            continue;
                        }
                        for (WeightTensor tensor : block.tensors()) {
                            String ours = ours(tensor.name());
                            assertThat(published.contains(ours)
                                            || published.contains(ours(tensor.fusedInto()))
                                            || ELSEWHERE.contains(ours)
                                            || (ours.equals("layernorm")
                                                    && published.stream()
                                                            .anyMatch(other -> other.endsWith("layernorm"))))
                                    .as("%s of %s, in %s", tensor.name(), line, published)
                                    .isTrue();
                        }
                    }
                });
    }

    /** Towers have a file of their own, and of some architectures the blocks that predict were left out when the list was made. */
    private static boolean isInSuchFiles(TensorBlock block, String names) {
        return switch (block.part()) {
            case VISION, SPECULATIVE_COPIES -> false;
            case SPECULATIVE -> names.contains("nextn");
            case OUTPUT -> names.contains(" output ") || names.endsWith(" output");
            default -> true;
        };
    }

    private static String ours(String name) {
        return stem(name.replace(".N.", "."));
    }

    private static String stem(String name) {
        return name.replaceFirst("^model\\.(layers\\.\\d+\\.)?", "")
                .replaceFirst("^(encoder|decoder)\\.(layers\\.\\d+\\.)?", "")
                .replaceFirst("\\.(weight|bias)$", "");
    }
}
