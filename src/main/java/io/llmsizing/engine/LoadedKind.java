package io.llmsizing.engine;

import io.llmsizing.hardware.Accelerator;
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
    /** Experts in MXFP4: kernels pad them and pack them anew, each in its own way. */
    MXFP4_EXPERTS(true),
    /** Memory shared with the machine: what is read is what the whole machine has left. */
    UNIFIED_MEMORY(false),
    /** Devices that are not NVIDIA's: what is read is what the device lost, libraries included. */
    OTHER_VENDOR(false);

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
     * @return one of the first three
     */
    public static LoadedKind of(Model model, WeightScheme weights) {
        BlockFormat experts = weights.formatOf(TensorRole.EXPERT);
        if (model.hasExperts() && experts.equals(Formats.MXFP4)) {
            return MXFP4_EXPERTS;
        }
        boolean packed =
                weights.formatOf(TensorRole.ATTENTION).isPacked() || (model.hasExperts() && experts.isPacked());
        return packed ? PACKED : PLAIN;
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
