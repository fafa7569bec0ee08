package io.llmsizing.cli;

import io.llmsizing.Deployment;
import io.llmsizing.DeploymentBuilder;
import io.llmsizing.HostOffload;
import io.llmsizing.document.JsonWriter;
import io.llmsizing.engine.Engines;
import io.llmsizing.report.OffloadReport;
import io.llmsizing.units.ByteSize;
import java.io.IOException;
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
        if (!question.hostShare().isNone()) {
            throw new IllegalArgumentException(
                    "--host-layers and --host-expert-layers are what offload finds out; leave them"
                            + " out, or ask fits whether so many are enough");
        }
        DeploymentBuilder asked =
                question.about(model, cluster, spec.commandLine().getErr()).builder(catalog.open());
        if (!question.namesEngine()) {
            asked.engine(Engines.named("llama.cpp", ""));
        }
        Optional<ByteSize> memory = question.hostMemory();
        Optional<Deployment> layers = HostOffload.fewestLayers(asked, memory);
        Optional<Deployment> experts = HostOffload.fewestExpertLayers(asked, memory);
        boolean fits = layers.isPresent() || experts.isPresent();
        OffloadReport report =
                new OffloadReport(layers, experts, fits ? Optional.empty() : HostOffload.whyNot(asked, memory));
        spec.commandLine().getOut().print(json ? JsonWriter.indented(report.json()) + "\n" : report.text());
        return fits ? ExitCodes.FITS : ExitCodes.DOES_NOT_FIT;
    }
}
