package io.llmsizing.checkpoint;

import static io.llmsizing.checkpoint.SafetensorsWriter.tensor;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.checkpoint.SafetensorsWriter.Tensor;
import io.llmsizing.cli.Command;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands take a checkpoint wherever they take a model, and size the bytes that it holds. */
class CheckpointCommandsTest {
    private static final String CONFIG = """
            {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "torch_dtype": "bfloat16", "hidden_size": 256,
             "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 64,
             "intermediate_size": 512, "vocab_size": 1000, "tie_word_embeddings": false, "max_position_embeddings": 4096,
             "attention_bias": false, "mlp_bias": false}
            """;

    private static final long BYTES =
            2 * (2 * 1_000 * 256 + 256 + 2 * (2 * 256 + 3 * 256 * 512 + 256 * (256 + 256 + 2 * 128)));

    @TempDir
    private Path folder;

    private Path model;

    @BeforeEach
    void write() throws IOException {
        model = Files.createDirectory(folder.resolve("tiny-llama"));
        Files.writeString(model.resolve("config.json"), CONFIG);
        List<Tensor> tensors = new ArrayList<>();
        tensors.add(tensor("model.embed_tokens.weight", "BF16", 1_000, 256));
        for (int layer = 0; layer < 2; layer++) {
            String block = "model.layers." + layer + ".";
            tensors.add(tensor(block + "input_layernorm.weight", "BF16", 256));
            tensors.add(tensor(block + "post_attention_layernorm.weight", "BF16", 256));
            tensors.add(tensor(block + "self_attn.q_proj.weight", "BF16", 256, 256));
            tensors.add(tensor(block + "self_attn.k_proj.weight", "BF16", 128, 256));
            tensors.add(tensor(block + "self_attn.v_proj.weight", "BF16", 128, 256));
            tensors.add(tensor(block + "self_attn.o_proj.weight", "BF16", 256, 256));
            tensors.add(tensor(block + "mlp.gate_proj.weight", "BF16", 512, 256));
            tensors.add(tensor(block + "mlp.up_proj.weight", "BF16", 512, 256));
            tensors.add(tensor(block + "mlp.down_proj.weight", "BF16", 256, 512));
        }
        tensors.add(tensor("model.norm.weight", "BF16", 256));
        tensors.add(tensor("lm_head.weight", "BF16", 1_000, 256));
        SafetensorsWriter.shards(model, tensors, 8);
    }

    @Test
    void inspectSaysWhatACheckpointIs() throws IOException {
        Files.createDirectory(model.resolve("original"));
        Files.writeString(model.resolve("original").resolve("consolidated.00.pth"), "another copy");
        Command ran = Command.of("inspect", model.toString());
        assertThat(ran.err()).isEmpty();
        assertThat(ran.code()).isZero();
        assertThat(ran.out()).isEqualTo("""
                tiny-llama  (safetensors, 3 files)

                tensors                       21
                elements               1,692,928  as they are stored
                parameters             1,692,928
                bytes                  3,385,856  3.2 MiB
                bits                     16.0000  per parameter
                formula                3,385,856  equal to the byte

                ROLE                FORMAT  TENSORS  ELEMENTS      BYTES     BITS
                embedding           bf16          1   256,000    512,000  16.0000
                output head         bf16          1   256,000    512,000  16.0000
                norm                bf16          5     1,280      2,560  16.0000
                attention           bf16          8   393,216    786,432  16.0000
                dense feed forward  bf16          6   786,432  1,572,864  16.0000

                left out     original/consolidated.00.pth: another copy, or weights of something else
                """);
    }

    @Test
    void inspectInJsonListsAll() {
        Command ran = Command.of("inspect", model.toString(), "--json");
        assertThat(ran.out())
                .contains("\"format\" : \"safetensors\"")
                .contains("\"bytes\" : " + BYTES)
                .contains("\"formula_bytes\" : " + BYTES)
                .contains("\"unexpected\" : [ ]");
    }

    @Test
    void withoutAModelTheTensorsAreToldByType() throws IOException {
        Files.writeString(model.resolve("config.json"), "{\"model_type\": \"never_heard_of\"}");
        Command ran = Command.of("inspect", model.toString());
        assertThat(ran.code()).isZero();
        assertThat(ran.out()).contains("bf16").contains("no model").contains("\"never_heard_of\"");
    }

    @Test
    void fitsAndTensorsTakeAFolderOrAFile() {
        Command fits = Command.of("fits", model.toString(), "L40S", "--engine", "none");
        assertThat(fits.err()).isEmpty();
        assertThat(fits.out()).startsWith("FITS").contains("tiny-llama  (weights bf16, cache bf16)");
        Command tensors = Command.of(
                "tensors", model.resolve("model-00001-of-00003.safetensors").toString());
        assertThat(tensors.out()).contains("weights").contains(String.format("%,d", BYTES));
    }

    @Test
    void batchTakesACheckpointUnderItsKeys() {
        for (String path : List.of(
                model.toString(), model.resolve("model.safetensors.index.json").toString())) {
            Command ran = Command.batch("{\"safetensors\": \"" + path + "\", \"engine\": \"none\"}");
            assertThat(ran.out()).contains("\"weights\":{\"bytes\":" + BYTES);
        }
        assertThat(Command.batch("{\"gguf\": \"" + folder.resolve("absent.gguf") + "\"}")
                        .out())
                .contains("\"code\":\"malformed_file\"");
    }

    @Test
    void anotherSchemeIsSizedByTheConfigAlone() {
        Command ran =
                Command.batch("{\"safetensors\": \"" + model + "\", \"engine\": \"none\", \"weights\": \"fp32\"}");
        assertThat(ran.out()).contains("\"weights\":{\"bytes\":" + 2 * BYTES);
    }

    @Test
    void aGgufFileIsAModelByItself() throws IOException {
        Path file = folder.resolve("llama-3.1-8b-q4_k_m.gguf");
        BytesInMemory gguf = GgufModelsTest.llama().file();
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.write(gguf.bytes());
            sparse.setLength(gguf.length());
        }
        assertThat(Command.of("inspect", file.toString()).out()).isEqualTo("""
                llama-3.1-8b-q4_k_m  (gguf, llama-3.1-8b-q4_k_m.gguf)

                tensors                      291
                elements           8,030,261,248  as they are stored
                parameters         8,030,261,248
                bytes              4,912,898,048  4.6 GiB
                bits                      4.8944  per parameter
                cache              1,073,741,824  in llama.cpp for one sequence of 8,192 tokens in f16

                ROLE                FORMAT  TENSORS       ELEMENTS          BYTES     BITS
                embedding           q4_k          1    525,336,576    295,501,824   4.5000
                output head         q6_k          1    525,336,576    430,940,160   6.5625
                norm                fp32         65        266,240      1,064,960  32.0000
                attention           q4_k        112  1,275,068,416    717,225,984   4.5000
                attention           q6_k         16     67,108,864     55,050,240   6.5625
                dense feed forward  q4_k         80  4,697,620,480  2,642,411,520   4.5000
                dense feed forward  q6_k         16    939,524,096    770,703,360   6.5625
                """);
        Command ran = Command.batch("{\"gguf\": \"" + file + "\", \"engine\": \"llama.cpp\", \"kv_cache\": \"fp16\"}");
        assertThat(ran.out())
                .contains("\"weights\":{\"bytes\":4912898048")
                .contains("\"bytes_for_question\":1073741824");
    }
}
