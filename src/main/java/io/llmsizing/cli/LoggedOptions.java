package io.llmsizing.cli;

import io.llmsizing.engine.EngineProfile;
import io.llmsizing.engine.EngineSetting;
import io.llmsizing.engine.Engines;
import io.llmsizing.ggml.GgufMix;
import io.llmsizing.quantization.CacheFormat;
import io.llmsizing.quantization.CacheFormats;
import io.llmsizing.serverlog.LogEngine;
import io.llmsizing.serverlog.LogFigure;
import io.llmsizing.serverlog.LogSetting;
import io.llmsizing.serverlog.LogStatement;
import io.llmsizing.serverlog.LogTerm;
import io.llmsizing.serverlog.ServerLog;
import io.llmsizing.units.ByteSize;
import io.llmsizing.units.Ratio;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Fills the options that were not given with what a log says, and keeps account of what came from where. */
final class LoggedOptions {
    private static final long MOST = 1L << 31;

    private final CommandSpec spec;
    private final ServerLog log;
    private final List<String> taken = new ArrayList<>();
    private final List<String> assumed = new ArrayList<>();

    LoggedOptions(CommandSpec spec, ServerLog log) {
        this.spec = spec;
        this.log = log;
    }

    /** What was read, with the lines. */
    List<String> taken() {
        return taken;
    }

    /** What the log leaves open. */
    List<String> assumed() {
        return assumed;
    }

    void fill() {
        boolean profiled = engine();
        if (log.engine() == LogEngine.LLAMA_CPP) {
            llamaCpp();
        } else {
            pooled(profiled);
        }
        log.figure(LogTerm.DEVICE_TOTAL)
                .ifPresent(total ->
                        set("--usable-memory", ByteSize.ofBytes(total.value()).toString(), total.line()));
    }

    private boolean engine() {
        String name = log.engine().id();
        boolean profiled = Engines.names().contains(name);
        if (!profiled) {
            assumed.add("no profile of " + name + " here: weights and bytes of cached tokens alone are compared");
        }
        set("--engine", profiled ? name : "none", 0);
        Optional<LogStatement> version = log.said(LogSetting.VERSION);
        if (profiled && version.isPresent() && !isGiven("--engine")) {
            LogStatement said = version.orElseThrow();
            try {
                Engines.named(name, said.text());
                set("--engine-version", said.text(), said.line());
            } catch (IllegalArgumentException unknown) {
                assumed.add("line " + said.line() + ": version " + said.text() + ": " + unknown.getMessage()
                        + "; the newest is taken");
            }
        } else if (profiled && version.isEmpty()) {
            assumed.add("the log does not say the version: the newest is taken");
        }
        return profiled;
    }

    private void pooled(boolean profiled) {
        count("--tensor", LogSetting.TENSOR_PARALLEL, value -> (int) (long) value, 1);
        count("--pipeline", LogSetting.PIPELINE_PARALLEL, value -> (int) (long) value, 1);
        count("--data", LogSetting.DATA_PARALLEL, value -> (int) (long) value, 1);
        said(LogSetting.EXPERT_PARALLEL, said -> {
            if (said.text().equalsIgnoreCase("true") || whole(said.text()).orElse(0L) > 1) {
                set("--expert", true, said.line());
            }
        });
        if (profiled) {
            fraction();
            count("--max-sequences", LogSetting.MAX_SEQUENCES, value -> value, 0);
            count("--max-batched-tokens", LogSetting.MAX_BATCHED_TOKENS, value -> value, 0);
        }
        context();
        cache();
        said(LogSetting.EAGER, said -> {
            if (said.text().equalsIgnoreCase("true")) {
                set("--eager", true, said.line());
            }
        });
        said(LogSetting.DTYPE, said -> {
            if (said.text().endsWith("float32")) {
                set("--weights", "fp32", said.line());
            }
        });
        said(LogSetting.SPECULATIVE_METHOD, said -> {
            String method = said.text().toLowerCase(Locale.ROOT);
            if (method.contains("mtp") || method.contains("nextn")) {
                set("--speculative-tokens", whole(LogSetting.SPECULATIVE_TOKENS).orElse(1L), said.line());
            } else {
                assumed.add(
                        "line " + said.line() + ": tokens are drafted by " + said.text() + ", which is not counted");
            }
        });
    }

    private void fraction() {
        Optional<LogStatement> fraction = log.said(LogSetting.MEMORY_FRACTION);
        if (fraction.isPresent() && isRatio(fraction.orElseThrow().text())) {
            set(
                    "--memory-fraction",
                    fraction.orElseThrow().text(),
                    fraction.orElseThrow().line());
        } else if (!isGiven("--memory-fraction")) {
            assumed.add("the log does not say the share of the device: the version's own is taken");
        }
    }

    private static boolean isRatio(String text) {
        try {
            return Ratio.parse(text).numerator() >= 0;
        } catch (IllegalArgumentException no) {
            return false;
        }
    }

    private void context() {
        Optional<LogFigure> length = log.figure(LogTerm.CONCURRENCY_TOKENS);
        if (whole(LogSetting.CONTEXT).isPresent()) {
            count("--context", LogSetting.CONTEXT, value -> value, 0);
        } else if (length.isPresent()) {
            set("--context", length.orElseThrow().value(), length.orElseThrow().line());
        } else if (!isGiven("--context")) {
            assumed.add("the log does not say the longest request: 8,192 tokens, or the model's context if shorter");
        }
    }

    private void cache() {
        said(LogSetting.KV_CACHE, said -> {
            String name =
                    said.text().toLowerCase(Locale.ROOT).replace("torch.", "").replaceFirst("^f(\\d+)$", "fp$1");
            String format = name.startsWith("fp8") || name.startsWith("float8") ? "fp8" : name;
            try {
                CacheFormat known = CacheFormats.named(format);
                if (!profile().knows(known)) {
                    assumed.add("line " + said.line() + ": a cache in " + said.text()
                            + " is none that this engine is known to keep; BF16 is taken");
                    return;
                }
                set("--kv-cache", format, said.line());
            } catch (IllegalArgumentException unknown) {
                assumed.add(
                        "line " + said.line() + ": a cache in " + said.text() + " is not known here; BF16 is taken");
            }
        });
    }

    private void llamaCpp() {
        long slots = Math.max(1, whole(LogSetting.SEQUENCES).orElse(1L));
        count("--sequences", LogSetting.SEQUENCES, value -> value, 0);
        said(
                LogSetting.CONTEXT,
                said -> whole(said.text())
                        .ifPresent(cells -> set("--context", Math.max(1, cells / slots), said.line())));
        count("--max-batched-tokens", LogSetting.MAX_BATCHED_TOKENS, value -> value, 0);
        commandLine();
        cache();
        said(LogSetting.FILE_TYPE, said -> {
            String mix = "gguf:"
                    + said.text()
                            .toLowerCase(Locale.ROOT)
                            .replace(" - medium", "_m")
                            .replace(" - small", "_s")
                            .replace(" - large", "_l");
            if (GgufMix.names().contains(mix)) {
                set("--weights", mix, said.line());
            } else if (!isGiven("--weights")) {
                assumed.add("line " + said.line() + ": file type " + said.text()
                        + " is not known here; give --weights, or --model with the file itself");
            }
        });
        said(LogSetting.OFFLOADED_LAYERS, said -> {
            long left = whole(LogSetting.OFFLOADABLE_LAYERS).orElse(0L)
                    - whole(said.text()).orElse(0L);
            if (left > 0 && left < MOST) {
                set("--host-layers", (int) left, said.line());
            }
        });
    }

    /** A command line tool reserves logits for every token of a step, where the server has a row for each slot. */
    private void commandLine() {
        Optional<Long> batch = whole(LogSetting.COMMAND_LINE_BATCH).filter(tokens -> tokens >= 1 && tokens < MOST);
        if (batch.isPresent() && profile().settings().contains(EngineSetting.MAX_SEQUENCES)) {
            long step = whole(LogSetting.MAX_BATCHED_TOKENS).orElse(batch.orElseThrow());
            set(
                    "--max-sequences",
                    Math.min(batch.orElseThrow(), step),
                    log.said(LogSetting.COMMAND_LINE_BATCH).orElseThrow().line());
            assumed.add("it is a command line tool's log: logits of every token of a step are kept");
        }
    }

    /** The engine as far as options and log say it by now. */
    private EngineProfile profile() {
        String name = spec.findOption("--engine").getValue();
        String version = spec.findOption("--engine-version").getValue();
        return Engines.named(name, version);
    }

    private void said(LogSetting setting, Consumer<LogStatement> use) {
        log.said(setting).ifPresent(use);
    }

    private Optional<Long> whole(LogSetting setting) {
        return log.said(setting).flatMap(said -> whole(said.text()));
    }

    private static Optional<Long> whole(String text) {
        String digits = text.replace(",", "");
        return digits.matches("[0-9]{1,10}") ? Optional.of(Long.parseLong(digits)) : Optional.empty();
    }

    private void count(String option, LogSetting setting, Function<Long, Object> value, long otherwise) {
        Optional<Long> count = whole(setting).filter(number -> number >= 1 && number <= MOST - 1);
        if (count.isPresent()) {
            set(
                    option,
                    value.apply(count.orElseThrow()),
                    log.said(setting).orElseThrow().line());
        } else if (otherwise > 0) {
            set(option, value.apply(otherwise), 0);
        } else if (!isGiven(option)) {
            assumed.add(
                    "the log does not say " + option.substring(2).replace('-', ' ') + ": the engine's own are taken");
        }
    }

    boolean isGiven(String option) {
        return spec.commandLine().getParseResult().hasMatchedOption(option);
    }

    private void set(String option, Object value, long line) {
        OptionSpec found = spec.findOption(option);
        if (isGiven(option)) {
            return;
        }
        ((ArgSpec) found).setValue(value);
        if (line > 0) {
            taken.add(option + " " + value + ": line " + line);
        }
    }

    /** How the weights are stored, where a plain checkpoint is quantised on loading. */
    void quantised(boolean plainCheckpoint) {
        said(LogSetting.QUANTIZATION, said -> {
            String method = said.text().toLowerCase(Locale.ROOT);
            String weights = method.startsWith("awq")
                    ? "awq"
                    : method.startsWith("gptq")
                            ? "gptq"
                            : method.startsWith("bitsandbytes")
                                    ? "nf4"
                                    : method.equals("fp8") || method.equals("int8") ? method : "";
            if (plainCheckpoint && !weights.isEmpty()) {
                set("--weights", weights, said.line());
            } else if (plainCheckpoint && !isGiven("--weights")) {
                assumed.add("line " + said.line() + ": quantization " + said.text()
                        + ", while the model found here is not quantised; give --weights");
            }
        });
    }
}
