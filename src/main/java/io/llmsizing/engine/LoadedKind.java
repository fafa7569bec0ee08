package io.llmsizing.engine;

import io.llmsizing.feedforward.MixtureOfExperts;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.Model;
import io.llmsizing.quantization.BlockFormat;
import io.llmsizing.quantization.Formats;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.tensor.TensorRole;

/** What decides how far loaded weights lie from what is predicted of them: how they are stored, and on what device. */
public enum LoadedKind {
    /** 16 bits and FP8: tensors stand as they are stored. */
    PLAIN(true),
    /** AWQ, GPTQ and other elements that share a tile, which kernels pack anew. */
    PACKED(true),
    /** Experts in MXFP4 whose widths every kernel takes as they are: packed anew, each kernel in its own way. */
    MXFP4_EXPERTS(true),
    /** Experts in MXFP4 whose widths are no whole tiles: some kernels pad them, others do not. */
    PADDED_MXFP4_EXPERTS(true),
    /** Memory shared with the machine: what is read is what the whole machine has left. */
    UNIFIED_MEMORY(false),
    /** Devices that are not NVIDIA's: what is read is what the device lost, libraries included. */
    OTHER_VENDOR(false);

    /** vLLM layers/quantization/mxfp4.py: kernels want widths of whole 64, 128 or 256. */
    private static final long TILE = 128;

    private static final String USUAL_VENDOR = "NVIDIA";

    private final boolean share;

    LoadedKind(boolean share) {
        this.share = share;
    }

    /**
     * Whether what is off grows with the weights.
     *
     * @return whether bands are shares of what is loaded; otherwise they are bytes beside it
     */
    public boolean isShare() {
        return share;
    }

    /**
     * How weights are stored.
     *
     * @param model what is served
     * @param weights its scheme in memory
     * @return one of those that are shares
     */
    public static LoadedKind of(Model model, WeightScheme weights) {
        BlockFormat experts = weights.formatOf(TensorRole.EXPERT);
        if (model.hasExperts() && experts.equals(Formats.MXFP4)) {
            return inWholeTiles(model) ? MXFP4_EXPERTS : PADDED_MXFP4_EXPERTS;
        }
        boolean packed =
                weights.formatOf(TensorRole.ATTENTION).isPacked() || (model.hasExperts() && experts.isPacked());
        return packed ? PACKED : PLAIN;
    }

    private static boolean inWholeTiles(Model model) {
        for (LayerGroup group : model.layers().groups()) {
            for (MixtureOfExperts experts : group.feedForward().mixtures()) {
                long outer = experts.latentWidth() > 0 ? experts.latentWidth() : model.hidden();
                if (experts.expertWidth() % TILE != 0 || outer % TILE != 0) {
                    return false;
                }
            }
        }
        return true;
    }

    /**
     * Whether a device adds a doubt of its own.
     *
     * @param device the device
     * @return one of the last two, or {@link #PLAIN} where it does not
     */
    public static LoadedKind of(Accelerator device) {
        if (isOther(device.vendor())) {
            return OTHER_VENDOR;
        }
        return device.memory().unified() ? UNIFIED_MEMORY : PLAIN;
    }

    /**
     * Whether a device of a vendor adds a doubt of its own.
     *
     * @param vendor its name
     * @return whether it is another than the one on whose devices most is known
     */
    public static boolean isOther(String vendor) {
        return !vendor.equals(USUAL_VENDOR);
    }
}
