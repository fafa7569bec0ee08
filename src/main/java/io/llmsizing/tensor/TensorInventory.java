package io.llmsizing.tensor;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Tensors written down one after the other, as a module's constructor makes them. Names are joined with dots; what is
 * said inside {@link #under}, {@link #as} or {@link #times} belongs to that part only, and every method gives back the
 * inventory it was called on.
 *
 * <pre>{@code
 * List<WeightTensor> tower = TensorInventory.of(TensorRole.VISION)
 *         .convolution("patch_embed", 1280, 3, 14 * 14, false)
 *         .times(32, "blocks.N", block -> block
 *                 .layerNorm("norm1", 1280)
 *                 .linear("attn.qkv", 3 * 1280, 1280, true))
 *         .tensors();
 * }</pre>
 *
 * <p>Biases have the role {@link TensorRole#BIAS} and norms {@link TensorRole#NORM}, but for the parts of a tower, which
 * all have the tower's role.
 */
public final class TensorInventory {
    private final List<WeightTensor> tensors;
    private final String prefix;
    private final TensorRole role;
    private final long copies;
    private final long active;

    private TensorInventory(List<WeightTensor> tensors, String prefix, TensorRole role, long copies, long active) {
        this.tensors = tensors;
        this.prefix = prefix;
        this.role = role;
        this.copies = copies;
        this.active = active;
    }

    /**
     * An empty inventory.
     *
     * @param role what its matrices do, unless {@link #as} says otherwise
     * @return the inventory
     */
    public static TensorInventory of(TensorRole role) {
        return new TensorInventory(new ArrayList<>(), "", role, 1, 1);
    }

    /**
     * Tensors of an inner module.
     *
     * @param module its name, put in front of those inside
     * @param part writes them down
     * @return this inventory
     */
    public TensorInventory under(String module, Consumer<TensorInventory> part) {
        part.accept(new TensorInventory(tensors, named(module) + ".", role, copies, active));
        return this;
    }

    /**
     * Tensors with another role.
     *
     * @param other what they do
     * @param part writes them down
     * @return this inventory
     */
    public TensorInventory as(TensorRole other, Consumer<TensorInventory> part) {
        part.accept(new TensorInventory(tensors, prefix, other, copies, active));
        return this;
    }

    /**
     * Equal modules, all of which every token passes.
     *
     * @param number how many there are; with 0 nothing is written down
     * @param module their name, {@code N} standing for the running number
     * @param part writes down one of them
     * @return this inventory
     * @throws IllegalArgumentException if the number is negative
     * @throws ArithmeticException if nested numbers go beyond a {@code long}
     */
    public TensorInventory times(long number, String module, Consumer<TensorInventory> part) {
        return times(number, number, module, part);
    }

    /**
     * Equal modules, some of which a token passes, such as experts.
     *
     * @param number how many there are; with 0 nothing is written down
     * @param used how many of them one token uses, 0 to {@code number}
     * @param module their name, {@code N} standing for the running number
     * @param part writes down one of them
     * @return this inventory
     * @throws IllegalArgumentException if a number is out of range
     * @throws ArithmeticException if nested numbers go beyond a {@code long}
     */
    public TensorInventory times(long number, long used, String module, Consumer<TensorInventory> part) {
        checkArgument(number >= 0, "%s stands %s times; 0 or more allowed", named(module), number);
        checkArgument(used >= 0 && used <= number, "%s: %s of %s used", named(module), used, number);
        if (number > 0) {
            part.accept(new TensorInventory(
                    tensors,
                    named(module) + ".",
                    role,
                    Math.multiplyExact(copies, number),
                    Math.multiplyExact(active, used)));
        }
        return this;
    }

    /**
     * A tensor with its own role and rule.
     *
     * @param tensor it, its name still without those of the modules around it
     * @return this inventory
     */
    public TensorInventory tensor(WeightTensor tensor) {
        tensors.add(new WeightTensor(
                named(tensor.name()),
                named(tensor.fusedInto()),
                tensor.role(),
                tensor.rows(),
                tensor.columns(),
                Math.multiplyExact(copies, tensor.count()),
                Math.multiplyExact(active, tensor.activeCount()),
                tensor.shardRule()));
        return this;
    }

    /**
     * A matrix that every rank holds whole: an embedding, a table.
     *
     * @param name its whole name
     * @param rows output channels
     * @param columns input channels
     * @return this inventory
     */
    public TensorInventory matrix(String name, long rows, long columns) {
        return tensor(WeightTensor.matrix(name, role, rows, columns, ShardRule.REPLICATED));
    }

    /**
     * The same list, its names continued under a module.
     *
     * @param module as it is called in here
     * @return an inventory that adds to the same list
     */
    public TensorInventory within(String module) {
        return new TensorInventory(tensors, named(module) + ".", role, copies, active);
    }

    /**
     * A matrix with a role and a cut of its own.
     *
     * @param name its name here, {@code .weight} included
     * @param rows outputs
     * @param columns inputs, 1 for a vector
     * @param itsRole what it does
     * @param rule how tensor parallelism cuts it
     * @return this inventory
     */
    public TensorInventory matrix(String name, long rows, long columns, TensorRole itsRole, ShardRule rule) {
        return tensor(WeightTensor.matrix(name, itsRole, rows, columns, rule));
    }

    /**
     * A vector with a role of its own that every rank holds whole.
     *
     * @param name its name here
     * @param length its length
     * @param itsRole what it does
     * @return this inventory
     */
    public TensorInventory vector(String name, long length, TensorRole itsRole) {
        return tensor(WeightTensor.vector(name, itsRole, length));
    }

    /**
     * A vector that is neither bias nor norm: a class token, a layer scale.
     *
     * @param name its whole name
     * @param length its length
     * @return this inventory
     */
    public TensorInventory vector(String name, long length) {
        return matrix(name, length, 1);
    }

    /**
     * A linear layer that every rank holds whole.
     *
     * @param name its name, {@code weight} and {@code bias} are added
     * @param outputs output channels
     * @param inputs input channels
     * @param bias whether there is a bias
     * @return this inventory
     */
    public TensorInventory linear(String name, long outputs, long inputs, boolean bias) {
        return linear(name, outputs, inputs, bias, ShardRule.REPLICATED);
    }

    /**
     * A linear layer.
     *
     * @param name its name, {@code weight} and {@code bias} are added
     * @param outputs output channels
     * @param inputs input channels
     * @param bias whether there is a bias
     * @param rule how the matrix is cut; its bias is cut with the rows
     * @return this inventory
     */
    public TensorInventory linear(String name, long outputs, long inputs, boolean bias, ShardRule rule) {
        tensor(WeightTensor.matrix(name + ".weight", role, outputs, inputs, rule));
        if (bias) {
            ShardRule ofBias = rule.cut() == ShardRule.Cut.COLUMNS ? ShardRule.REPLICATED : rule;
            tensor(WeightTensor.matrix(name + ".bias", unlessTower(TensorRole.BIAS), outputs, 1, ofBias));
        }
        return this;
    }

    /**
     * A convolution, as a matrix with one row for each output channel.
     *
     * @param name its name, {@code weight} and {@code bias} are added
     * @param outputs output channels
     * @param inputs input channels of one kernel: 1 for a depthwise convolution
     * @param kernel elements of a kernel: height x width x frames
     * @param bias whether there is a bias
     * @return this inventory
     */
    public TensorInventory convolution(String name, long outputs, long inputs, long kernel, boolean bias) {
        return linear(name, outputs, Math.multiplyExact(inputs, kernel), bias);
    }

    /**
     * A norm with a gain only.
     *
     * @param name its name, {@code weight} is added
     * @param width its length
     * @return this inventory
     */
    public TensorInventory rmsNorm(String name, long width) {
        return tensor(WeightTensor.vector(name + ".weight", unlessTower(TensorRole.NORM), width));
    }

    /**
     * A norm with gain and bias.
     *
     * @param name its name, {@code weight} and {@code bias} are added
     * @param width the length of each
     * @return this inventory
     */
    public TensorInventory layerNorm(String name, long width) {
        return rmsNorm(name, width).tensor(WeightTensor.vector(name + ".bias", unlessTower(TensorRole.NORM), width));
    }

    /**
     * What was written down.
     *
     * @return the tensors, in that order
     */
    public List<WeightTensor> tensors() {
        return ImmutableList.copyOf(tensors);
    }

    private String named(String name) {
        return prefix + name;
    }

    private TensorRole unlessTower(TensorRole other) {
        return role == TensorRole.VISION || role == TensorRole.VISION_PROJECTOR ? role : other;
    }
}
