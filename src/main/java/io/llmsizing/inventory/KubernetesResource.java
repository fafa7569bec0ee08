package io.llmsizing.inventory;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A resource of Kubernetes that stands for accelerators.
 *
 * @param key as pods ask for it
 * @param profile of a MIG instance, empty for whole devices
 * @param computeInstances of one GPU instance that are asked for together, 0 for the whole of it
 * @param labels what labels of such devices begin with, up to the last dot
 * @param renamed whether its name says that it is a share of a device
 */
record KubernetesResource(String key, String profile, int computeInstances, String labels, boolean renamed) {
    private static final String SHARED = ".shared";
    private static final Pattern PART =
            Pattern.compile("nvidia\\.com/mig-(?:(\\d)c\\.)?(\\d{1,2}g\\.\\d{1,4}gb)(?:\\.[a-z.]{1,20})?");
    private static final Set<String> WHOLE =
            Set.of("amd.com/gpu", "google.com/tpu", "habana.ai/gaudi", "gpu.intel.com/i915", "gpu.intel.com/xe");
    private static final List<String> NEURON =
            List.of("aws.amazon.com/neuron", "aws.amazon.com/neurondevice", "aws.amazon.com/neuroncore");
    private static final String ASCEND = "huawei.com/Ascend";

    /** Nothing for processors, memory and all else. */
    static Optional<KubernetesResource> of(String key, Set<String> beside) {
        boolean renamed = key.endsWith(SHARED);
        String plain = renamed ? key.substring(0, key.length() - SHARED.length()) : key;
        if (plain.equals("nvidia.com/gpu")) {
            return Optional.of(new KubernetesResource(key, "", 0, plain, renamed));
        }
        Matcher part = PART.matcher(plain);
        if (part.matches()) {
            int compute = part.group(1) == null ? 0 : Integer.parseInt(part.group(1));
            return Optional.of(new KubernetesResource(key, part.group(2), compute, plain, renamed));
        }
        boolean sameChips = NEURON.indexOf(key) > 0
                && NEURON.subList(0, NEURON.indexOf(key)).stream().anyMatch(beside::contains);
        boolean known = WHOLE.contains(key) || key.startsWith(ASCEND) || (NEURON.contains(key) && !sameChips);
        return known ? Optional.of(new KubernetesResource(key, "", 0, key, false)) : Optional.empty();
    }

    boolean isOf(String vendor) {
        return key.startsWith(vendor + "/");
    }

    boolean isPart() {
        return !profile.isEmpty();
    }
}
