package io.llmsizing.engine;

import static com.google.common.base.Preconditions.checkArgument;

import io.llmsizing.hardware.Accelerator;
import io.llmsizing.ledger.Assumption;
import java.util.List;
import java.util.regex.Pattern;

/** The engines that the library knows, by name and version. */
public final class Engines {
    /** No engine: what the model itself needs of the device. */
    public static final EngineProfile NONE = new NoEngine();

    private static final Pattern UNTAGGED_BUILD = Pattern.compile("v?0\\.[01](\\.\\d{1,3})?\\.dev\\d{1,6}\\+.*");

    private Engines() {}

    /**
     * vLLM, the newest version with facts of its own.
     *
     * @return the profile
     */
    public static EngineProfile vllm() {
        return Vllm.NEWEST;
    }

    /**
     * vLLM of a version. One between two known versions takes the older one's facts and says so in its assumptions. So does a
     * build that was made without the tags of its releases and calls itself 0.1, of the newest facts.
     *
     * @param version such as {@code "0.11"}, {@code "0.19.0"} or {@code "0.1.dev1+gda1daf40b"}, or a month or day such as
     *     {@code "2025-07"}
     * @return the profile
     * @throws IllegalArgumentException if it is not a version, or older than all that is known
     */
    public static EngineProfile vllm(String version) {
        if (!UNTAGGED_BUILD.matcher(version.strip()).matches()) {
            AskedVersion asked = Vllm.FACTS.asked("vLLM", version);
            return new VllmProfile(Vllm.FACTS, asked.version(), asked.assumptions());
        }
        EngineVersion newest = Vllm.FACTS.newest();
        return new VllmProfile(
                Vllm.FACTS,
                newest,
                List.of(new Assumption(
                        "engine version",
                        "vLLM " + version.strip() + " does not tell its release; the newest facts, of " + newest
                                + ", are used")));
    }

    /**
     * llama.cpp, the newest build with facts of its own.
     *
     * @return the profile
     */
    public static EngineProfile llamaCpp() {
        return LlamaCpp.NEWEST;
    }

    /**
     * llama.cpp of a build. A build behind a known one takes that one's facts and says so in its assumptions.
     *
     * @param build such as {@code "b10573"}, or a month or day such as {@code "2026-06"}
     * @return the profile
     * @throws IllegalArgumentException if it is not a build, or older than all that is known
     */
    public static EngineProfile llamaCpp(String build) {
        AskedVersion asked = LlamaCpp.FACTS.asked("llama.cpp", build);
        return new LlamaCppProfile(LlamaCpp.FACTS, asked.version(), asked.assumptions());
    }

    /**
     * TensorRT-LLM with its PyTorch backend, the newest version with facts of its own.
     *
     * @return the profile
     */
    public static EngineProfile tensorRtLlm() {
        return TensorRtLlm.NEWEST;
    }

    /**
     * TensorRT-LLM of a version. One between two known versions takes the older one's facts and says so.
     *
     * @param version such as {@code "1.1.0rc3"}
     * @return the profile
     * @throws IllegalArgumentException if it is not a version, or older than all that is known
     */
    public static EngineProfile tensorRtLlm(String version) {
        AskedVersion asked = TensorRtLlm.FACTS.asked("TensorRT-LLM", version);
        return new TensorRtLlmProfile(TensorRtLlm.FACTS, asked.version(), asked.assumptions());
    }

    /**
     * SGLang, the newest version with facts of its own.
     *
     * @return the profile
     */
    public static EngineProfile sglang() {
        return Sglang.NEWEST;
    }

    /**
     * SGLang of a version. One between two known versions takes the older one's facts and says so.
     *
     * @param version such as {@code "0.5.4"}, of which three numbers count, or {@code "2025-07"}, on whose last day it was
     *     the newest
     * @return the profile
     * @throws IllegalArgumentException if it is not a version, or older than all that is known
     */
    public static EngineProfile sglang(String version) {
        AskedVersion asked = Sglang.FACTS.asked("SGLang", version);
        return new SglangProfile(Sglang.FACTS, asked.version(), asked.assumptions());
    }

    /**
     * The transformers library, the newest version with facts of its own.
     *
     * @return the profile
     */
    public static EngineProfile transformers() {
        return Transformers.NEWEST;
    }

    /**
     * The transformers library of a version. One between two known versions takes the older one's facts and says so.
     *
     * @param version such as {@code "4.57"} or {@code "5.17"}
     * @return the profile
     * @throws IllegalArgumentException if it is not a version, or older than all that is known
     */
    public static EngineProfile transformers(String version) {
        AskedVersion asked = Transformers.FACTS.asked("transformers", version);
        return new TransformersProfile(Transformers.FACTS, asked.version(), asked.assumptions());
    }

    /**
     * An engine by name.
     *
     * @param name one of {@link #names}, whatever its letter case, dots and hyphens; {@code trtllm} and {@code hf} are names too;
     *     behind a colon it may say the version, such as {@code vllm:0.19}
     * @param version empty for that of the name, else the newest known
     * @return the profile
     * @throws IllegalArgumentException for an unknown engine or version, naming the known ones, and for two versions
     */
    public static EngineProfile named(String name, String version) {
        int colon = name.indexOf(':');
        if (colon >= 0) {
            return named(name.substring(0, colon), versionBehind(name, colon, version));
        }
        String meant = EngineNames.meant(name).orElseThrow(() -> EngineNames.unknown(name));
        return switch (meant) {
            case "none" -> {
                checkArgument(version.isEmpty(), "engine none has no versions; leave '%s' out", version);
                yield NONE;
            }
            case "vllm" -> version.isEmpty() ? vllm() : vllm(version);
            case "llama.cpp" -> version.isEmpty() ? llamaCpp() : llamaCpp(version);
            case "sglang" -> version.isEmpty() ? sglang() : sglang(version);
            case "tensorrt-llm" -> version.isEmpty() ? tensorRtLlm() : tensorRtLlm(version);
            case "transformers" -> version.isEmpty() ? transformers() : transformers(version);
            default -> throw new AssertionError(meant);
        };
    }

    private static String versionBehind(String name, int colon, String version) {
        String said = name.substring(colon + 1).strip();
        checkArgument(
                !said.isEmpty() && said.indexOf(':') < 0,
                "'%s' has no version behind its colon; write NAME or NAME:VERSION, such as vllm:0.19",
                name);
        checkArgument(
                version.isEmpty() || version.strip().equals(said),
                "'%s' says version %s, and %s is asked for besides; leave one of them out",
                name,
                said,
                version);
        return said;
    }

    /**
     * Whether an engine is meant.
     *
     * @param name as for {@link #named}, with or without a version
     * @return whether the name is known
     */
    public static boolean isNamed(String name) {
        int colon = name.indexOf(':');
        return EngineNames.meant(colon < 0 ? name : name.substring(0, colon)).isPresent();
    }

    /**
     * The engine that serves on a device if none is named.
     *
     * @param device the device
     * @return its usual one, in its newest known version; none where it has no profile
     */
    public static EngineProfile usual(Accelerator device) {
        return names().contains(device.engine()) ? named(device.engine(), "") : NONE;
    }

    /**
     * The names that {@link #named} knows.
     *
     * @return the names
     */
    public static List<String> names() {
        return EngineNames.KNOWN;
    }

    /** Read when vLLM is first asked for. */
    private static final class Vllm {
        static final EngineFacts FACTS = EngineFacts.bundled("vllm");
        static final EngineProfile NEWEST = new VllmProfile(FACTS, FACTS.newest());
    }

    /** Read when llama.cpp is first asked for. */
    private static final class LlamaCpp {
        static final EngineFacts FACTS = EngineFacts.bundled("llama.cpp", EngineVersion.Counting.BUILD);
        static final EngineProfile NEWEST = new LlamaCppProfile(FACTS, FACTS.newest());
    }

    /** Read when TensorRT-LLM is first asked for. */
    private static final class TensorRtLlm {
        static final EngineFacts FACTS = EngineFacts.bundled("tensorrt-llm");
        static final EngineProfile NEWEST = new TensorRtLlmProfile(FACTS, FACTS.newest());
    }

    /** Read when SGLang is first asked for. */
    private static final class Sglang {
        static final EngineFacts FACTS = EngineFacts.bundled("sglang", EngineVersion.Counting.PATCH);
        static final EngineProfile NEWEST = new SglangProfile(FACTS, FACTS.newest());
    }

    /** Read when transformers is first asked for. */
    private static final class Transformers {
        static final EngineFacts FACTS = EngineFacts.bundled("transformers");
        static final EngineProfile NEWEST = new TransformersProfile(FACTS, FACTS.newest());
    }
}
