package io.llmsizing.quantization;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Which tensor is stored in which format: by its role, and for single tensors of a checkpoint otherwise. Schemes leave
 * embeddings, heads, norms, biases and routers in the 16-bit type, since that is how quantised checkpoints are published;
 * the routing correction stays FP32.
 */
public final class WeightScheme {
    /** The roles that quantisation touches: the linear layers of attention and feed-forward blocks. */
    public static final Set<TensorRole> LINEAR_LAYERS =
            Set.of(TensorRole.ATTENTION, TensorRole.DENSE_FEED_FORWARD, TensorRole.EXPERT, TensorRole.SHARED_EXPERT);

    private final String name;
    private final Map<TensorRole, BlockFormat> formats;
    private final Map<String, Map<String, BlockFormat>> exceptions;

    private WeightScheme(
            String name, Map<TensorRole, BlockFormat> formats, Map<String, Map<String, BlockFormat>> exceptions) {
        this.name = name;
        this.formats = Maps.immutableEnumMap(formats);
        this.exceptions = exceptions;
    }

    /**
     * Every tensor in one format.
     *
     * @param format the format, 16 or 32 bits an element
     * @return the scheme, named like the format; the routing correction stays FP32
     */
    public static WeightScheme uniform(BlockFormat format) {
        Map<TensorRole, BlockFormat> formats = new EnumMap<>(TensorRole.class);
        for (TensorRole role : TensorRole.values()) {
            formats.put(role, format);
        }
        formats.put(TensorRole.ROUTER_BIAS, Formats.FP32);
        formats.put(TensorRole.ROUTING_TABLE, Formats.INT32);
        return new WeightScheme(format.name(), formats, ImmutableMap.of());
    }

    /**
     * The linear layers of the blocks in one format, the rest in another.
     *
     * @param linear for the roles of {@link #LINEAR_LAYERS}
     * @param rest for all others but the routing correction, which stays FP32
     * @return the scheme, named like the linear layers' format, and like both ({@code awq-g128/bf16}) where the rest is
     *     not in the type in which such checkpoints are usually published
     */
    public static WeightScheme linearLayers(BlockFormat linear, BlockFormat rest) {
        Map<TensorRole, BlockFormat> formats = new EnumMap<>(uniform(rest).formats);
        LINEAR_LAYERS.forEach(role -> formats.put(role, linear));
        boolean plain = linear.equals(rest);
        String name = plain || rest.equals(usualRest(linear)) ? linear.name() : linear.name() + "/" + rest.name();
        return new WeightScheme(name, formats, ImmutableMap.of());
    }

    /** The type in which checkpoints of a kind usually keep what they do not quantise. */
    static BlockFormat usualRest(BlockFormat linear) {
        return linear.name().startsWith("awq") || linear.name().startsWith("gptq") ? Formats.FP16 : Formats.BF16;
    }

    /**
     * This scheme with one role stored otherwise.
     *
     * @param role the role
     * @param format its format
     * @return the changed scheme, named with the exception: {@code fp8-block-128+attention=bf16}
     */
    public WeightScheme with(TensorRole role, BlockFormat format) {
        if (formatOf(role).equals(format)) {
            return this;
        }
        Map<TensorRole, BlockFormat> changed = new EnumMap<>(formats);
        changed.put(role, format);
        String suffix = "+" + role.name().toLowerCase(Locale.ROOT) + "=" + format.name();
        return new WeightScheme(name + suffix, changed, exceptions);
    }

    /**
     * This scheme with single tensors stored otherwise than their roles say.
     *
     * @param byBlock for a block's name ({@code layers[2]}) the formats by the names of its tensors; not changed later
     * @return the changed scheme under the same name
     */
    public WeightScheme withExceptions(Map<String, Map<String, BlockFormat>> byBlock) {
        ImmutableMap.Builder<String, Map<String, BlockFormat>> copy = ImmutableMap.builder();
        byBlock.forEach((block, tensors) -> {
            if (!tensors.isEmpty()) {
                copy.put(block, ImmutableMap.copyOf(tensors));
            }
        });
        return new WeightScheme(name, formats, copy.build());
    }

    /**
     * This scheme under another name.
     *
     * @param other the name; where {@link WeightSchemes#named} does not read it, it is for people
     * @return the same formats
     */
    public WeightScheme named(String other) {
        return new WeightScheme(other, formats, exceptions);
    }

    /**
     * The scheme's name.
     *
     * @return as {@link WeightSchemes#named} reads it, unless it was named otherwise; it does not tell the exceptions of
     *     single tensors
     */
    public String name() {
        return name;
    }

    /**
     * The format of a role.
     *
     * @param role what the tensor does
     * @return how it is stored where no exception is made for it
     */
    public BlockFormat formatOf(TensorRole role) {
        return Objects.requireNonNull(formats.get(role));
    }

    /**
     * The format of a tensor.
     *
     * @param block the name of the block in which it stands, such as {@code layers[2]}
     * @param tensor the tensor
     * @return the exception made for it, or else the format of its role
     */
    public BlockFormat formatOf(String block, WeightTensor tensor) {
        if (!exceptions.isEmpty()) {
            Map<String, BlockFormat> ofBlock = exceptions.get(block);
            BlockFormat exception = ofBlock == null ? null : ofBlock.get(tensor.name());
            if (exception != null) {
                return exception;
            }
        }
        return formatOf(tensor.role());
    }

    /**
     * All formats by role.
     *
     * @return one entry for each role
     */
    public Map<TensorRole, BlockFormat> asMap() {
        return formats;
    }

    /**
     * What single tensors are stored in.
     *
     * @return for a block's name the formats by the names of its tensors; empty for most schemes
     */
    public Map<String, Map<String, BlockFormat>> exceptions() {
        return exceptions;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof WeightScheme scheme
                && name.equals(scheme.name)
                && formats.equals(scheme.formats)
                && exceptions.equals(scheme.exceptions);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
