package io.llmsizing.cli;

import io.llmsizing.Deployment;
import io.llmsizing.DeploymentBuilder;
import io.llmsizing.HostOffload;
import io.llmsizing.Sizing;
import io.llmsizing.document.JsonWriter;
import io.llmsizing.engine.Engines;
import io.llmsizing.units.ByteSize;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code offload MODEL CLUSTER}. */
@Command(
        name = "offload",
        description = "How many layers, or the experts of how many layers, llama.cpp must leave to the host.",
        mixinStandardHelpOptions = true)
final class OffloadCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "MODEL", description = "As for fits.")
    private String model = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "CLUSTER", description = "As for fits.")
    private @Nullable String cluster;

    @Mixin
    private Question question = new Question();

    @Mixin
    private CatalogOption catalog = new CatalogOption();

    @Option(names = "--json", description = "Print the answer as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        DeploymentBuilder asked =
                question.about(model, cluster, spec.commandLine().getErr()).builder(catalog.open());
        if (!question.namesEngine()) {
            asked.engine(Engines.named("llama.cpp", ""));
        }
        Optional<Deployment> layers = HostOffload.fewestLayers(asked, question.hostMemory());
        Optional<Deployment> experts = HostOffload.fewestExpertLayers(asked, question.hostMemory());
        spec.commandLine()
                .getOut()
                .print(json ? JsonWriter.indented(json(layers, experts)) + "\n" : text(layers, experts));
        return layers.isPresent() || experts.isPresent() ? ExitCodes.FITS : ExitCodes.DOES_NOT_FIT;
    }

    private static String text(Optional<Deployment> layers, Optional<Deployment> experts) {
        if (layers.filter(fits -> fits.hostShare().isNone()).isPresent()) {
            return "FITS  with all layers on devices; nothing needs to stand on the host\n";
        }
        if (layers.isEmpty() && experts.isEmpty()) {
            return "DOES NOT FIT  even with all layers on the host, or its memory is too small\n";
        }
        StringBuilder text = new StringBuilder("FITS  with the host's help\n");
        layers.ifPresent(found -> text.append(String.format(
                Locale.ROOT,
                "layers    %d of %d on the host, %s there: --n-gpu-layers %d\n",
                found.hostShare().layers(),
                layerCount(found),
                onHost(found).toDisplay(),
                deviceLayers(found))));
        experts.ifPresent(found -> text.append(String.format(
                Locale.ROOT,
                "experts   of %d of %d layers on the host, %s there: --n-gpu-layers %d --n-cpu-moe %d\n",
                found.hostShare().expertLayers(),
                layerCount(found),
                onHost(found).toDisplay(),
                deviceLayers(found),
                found.hostShare().expertLayers())));
        return text.toString();
    }

    private static int layerCount(Deployment deployment) {
        return deployment.model().layers().size();
    }

    /** llama.cpp counts the head as a layer behind the last. */
    private static int deviceLayers(Deployment deployment) {
        return layerCount(deployment) + 1 - deployment.hostShare().layers();
    }

    private static ByteSize onHost(Deployment deployment) {
        return deployment.hostShare().isNone()
                ? ByteSize.ZERO
                : Sizing.explain(deployment, deployment.stages().size() - 1).size();
    }

    private static Map<String, Object> json(Optional<Deployment> layers, Optional<Deployment> experts) {
        Map<String, Object> answer = new LinkedHashMap<>();
        layers.ifPresent(found -> answer.put("layers", json(found)));
        experts.ifPresent(found -> answer.put("experts", json(found)));
        return answer;
    }

    private static Map<String, Object> json(Deployment found) {
        Map<String, Object> share = new LinkedHashMap<>();
        share.put("host_layers", found.hostShare().layers());
        share.put("host_expert_layers", found.hostShare().expertLayers());
        share.put("n_gpu_layers", deviceLayers(found));
        share.put("host_bytes", onHost(found).bytes());
        return share;
    }
}
