package io.llmsizing.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.base.Splitter;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commands that set engines side by side, and logs beside predictions. Arguments are divided by semicolons. */
class LogCommandsTest {
    private static final String FOLDER = "src/test/resources/examples/";

    private static Command ran(String arguments) {
        return Command.of(Arrays.stream(arguments.split(";"))
                .map(word -> word.replace("@", FOLDER))
                .toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            diff-versions.txt        | 0 | diff;llama-3.1-8b;H100-SXM;vllm:0.16;vllm:0.26
            diff-engines.txt         | 0 | diff;gemma-3-27b-it;2xL40S;vllm;llama.cpp;--context;4096
            diff-none.json           | 0 | diff;qwen3-0.6b;L4;none;vllm:0.26;--json
            check-log-vllm.txt       | 0 | check-log;@vllm-start.txt;--on;H100-SXM;--usable-memory;79.19 GiB
            check-log-ranks.txt      | 1 | check-log;@vllm-two-ranks.txt;--on;2xH100-SXM;--usable-memory;79.19 GiB
            check-log-sglang.txt     | 1 | check-log;@sglang-start.txt;--on;8xH200
            check-log-llama-cpp.txt  | 0 | check-log;@llama-server.txt
            check-log-llama-cpp.json | 0 | check-log;@llama-server.txt;--json
            check-log-llama-cli.txt  | 0 | check-log;@llama-cli.txt;--model;meta-llama/Meta-Llama-3-8B
            check-log-failed.txt     | 1 | check-log;@vllm-failed.txt;--on;H100-SXM
            check-log-foreseen.txt   | 0 | check-log;@vllm-failed.txt;--on;RTX 4090
            """)
    void theOutputIsTheOneThatIsKept(String file, int code, String arguments) {
        Command ran = ran(arguments);
        assertThat(ran.err()).isEmpty();
        assertThat(ran.code()).isEqualTo(code);
        assertThat(ran.out()).endsWith("\n");
        assertThat(ran.out().lines()).noneMatch(line -> line.endsWith(" "));
        GoldenFile.holds(file, ran.out());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            check-log;@vllm-start.txt                                   | does not say on which devices it ran: give --on
            check-log;@vllm-start.txt;--on;H100;--model;no-such-model   | no model 'no-such-model'
            check-log;@questions.jsonl;--on;H100                        | questions.jsonl: lines 1 to 2: no figure of a server's start
            check-log;@                                                 | it is a folder; name the log in it
            diff;llama-3.1-8b;H100;vllm                                 | behind 'H100' only 'vllm' stands: name a second one, such as H100 vllm:0.19 vllm:0.26
            check-log;/nowhere/at/all                                   | /nowhere/at/all is not there
            check-log;@vllm-two-ranks.txt;--on;H100                     | needs 2 devices
            check-log;@vllm-start.txt;--on;H100;--kv-cache;q99          | is not a cache format
            diff;llama-3.1-8b;H100;vllm:;none                           | no version behind its colon; write NAME or NAME:VERSION
            diff;llama-3.1-8b;H100;vllm:new;none                        | under vllm:new: 'new' is not a version
            diff;llama-3.1-8b;H100;none;abacus:1                        | under abacus:1: 'abacus' is not an engine that is known here; known: none, vllm
            diff;llama-3.1-8b;H100;vllm;llama.cpp;--engine;vllm         | engines are named by A and B
            diff;llama-3.1-8b;H100;vllm;llama.cpp;--engine-version;0.19 | engines are named by A and B
            diff;llama-3.1-8b;vllm;none                                 | no cluster: write one
            diff;llama-3.1-8b;H100;llama.cpp;vllm;--host-layers;3       | under vllm: 3
            """)
    void aBadInputIsOneLineOfComplaintAndExitCodeTwo(String arguments, String fragment) {
        Command ran = ran(arguments);
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err())
                .startsWith("sizing: ")
                .endsWith("\n")
                .containsOnlyOnce("\n")
                .contains(
                        fragment.startsWith("under vllm: 3") ? "under vllm: layers or experts on the host" : fragment);
    }

    @Test
    void aLogIsReadFromAPipe() throws IOException {
        InputStream before = System.in;
        try (InputStream log = Files.newInputStream(Path.of(FOLDER + "llama-server.txt"))) {
            System.setIn(log);
            Command ran = ran("check-log;-");
            assertThat(ran.code()).isZero();
            assertThat(ran.out()).contains("standard input  (llama.cpp 10573");
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void aLogIsReadFromANamedPipe(@TempDir Path folder) throws Exception {
        Path pipe = folder.resolve("log");
        int made = new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor();
        assumeTrue(made == 0, "no named pipes here");
        byte[] log = Files.readAllBytes(Path.of(FOLDER + "llama-server.txt"));
        CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
            try (OutputStream out = new FileOutputStream(pipe.toFile())) {
                out.write(log);
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        });
        assertThat(ran("check-log;" + pipe).out()).contains("AS PREDICTED  3 figures");
        writing.join();
    }

    /** What was given beats what was read. */
    @Test
    void optionsOverrideTheLog() {
        String out = ran("check-log;@vllm-start.txt;--on;H100-SXM;--context;4096;--memory-fraction;0.5")
                .out();
        assertThat(out)
                .contains(
                        "\"context_tokens\":4096",
                        "\"memory_fraction\":\"0.5\"",
                        "read      --max-sequences 1024: line 2")
                .doesNotContain("--context 8192", "--memory-fraction 0.95");
    }

    /** The row is a question of {@code batch} once what was printed is taken out. */
    @Test
    void theRowIsAQuestion() {
        String out = ran("check-log;@vllm-start.txt;--on;H100-SXM;--usable-memory;79.19 GiB")
                .out();
        String row = out.lines().reduce((first, last) -> last).orElseThrow();
        assertThat(row).contains("\"pool_tokens\":476016", "\"outcome\":\"runs\"");
        Command answered = Command.batch(row.replaceFirst(",\"loaded_bytes\".*", "}"));
        assertThat(answered.out()).contains("\"verdict\":\"fits\"").doesNotContain("error");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            deepseek-r1;8xH200;tensor_parallel_size=8           | Model loading took 81.10 GiB         | with multi-token prediction it would be
            llama-3.1-8b;H100-SXM;tensor_parallel_size=1        | Model loading took 20.00 GiB         | nothing that was tried explains it
            llama-3.1-8b;H100-SXM;tensor_parallel_size=1        | Model loading took 8.50 GiB          | with weights in fp8
            llama-3.1-8b;H100-SXM;quantization=fp8              | Model loading took 8.49 GiB          | read      --weights fp8
            llama-3.1-8b;H100-SXM;gpu_memory_utilization=0.9    | Model loading took 14.99 GiB;1.89 GiB for peak activation;Available KV cache memory: 53.00 GiB | of the budget for what the framework does not allocate; predicted: 256.0 MiB
            gemma-3-27b-it;H100-SXM;max_seq_len=8192            | Available KV cache memory: 19.53 GiB;GPU KV cache size: 36,560 tokens;Maximum concurrency for 8,192 tokens per request: 8.02x | tokens are not requests times length
            llama-3.1-8b;H100-SXM;max_seq_len=8192              | GPU KV cache size: 456,501 tokens;Maximum concurrency for 8,192 tokens per request: 55.73x | requests times length, as vLLM prints them since
            llama-3.1-8b;H100-SXM;tensor_parallel_size=1        | Available KV cache memory: 29.06 GiB;GPU KV cache size: 476,016 tokens | half: the cache is stored in half the bytes
            llama-3.1-8b;H100-SXM;method='ngram'                | Model loading took 14.99 GiB         | tokens are drafted by ngram, which is not counted
            """)
    void whatExplainsADifferenceIsSaid(String deployment, String lines, String fragment, @TempDir Path folder)
            throws IOException {
        List<String> words = Splitter.on(';').splitToList(deployment);
        Path file = Files.writeString(
                folder.resolve("start.log"),
                "Initializing a V1 LLM engine (v0.19.0) with config: model='" + words.get(0) + "', " + words.get(2)
                        + "\n" + lines.replace(';', '\n') + "\n");
        Command ran = Command.of("check-log", file.toString(), "--on", words.get(1));
        assertThat(ran.err()).isEmpty();
        assertThat(ran.out()).contains(fragment);
    }
}
