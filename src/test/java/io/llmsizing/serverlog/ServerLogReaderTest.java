package io.llmsizing.serverlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmsizing.document.MalformedFileException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerLogReaderTest {
    static ServerLog read(String text) {
        return read(text, StandardCharsets.UTF_8);
    }

    private static ServerLog read(String text, Charset charset) {
        try {
            return ServerLogReader.read(new ByteArrayInputStream(text.getBytes(charset)), "some.log");
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** Figures as {@code term[@place]=value} and settings as {@code setting=text}, in alphabetical order. */
    private static String all(ServerLog log) {
        Map<String, String> said = new TreeMap<>();
        log.figures()
                .forEach(figure -> said.put(
                        figure.term().id() + (figure.place().isEmpty() ? "" : "@" + figure.place()),
                        "" + figure.value()));
        log.settings().forEach((setting, statement) -> said.put(setting.id(), statement.text()));
        log.outcome().ifPresent(outcome -> said.put("outcome", outcome.id()));
        List<String> texts = new ArrayList<>();
        said.forEach((name, value) -> texts.add(name + "=" + value));
        return String.join(" ", texts);
    }

    /** 1 GiB = 1,073,741,824 bytes whatever the unit is called; concurrency in hundredths. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiterString = " => ", quoteCharacter = '~', textBlock = """
            INFO 01-02 03:04:05 [gpu_model_runner.py:1] Model loading took 2.5 GiB memory and 3.2 seconds => loaded=2684354560
            INFO 01-02 03:04:05 model_runner.py:1] Model loading took 2.5 GiB and 3.2 seconds => loaded=2684354560
            INFO 01-02 03:04:05 model_runner.py:1110] Loading model weights took 14.9888 GB => loaded=16094101452
            (EngineCore_DP0 pid=7) INFO Available KV cache memory: 58.11 GiB => pool=62395137393
            \u001B[1;36m(EngineCore pid=7)\u001B[0;0m INFO Available KV cache memory: 0.5 GiB => pool=536870912
            GPU KV cache size: 1,210,304 tokens => pool_tokens=1210304
            Maximum concurrency for 131,072 tokens per request: 11.84x => concurrency=1184 concurrency_tokens=131072
            GPU KV cache size: 476,016 tokens, Maximum concurrency for 8,192 tokens per request: 58.11x => concurrency=5811 concurrency_tokens=8192 pool_tokens=476016
            Estimated CUDA graph memory: 0.25 GiB total => graphs_estimated=268435456
            Graph capturing finished in 22 secs, took 0.50 GiB => graphs=536870912
            CUDA graph pool memory: 0.5 GiB (actual), 0.25 GiB (estimated), difference: 0.25 GiB => graphs=536870912
            Initial free memory: 78.5 GiB; Requested memory: 0.90 (util), 71.25 GiB => budget=76504104960 device_free=84288733184 memory_fraction=0.90
            ValueError: Free memory on device cuda:0 (10.5/79.25 GiB) on startup is less than desired GPU memory utilization (0.92, 72.5 GiB). Decrease it. => budget=77846282240 device_free=11274289152 device_total=85094039552 memory_fraction=0.92 outcome=does_not_fit
            Free memory on device (78.5/79.25 GiB) on startup. Desired GPU memory utilization is (0.9, 71.25 GiB). Actual usage is 14.5 GiB for weight, 4.75 GiB for peak activation, 0.125 GiB for non-torch memory, and -0.45 GiB for CUDAGraph memory. Replace it. => activation=5100273664 budget=76504104960 device_free=84288733184 device_total=85094039552 loaded=15569256448 memory_fraction=0.9 non_torch=134217728
            Desired GPU memory utilization is (0.92, 28.5 GiB). Actual usage is 15.5 GiB for consumed memory (weights + non-torch), 1.5 GiB for peak activation, and 0.5 GiB for CUDAGraph memory. => activation=1610612736 budget=30601641984 consumed=16642998272 graphs=536870912 memory_fraction=0.92
            the current vLLM instance can use total_gpu_memory (79.25GiB) x gpu_memory_utilization (0.90) = 71.25GiB => budget=76504104960 device_total=85094039552 memory_fraction=0.90
            model weights take 34.5GiB; non_torch_memory takes 0.5GiB; PyTorch activation peak memory takes 2.5GiB; the rest of the memory reserved for KV Cache is 0.25GiB. => activation=2684354560 loaded=37044092928 non_torch=536870912 pool=268435456
            Memory profiling results: total_gpu_memory=23.5GiB initial_memory_usage=15.2GiB peak_torch_memory=17.0GiB non_torch_memory=0.25GiB kv_cache_size=3.75GiB gpu_memory_utilization=0.90 => device_total=25232932864 memory_fraction=0.90 non_torch=268435456 pool=4026531840
            Memory profiling takes 8.9 seconds. Total non KV cache memory: 20.5GiB; torch peak memory increase: 4.75GiB; non-torch forward increase memory: 0.25GiB; weights memory: 15.25GiB. => activation=5100273664 loaded=16374562816 non_torch=268435456
            # GPU blocks: 8,825, # CPU blocks: 512 => pool_blocks=8825
            # cuda blocks: 307335, # CPU blocks: 512 => pool_blocks=307335
            ValueError: To serve at least one request with the model's max seq len (1048576), (7.5 GiB KV cache is needed, which is larger than the available KV cache memory (4.0 GiB). Based on the available memory, the estimated maximum model length is 530432. Try it. => context=1048576 context_estimated=530432 outcome=does_not_fit pool=4294967296 pool_needed=8053063680
            To serve at least one request with the models's max seq len (40960), 5.0 GiB KV cache is needed, which is larger than the available KV cache memory (2.5 GiB). => context=40960 outcome=does_not_fit pool=2684354560 pool_needed=5368709120
            ValueError: The model's max seq len (163840) is larger than the maximum number of tokens that can be stored in KV cache (13360). Try it. => context=163840 outcome=does_not_fit pool_tokens=13360
            Setting kv cache block size to 64 for FLASHMLA backend.¶Available KV cache memory: 1 GiB => page_tokens=64 pool=1073741824
            Setting attention block size to 1056 tokens to ensure that attention page size is >= mamba page size.¶Available KV cache memory: 1 GiB => page_tokens=1056 pool=1073741824
            Add 2 padding layers, may waste at most 3.45% KV cache memory => padding_layers=2
            Auto-fit max_model_len: reduced from 131072 to 80000 to fit¶GPU KV cache size: 80,016 tokens => context=80000 pool_tokens=80016
            Chunked prefill is enabled with max_num_batched_tokens=2048.¶GPU KV cache size: 80,016 tokens => max_batched_tokens=2048 pool_tokens=80016
            [2026-01-02 03:04:05 TP0] Load weight begin. avail mem=78.5 GB => free_before_load=84288733184
            [2026-01-02 03:04:05 TP0] Load weight end. elapsed=4.10 s, type=LlamaForCausalLM, dtype=torch.bfloat16, avail mem=63.5 GB, mem usage=15.0 GB. => architecture=LlamaForCausalLM free_after_load=68182605824 loaded=16106127360
            Load weight end. type=LlamaForCausalLM, dtype=torch.bfloat16, avail mem=63.5 GB, mem usage=15.0 GB. => architecture=LlamaForCausalLM free_after_load=68182605824 loaded=16106127360
            KV Cache is allocated. dtype: torch.bfloat16, #tokens: 367404, K size: 8.25 GB, V size: 8.25 GB => pool_keys=8858370048 pool_tokens=367404 pool_values=8858370048
            KV Cache is allocated. #tokens: 383872, KV size: 19.25 GB => pool=20669530112 pool_tokens=383872
            Mamba Cache is allocated. max_mamba_cache_size: 2211, conv_state size: 0.5GB, ssm_state size: 24.5GB => state_convolution=536870912 state_pool=26306674688 state_slots=2211
            Use sliding window memory pool. full_layer_tokens=1000, swa_layer_tokens=800 => full_tokens=1000 window_tokens=800
            Memory pool end. avail mem=8.25 GB => free_after_pool=8858370048
            Capture cuda graph end. Time elapsed: 5.10 s. mem usage=1.25 GB. avail mem=7.0 GB. => graphs=1342177280
            Capture target decode CUDA graph end. elapsed=5.10 s, mem usage=1.25 GB. avail mem=7.0 GB. => graphs=1342177280
            max_total_num_tokens=444500, chunked_prefill_size=8192, max_prefill_tokens=16384, max_running_requests=2048, context_len=131072, available_gpu_mem=7.5 GB => context=131072 free_at_end=8053063680 max_batched_tokens=8192 max_sequences=2048 pool_tokens=444500
            Init torch distributed ends. elapsed=1.5 s, mem usage=1.75 GB => communication=1879048192
            llama_model_load_from_file_impl: using device CUDA0 (NVIDIA GeForce RTX 4090) (0000:01:00.0) - 23000 MiB free => device_free@CUDA0=24117248000
            load_tensors: offloaded 33/33 layers to GPU¶load_tensors:        CUDA0 model buffer size =  4096.25 MiB¶load_tensors:   CPU_Mapped model buffer size =   281.81 MiB => model_buffer@CPU_Mapped=295499203 model_buffer@CUDA0=4295229440 offloadable_layers=33 offloaded_layers=33
            llama_kv_cache_init:    Vulkan0 KV buffer size =  2048.00 MiB¶llama_kv_cache: size = 2048.00 MiB ( 16384 cells,  32 layers,  1/1 seqs), K (f16): 1024.00 MiB, V (f16): 1024.00 MiB => cache_buffer@Vulkan0=2147483648 cache_cells=16384 cache_keys=1073741824 kv_cache=f16
            llama_kv_cache_unified: KV self size = 9760.00 MiB, K (f16): 5856.00 MiB, V (f16): 3904.00 MiB => cache_keys=6140461056 kv_cache=f16 pool=10234101760
            llama_memory_recurrent:      CUDA0 RS buffer size =    10.50 MiB¶llama_context:  CUDA_Host  output buffer size =     0.50 MiB¶llama_context:      CUDA0 compute buffer size =   256.50 MiB => compute_buffer@CUDA0=268959744 output_buffer@CUDA_Host=524288 state_buffer@CUDA0=11010048
            llama_params_fit_impl: projected to use 8192 MiB of device memory vs. 23000 MiB of free device memory => device_free=24117248000 projected=8589934592
            llama_memory_breakdown_print: |   - CUDA0 (RTX 4090)   | 24080 = 19187 + (4873 = 4403 + 256 + 213) + 18 | => compute_buffer@CUDA0=223346688 context_buffer@CUDA0=268435456 device_total@CUDA0=25249710080 free_at_end@CUDA0=20119027712 model_buffer@CUDA0=4616880128 unaccounted@CUDA0=18874368
            print_info: file size   = 4.5 GiB (4.89 BPW)¶print_info: arch             = llama¶print_info: general.name     = Some Model 8B¶llm_load_print_meta: model ftype      = Q4_K - Medium => architecture=llama file_size=4831838208 file_type=Q4_K - Medium model=Some Model 8B
            llama_context: n_ctx         = 32768¶llama_context: n_seq_max     = 4¶llama_context: n_ubatch      = 512¶x: CUDA0 compute buffer size = 1 MiB => compute_buffer@CUDA0=1048576 context=32768 max_batched_tokens=512 sequences=4
            """)
    void everyTextIsRead(String lines, String expected) {
        assertThat(all(read(lines.replace('¶', '\n')))).isEqualTo(expected);
    }

    @Test
    void argumentsOfAnEngineAreRead() {
        assertThat(all(read("""
                        (APIServer pid=1) INFO [api_server.py:1] vLLM API server version 0.19.0
                        (APIServer pid=1) INFO [utils.py:1] non-default args: {'model_tag': 'some-org/Some-8B', 'model': 'some-org/Some-8B', 'max_model_len': 4096, 'gpu_memory_utilization': 0.95, 'max_num_seqs': 64, 'speculative_config': {'method': 'mtp', 'model': 'other', 'num_speculative_tokens': 2}}
                        (EngineCore pid=2) INFO [core.py:1] Initializing a V1 LLM engine (v0.19.1) with config: model='some-org/Some-8B', speculative_config=SpeculativeConfig(method='mtp', model='other', num_spec_tokens=2), tokenizer='x', dtype=torch.bfloat16, max_seq_len=8192, tensor_parallel_size=2, pipeline_parallel_size=1, data_parallel_size=4, quantization=None, enforce_eager=True, kv_cache_dtype=fp8_e4m3, device_config=cuda
                        Available KV cache memory: 1 GiB
                        """)))
                .isEqualTo(
                        "context=8192 data_parallel=4 dtype=torch.bfloat16 eager=True kv_cache=fp8_e4m3 max_sequences=64"
                                + " memory_fraction=0.95 model=some-org/Some-8B pipeline_parallel=1 pool=1073741824"
                                + " speculative_method=mtp speculative_tokens=2 tensor_parallel=2 version=0.19.1");
        assertThat(all(read("""
                        [2026-01-02 03:04:05] server_args=ServerArgs(model_path='some-org/Some-8B', dtype='auto', quantization='fp8', kv_cache_dtype='auto', context_length=None, mem_fraction_static=0.88, max_running_requests=None, chunked_prefill_size=8192, tp_size=4, pp_size=1, dp_size=1, ep_size=4, disable_cuda_graph=False)
                        Memory pool end. avail mem=1 GB
                        """)))
                .isEqualTo(
                        "data_parallel=1 eager=False expert_parallel=4 free_after_pool=1073741824 max_batched_tokens=8192"
                                + " memory_fraction=0.88 model=some-org/Some-8B pipeline_parallel=1 quantization=fp8 tensor_parallel=4");
    }

    @Test
    void ofRanksTheTightestCountsWithItsLine() {
        ServerLog log = read("""
                (Worker_TP0 pid=1) Model loading took 10.00 GiB memory and 1 seconds
                (Worker_TP1 pid=2) Model loading took 10.50 GiB memory and 1 seconds
                (Worker_TP0 pid=1) Available KV cache memory: 3.00 GiB
                (Worker_TP1 pid=2) Available KV cache memory: 2.00 GiB
                (Worker_TP2 pid=3) Available KV cache memory: 2.50 GiB
                """);
        LogFigure pool = log.figure(LogTerm.POOL).orElseThrow();
        assertThat(pool).isEqualTo(new LogFigure(LogTerm.POOL, "", 2L << 30, 5_368_710, 4, 3, 1L << 30));
        assertThat(log.figure(LogTerm.LOADED).orElseThrow().line()).isEqualTo(2);
    }

    @Test
    void aSecondModelOfTheSameRankDrafts() {
        ServerLog log = read("""
                [x TP0] Load weight end. type=A, avail mem=30 GB, mem usage=20 GB.
                [x TP1] Load weight end. type=A, avail mem=30 GB, mem usage=20 GB.
                [x TP0] KV Cache is allocated. #tokens: 1000, KV size: 9 GB
                [x TP1] KV Cache is allocated. #tokens: 1000, KV size: 9 GB
                [x TP0] Load weight end. type=ANextN, avail mem=20 GB, mem usage=2 GB.
                [x TP0] KV Cache is allocated. #tokens: 1000, KV size: 1 GB
                """);
        assertThat(log.drafts()).isTrue();
        assertThat(all(log)).contains("draft_loaded=2147483648", "draft_pool=1073741824", " pool=9663676416");
    }

    @Test
    void theLastStartCounts() {
        String start = "vLLM API server version 0.9.%d\nAvailable KV cache memory: %d GiB\n";
        ServerLog log = read(String.format(start, 1, 1) + String.format(start, 2, 2));
        assertThat(all(log)).isEqualTo("pool=2147483648 version=0.9.2");
        assertThat(log.starts()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({
        "Application startup complete., runs",
        "Application startup complete.;torch.OutOfMemoryError: CUDA out of memory. Tried, oom_runtime",
        "torch.OutOfMemoryError: CUDA out of memory. Tried, does_not_fit",
        "ValueError: No available memory for the cache blocks. Try increasing it, does_not_fit"
    })
    void theEndIsTold(String lines, String outcome) {
        assertThat(read("Model loading took 1 GiB\n" + lines.replace(';', '\n'))
                        .outcome()
                        .orElseThrow()
                        .id())
                .isEqualTo(outcome);
    }

    @Test
    void linesOfAnyLengthAndKindAreSkippedAndCounted() {
        String figure = "Available KV cache memory: 1 GiB";
        assertThat(read("x".repeat(1 << 20) + "\n" + figure))
                .extracting(ServerLog::skipped, ServerLog::firstSkipped, ServerLog::lines)
                .containsExactly(1L, 1L, 2L);
        assertThat(read(figure + "\n\nAvailable KV cache memory: much\nModel loading took 999999999999999999 GiB\n"))
                .extracting(ServerLog::skipped, ServerLog::firstSkipped, ServerLog::lines)
                .containsExactly(2L, 3L, 4L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16"})
    void linesEndAsAnySystemEndsThem(String charset) {
        ServerLog log = read("a\r\n 10%\r 20%\r\nAvailable KV cache memory: 1 GiB\r\n", Charset.forName(charset));
        assertThat(log.figures()).singleElement().extracting(LogFigure::line).isEqualTo(3L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "\n\n", "hello", "build: 4589 (abc) with cc\nmain: model loaded\n", "\u0000\u0001\uFFFF"})
    void aLogWithoutFiguresIsRefusedWithWhatIsLookedFor(String text) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(MalformedFileException.class)
                .hasMessageStartingWith("some.log: lines 1 to ")
                .hasMessageContaining("Model loading took")
                .hasMessageContaining("-lv 4");
    }

    @Test
    void everyTextNamesWhatIsKnownAndNoTwoAreAlike() {
        assertThat(ServerLogReader.known())
                .extracting(text -> text.engine() + text.text())
                .doesNotHaveDuplicates();
        assertThat(ServerLogReader.known()).extracting(LogText::engine).contains(LogEngine.values());
    }
}
