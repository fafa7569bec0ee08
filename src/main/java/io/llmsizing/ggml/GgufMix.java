package io.llmsizing.ggml;

import io.llmsizing.document.CsvTable;
import io.llmsizing.ledger.Assumption;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.Model;
import io.llmsizing.model.ModelBuilder;
import io.llmsizing.model.TensorBlock;
import io.llmsizing.quantization.BlockFormat;
import io.llmsizing.quantization.Formats;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import io.llmsizing.weights.WeightBinding;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A mix of llama.cpp, such as Q4_K_M: which tensor of a model gets which ggml type when {@code llama-quantize} makes the
 * file. That depends on what the tensor does, on its layer and on the model, so a mix is not a scheme by itself: it is
 * bound to a model.
 *
 * <p>Worked value: Llama-3.1-8B in Q4_K_M is 4,912,898,048 B of tensors, 4.8944 bits a weight.
 *
 * <p>The rules are those of {@code src/llama-quant.cpp}, with an importance matrix for the mixes that demand one and
 * without for the rest, unless {@link #withImportanceMatrix} is asked for. Files that were made with other options, and those that choose per tensor ("UD", dynamic), are
 * read by their own headers, not by a mix.
 */
public final class GgufMix {
    private static final String PREFIX = "gguf:";
    private static final String WITH_MATRIX = "+imatrix";
    private static final Map<String, GgufMix> BY_NAME = byName();

    private final CsvTable.Row row;
    private final String name;
    private final GgufTypes types;
    private final boolean importanceMatrix;

    private GgufMix(CsvTable.Row row, String suffix) {
        String mix = row.required("mix");
        this.row = row;
        this.name = PREFIX + mix.toLowerCase(Locale.ROOT) + suffix;
        this.importanceMatrix =
                !suffix.isEmpty() || row.required("importance_matrix").equals("yes");
        this.types = new GgufTypes(
                mix,
                GgufTables.type(row, "base"),
                GgufTables.type(row, "token_embedding"),
                GgufTables.type(row, "output"),
                importanceMatrix);
    }

    private static Map<String, GgufMix> byName() {
        Map<String, GgufMix> mixes = new LinkedHashMap<>();
        for (CsvTable.Row row :
                GgufTables.rows("gguf-mixes.csv", "mix", "base", "token_embedding", "output", "importance_matrix")) {
            GgufMix mix = new GgufMix(row, "");
            mixes.put(mix.name, mix);
        }
        return Collections.unmodifiableMap(mixes);
    }

    /**
     * A mix by its name, in any letter case.
     *
     * @param name such as {@code Q4_K_M}, {@code gguf:q4_k_m} or {@code gguf:iq4_xs+imatrix}
     * @return the mix
     * @throws IllegalArgumentException for an unknown name, listing the known ones
     */
    public static GgufMix named(String name) {
        String wanted = name.strip().toLowerCase(Locale.ROOT);
        boolean matrix = wanted.endsWith(WITH_MATRIX);
        String plain = matrix ? wanted.substring(0, wanted.length() - WITH_MATRIX.length()) : wanted;
        GgufMix mix = BY_NAME.get(plain.startsWith(PREFIX) ? plain : PREFIX + plain);
        if (mix == null) {
            throw new IllegalArgumentException(
                    "'" + name + "' is not a mix of llama.cpp; known: " + String.join(", ", names()));
        }
        return matrix ? mix.withImportanceMatrix() : mix;
    }

    /**
     * The same mix made with an importance matrix. Q4_0 and Q5_0 then store the first {@code ffn_down} in one more
     * constant a block, and IQ4_XS and IQ4_NL no longer spare theirs.
     *
     * @return the mix, named {@code gguf:iq4_xs+imatrix}; itself where the mix demands a matrix anyway
     */
    public GgufMix withImportanceMatrix() {
        return importanceMatrix ? this : new GgufMix(row, WITH_MATRIX);
    }

    /**
     * Whether a name means a mix: whether it begins with {@code gguf:}.
     *
     * @param name as users write it
     * @return whether {@link #named} is to be asked
     */
    public static boolean isMeantBy(String name) {
        return name.strip().toLowerCase(Locale.ROOT).startsWith(PREFIX);
    }

    /**
     * The names of all mixes.
     *
     * @return such as {@code gguf:q4_k_m}, in the order in which they are listed to users
     */
    public static Set<String> names() {
        return BY_NAME.keySet();
    }

    /**
     * The mix's name.
     *
     * @return such as {@code gguf:q4_k_m}; the scheme of a model to which it was applied has the same
     */
    public String name() {
        return name;
    }

    /**
     * A model stored in this mix. Its parts are those of the given model: a vision tower, which llama.cpp keeps in a
     * file of its own, stays F16, and blocks of multi-token prediction are further layers, as converters append them;
     * what was taken for granted is among the assumptions.
     *
     * @param model the model, whatever it was stored in
     * @return the same shape with layers set apart by their types, and a scheme with exceptions under {@link #name}
     * @throws IllegalArgumentException for a tensor that the mix cannot store, as {@code llama-quantize} refuses it too
     */
    public Model applyTo(Model model) {
        WeightBinding binding = new WeightBinding(model);
        GgufTyping typing = new GgufTyping(types, GgufModel.of(model));
        Map<LayerGroup, List<WeightTensor>> known = new HashMap<>();
        int layer = 0;
        for (LayerGroup run : model.layers().runs()) {
            List<WeightTensor> tensors = known.computeIfAbsent(run.times(1), kind -> kind.tensors(model.hidden()));
            for (int i = 0; i < run.count(); i++) {
                binding.layer(tensors, typing.of(layer, tensors, run.attention()));
                layer++;
            }
        }
        for (TensorBlock block : model.blocks()) {
            if (block.part() != TensorBlock.Part.LAYERS) {
                binding.block(
                        block,
                        typing.of(
                                layer,
                                block.tensors(),
                                model.speculativeHead()
                                        .map(head -> head.layer().attention())
                                        .orElse(model.layers().groups().get(0).attention())));
            }
        }
        BlockFormat plain = Formats.FP32;
        WeightScheme scheme = binding.byRole(plain, role -> role == TensorRole.ROUTING_TABLE ? Formats.INT32 : plain)
                .named(name);
        ModelBuilder builder = model.toBuilder();
        binding.bind(builder, scheme);
        return builder.assumptions(assumptions(model)).build();
    }

    private List<Assumption> assumptions(Model model) {
        List<Assumption> taken = new ArrayList<>(model.assumptions());
        taken.removeIf(assumption -> assumption.about().startsWith(PREFIX));
        taken.add(new Assumption(
                name,
                "types as llama-quantize chooses them "
                        + (importanceMatrix ? "with" : "without")
                        + " an importance matrix; query, key and value in tensors of their own"));
        if (model.visionTower().isPresent()) {
            taken.add(new Assumption(name, "the vision tower in a file of its own (mmproj), in F16"));
        }
        if (model.speculativeHead().isPresent()) {
            taken.add(
                    new Assumption(
                            name,
                            "multi-token prediction as further layers, where it is loaded; files of some families leave it out"));
        }
        return List.copyOf(taken);
    }

    @Override
    public String toString() {
        return name;
    }
}
