package io.llmsizing.reader;

import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.tensor.TensorRole;
import io.llmsizing.tensor.WeightTensor;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The names of the modules that hold a tensor of ours. */
final class TensorModules {
    /** Roles of which a checkpoint may say that they are quantised. */
    private static final Set<TensorRole> MATRICES = EnumSet.of(
            TensorRole.EMBEDDING,
            TensorRole.OUTPUT_HEAD,
            TensorRole.ROUTER,
            TensorRole.INDEXER,
            TensorRole.SPECULATIVE_PROJECTION,
            TensorRole.VISION,
            TensorRole.VISION_PROJECTOR);

    private static final String NUMBER = ".N.";

    private TensorModules() {}

    /** Whether what a config says about modules can mean this tensor: matrices, no vectors and no convolutions. */
    static boolean mayBeQuantized(WeightTensor tensor) {
        return tensor.columns() > 1
                && (WeightScheme.LINEAR_LAYERS.contains(tensor.role()) || MATRICES.contains(tensor.role()));
    }

    /**
     * The module's names in all its spellings.
     *
     * @param front what stands in front
     * @param expert of which expert, where there are several
     * @param mixers whether any block of a layer may be called "mixer"
     */
    static List<ModuleName> names(WeightTensor tensor, String front, long expert, boolean mixers) {
        List<ModuleName> names = new ArrayList<>();
        String own = module(tensor.name());
        String fused = module(tensor.fusedInto());
        add(names, front, own, expert);
        if (!fused.equals(own)) {
            add(names, front, fused, expert);
        }
        if (mixers) {
            add(names, front, "mixer" + own.substring(Math.max(0, own.indexOf('.'))), expert);
        }
        return names;
    }

    private static void add(List<ModuleName> names, String front, String module, long expert) {
        names.add(name(front, module.replace(NUMBER, "." + expert + ".")));
        if (module.contains(NUMBER)) {
            names.add(name(front, module.replace(NUMBER, ".")));
        }
    }

    private static ModuleName name(String front, String module) {
        return ModuleName.of(front + ModuleNames.canonical(module));
    }

    private static String module(String tensor) {
        return tensor.endsWith(".weight") ? tensor.substring(0, tensor.length() - ".weight".length()) : tensor;
    }
}
