package io.llmsizing.report;

import io.llmsizing.Deployment;
import io.llmsizing.Sizing;
import io.llmsizing.ledger.Assumption;
import io.llmsizing.units.ByteSize;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What has to stand on the host, for people and for programs.
 *
 * @param layers the deployment with the fewest layers there, if any is enough
 * @param experts the deployment with the experts of the fewest layers there, if any is enough
 * @param reason why none is, where none is
 */
public record OffloadReport(Optional<Deployment> layers, Optional<Deployment> experts, Optional<String> reason) {
    private static final String HOST_MEMORY = "host memory";

    /**
     * The answer for people.
     *
     * @return lines ending in line feeds
     */
    public String text() {
        if (layers.filter(fits -> fits.hostShare().isNone()).isPresent()) {
            return "FITS  with all layers on devices; nothing needs to stand on the host\n";
        }
        List<String> lines = new ArrayList<>();
        lines.add(reason.map(why -> "DOES NOT FIT  " + why).orElse("FITS  with the host's help"));
        layers.ifPresent(found -> lines.add(String.format(
                Locale.ROOT,
                "layers    %d of %d on the host, %s there: --n-gpu-layers %d",
                found.hostShare().layers(),
                layerCount(found),
                onHost(found).toDisplay(),
                deviceLayers(found))));
        experts.ifPresent(found -> lines.add(String.format(
                Locale.ROOT,
                "experts   of %d of %d layers on the host, %s there: --n-gpu-layers %d --n-cpu-moe %d",
                found.hostShare().expertLayers(),
                layerCount(found),
                onHost(found).toDisplay(),
                deviceLayers(found),
                found.hostShare().expertLayers())));
        assumptions().stream()
                .filter(assumption -> assumption.about().equals(HOST_MEMORY))
                .forEach(assumption -> lines.add("note      " + assumption));
        return String.join("\n", lines) + "\n";
    }

    /**
     * The answer for programs.
     *
     * @return the verdict, {@code reason} where it does not fit, {@code layers} and {@code experts} where they are enough, and
     *     what was taken for granted
     */
    public Map<String, Object> json() {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("verdict", reason.isPresent() ? "does_not_fit" : "fits");
        reason.ifPresent(why -> answer.put("reason", why));
        layers.ifPresent(found -> answer.put("layers", json(found)));
        experts.ifPresent(found -> answer.put("experts", json(found)));
        answer.put("assumptions", Answer.texts(assumptions()));
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

    private List<Assumption> assumptions() {
        return Stream.concat(layers.stream(), experts.stream())
                .flatMap(found -> found.assumptions().stream())
                .distinct()
                .toList();
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
}
