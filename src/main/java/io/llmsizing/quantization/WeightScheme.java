package io.llmsizing.quantization;

import com.google.common.collect.Maps;
import io.llmsizing.tensor.TensorRole;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Which tensor role is stored in which format. Schemes leave embeddings, heads, norms, biases and routers in the
 * 16-bit type, since that is how quantised checkpoints are published; the routing correction stays FP32.
 */
public final class WeightScheme {
    /** The roles that quantisation touches: the linear layers of attention and feed-forward blocks. */
    public static final Set<TensorRole> LINEAR_LAYERS =
            Set.of(TensorRole.ATTENTION, TensorRole.DENSE_FEED_FORWARD, TensorRole.EXPERT, TensorRole.SHARED_EXPERT);

    private final String name;
    private final Map<TensorRole, BlockFormat> formats;

    private WeightScheme(String name, Map<TensorRole, BlockFormat> formats) {
        this.name = name;
        this.formats = Maps.immutableEnumMap(formats);
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
        return new WeightScheme(format.name(), formats);
    }

    /**
     * The linear layers of the blocks in one format, the rest in another.
     *
     * @param linear for the roles of {@link #LINEAR_LAYERS}
     * @param rest for all others but the routing correction, which stays FP32
     * @return the scheme, named like the linear layers' format
     */
    public static WeightScheme linearLayers(BlockFormat linear, BlockFormat rest) {
        Map<TensorRole, BlockFormat> formats = new EnumMap<>(uniform(rest).formats);
        LINEAR_LAYERS.forEach(role -> formats.put(role, linear));
        return new WeightScheme(linear.name(), formats);
    }

    /**
     * This scheme with one role stored otherwise.
     *
     * @param role the role
     * @param format its format
     * @return the changed scheme, named with the exception
     */
    public WeightScheme with(TensorRole role, BlockFormat format) {
        Map<TensorRole, BlockFormat> changed = new EnumMap<>(formats);
        changed.put(role, format);
        return new WeightScheme(name + "+" + role.name().toLowerCase(Locale.ROOT) + "=" + format.name(), changed);
    }

    /**
     * The scheme's name.
     *
     * @return as {@link WeightSchemes#named} reads it
     */
    public String name() {
        return name;
    }

    /**
     * The format of a role.
     *
     * @param role what the tensor does
     * @return how it is stored
     */
    public BlockFormat formatOf(TensorRole role) {
        return Objects.requireNonNull(formats.get(role));
    }

    /**
     * All formats by role.
     *
     * @return one entry for each role
     */
    public Map<TensorRole, BlockFormat> asMap() {
        return formats;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof WeightScheme scheme && name.equals(scheme.name) && formats.equals(scheme.formats);
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
