package io.llmsizing;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.llmsizing.engine.EngineFeature;
import io.llmsizing.engine.EngineProfile;
import io.llmsizing.engine.EngineSetting;
import io.llmsizing.engine.Engines;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.ledger.Assumption;
import io.llmsizing.quantization.BlockFormat;
import io.llmsizing.quantization.GgmlFormats;
import io.llmsizing.quantization.WeightScheme;
import io.llmsizing.tensor.TensorRole;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** What a deployment takes for granted beside what its model and its engine do. */
final class DeploymentAssumptions {
    private static final int MOST_LISTED = 8;

    /** Formats of weights, without what follows a hyphen, by the arithmetic that multiplies them as they are. */
    private static final Map<String, String> ARITHMETIC = ImmutableMap.of(
            "bf16", "bf16", "fp16", "fp16", "fp8", "fp8", "int8", "int8", "nvfp4", "fp4", "mxfp4", "fp4", "fp4", "fp4");

    /** Formats of caches, without what follows an underscore, that arithmetic of their own would multiply. */
    private static final Set<String> CACHED = ImmutableSet.of("fp8", "fp4", "nvfp4");

    private final Deployment deployment;
    private final Cluster offered;
    private final ImmutableList.Builder<Assumption> assumptions = ImmutableList.builder();

    private DeploymentAssumptions(Deployment deployment, Cluster offered) {
        this.deployment = deployment;
        this.offered = offered;
    }

    /** Of a deployment that chose its machines from those that were offered. */
    static List<Assumption> of(Deployment deployment, Cluster offered) {
        return new DeploymentAssumptions(deployment, offered).all();
    }

    private List<Assumption> all() {
        aboutMachines();
        aboutFormats();
        aboutLayout();
        aboutPrefix();
        aboutLora();
        Drafting.assumptions(deployment).forEach(assumptions::add);
        aboutStep();
        deployment.stages().stream()
                .flatMap(stage -> deployment.engine().assumptions(stage.serving()).stream())
                .distinct()
                .forEach(assumptions::add);
        aboutEncoder();
        return assumptions.build();
    }

    private void add(String subject, String text) {
        assumptions.add(new Assumption(subject, text));
    }

    private void aboutMachines() {
        offered.choices().forEach(choice -> add("cluster", choice));
        if (!deployment.cluster().groups().equals(offered.groups())) {
            add("cluster", machinesUsed());
        }
        if (!deployment.hostShare().isNone() && deployment.hostShare().memory().isEmpty()) {
            add("host memory", hostMemoryTaken());
        }
    }

    /** Many kinds of machines are counted, not listed. */
    private String machinesUsed() {
        int kinds = offered.groups().size();
        if (deployment.cluster().devices() == offered.devices()) {
            return "ranks take the machines in another order, those with the most memory first";
        }
        return "ranks are on " + deployment.cluster() + " alone, of "
                + (kinds > MOST_LISTED
                        ? kinds + " kinds of machines with " + offered.devices() + " devices"
                        : offered.toString());
    }

    private String hostMemoryTaken() {
        return deployment
                        .cluster()
                        .hostMemory()
                        .map(known -> "all " + known.toDisplay() + " that the machine has are taken to be free")
                        .orElse("not known, and taken to be enough")
                + "; --host-memory says how much may be taken";
    }

    private void aboutFormats() {
        EngineProfile engine = deployment.engine();
        WeightScheme weights = deployment.weights();
        for (String format : multiplied(weights)) {
            deployment.stages().stream()
                    .flatMap(stage -> stage.devices().stream())
                    .distinct()
                    .filter(device -> !computes(device, format))
                    .forEach(device -> add(
                            "arithmetic",
                            device.name() + " has no " + format
                                    + " arithmetic: weights are stored so and computed in a wider type"));
        }
        if (!engine.sharesWithHost()
                && !engine.equals(Engines.NONE)
                && weights.asMap().values().stream().anyMatch(GgmlFormats::isPacked)) {
            add(
                    "engine",
                    "weights in blocks of llama.cpp are sized as " + engine
                            + " would hold them; its usual engine is llama.cpp: --engine llama.cpp");
        }
        aboutCacheArithmetic();
        WeightScheme stored = deployment.model().weights();
        if (!weights.equals(stored) && weights.equals(engine.held(stored))) {
            add("weights", engine + " holds a checkpoint in " + stored + " as " + weights);
        }
        if (engine.cacheFormatsOfSomeVersions().contains(deployment.cache())) {
            add(
                    "kv_cache",
                    "not every version of " + engine.name() + " keeps its cache in "
                            + deployment.cache().name() + "; " + engine + " is taken to");
        }
    }

    /** What is held beyond a step's sequences waits, which a server does by itself and nobody asked for. */
    private void aboutStep() {
        long held = deployment.sequencesOnRank(deployment.workload().sequences());
        long step = deployment.stages().get(0).serving().maxSequences();
        boolean chosen = deployment.workload().maxSequences().isEmpty();
        if (chosen && held > step && deployment.engine().settings().contains(EngineSetting.MAX_SEQUENCES)) {
            add(
                    "sequences",
                    deployment.engine() + " takes " + step + " of the " + held
                            + " sequences in a step if it is not set otherwise (--max-sequences); the others wait");
        }
    }

    /** Formats in which linear layers would be multiplied, in the order of their names; none for those that are weights only. */
    private static Set<String> multiplied(WeightScheme weights) {
        Set<String> formats = new TreeSet<>();
        for (TensorRole role : List.of(TensorRole.ATTENTION, TensorRole.DENSE_FEED_FORWARD, TensorRole.EXPERT)) {
            BlockFormat linear = weights.formatOf(role);
            int end = linear.name().indexOf('-');
            String format = end < 0 ? linear.name() : linear.name().substring(0, end);
            if (ARITHMETIC.containsKey(format)) {
                formats.add(format);
            }
        }
        return formats;
    }

    private void aboutCacheArithmetic() {
        String name = deployment.cache().name();
        int end = name.indexOf('_');
        String format = end < 0 ? name : name.substring(0, end);
        if (!CACHED.contains(format)) {
            return;
        }
        deployment.stages().stream()
                .flatMap(stage -> stage.devices().stream())
                .distinct()
                .filter(device -> !computes(device, format))
                .forEach(device -> add(
                        "arithmetic",
                        device.name() + " has no " + format
                                + " arithmetic: the cache is stored so and computed in a wider type"));
    }

    private static boolean computes(Accelerator device, String format) {
        return device.compute().nativeFormats().contains(Objects.requireNonNull(ARITHMETIC.get(format)));
    }

    private void aboutEncoder() {
        if (deployment.model().visionTower().isPresent() && !deployment.engine().equals(Engines.NONE)) {
            add("vision", "what the encoder itself takes while it runs over an image or a film is not counted");
        }
    }

    private void aboutLora() {
        if (deployment.loraSlots().isPresent()) {
            boolean experts = deployment.engine().features().contains(EngineFeature.LORA_EXPERTS);
            add(
                    "lora",
                    "every linear layer of attention and feed-forward is taken to have slots"
                            + (deployment.model().hasExperts()
                                    ? experts ? ", routed experts too" : ", routed experts none"
                                    : "")
                            + "; embedding, head and vision none");
        }
    }

    private void aboutPrefix() {
        long tokens = deployment.workload().sharedPrefixTokens();
        if (tokens > 0) {
            long page = deployment.footprint().pageTokens();
            add(
                    "shared prefix",
                    "sequences begin with the same " + tokens + " tokens, of which those in full pages of " + page
                            + " are held once on each replica, in layers that keep every token; prefix caching must be on");
        }
    }

    private void aboutLayout() {
        int widest = deployment.cluster().widestNode();
        if (deployment.placement().crossesNodes()) {
            add(
                    "layout",
                    "tensor parallel " + deployment.layout().tensor() + " crosses nodes of " + widest
                            + " devices: it fits or not all the same, but is slow");
        }
        if (deployment.engine().spreadsLayers() && deployment.layout().pipeline() > widest) {
            add(
                    "layout",
                    deployment.layout().pipeline() + " stages cross nodes of " + widest + " devices, which "
                            + deployment.engine().name() + " reaches over the network alone");
        }
    }
}
