package io.llmsizing.cli;

import io.llmsizing.DeploymentBuilder;
import io.llmsizing.catalog.Catalog;
import io.llmsizing.document.JsonObject;
import io.llmsizing.document.MalformedFileException;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.planner.Fleet;
import io.llmsizing.planner.Order;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** What is to be placed on what, as a file says it. */
final class PlaceFile {
    private static final Set<String> KEYS = Set.of("cluster", "inventory", "deployments");
    private static final Set<String> KEYS_OF_A_DEPLOYMENT = Set.of("name", "replicas");

    private PlaceFile() {}

    /**
     * The machines with all that is ordered.
     *
     * @throws IllegalArgumentException naming the key, or the deployment, with what is wrong with it
     */
    static Fleet fleet(JsonObject file, Catalog catalog, PrintWriter err) throws IOException {
        file.refuseOtherKeysThan(KEYS);
        List<JsonObject> deployments = file.objects("deployments");
        if (deployments.isEmpty()) {
            throw file.problem(
                    "deployments",
                    "nothing to place; list at least one, such as {\"name\": \"chat\", \"model\": \"llama-3.1-8b\"}");
        }
        Fleet fleet = machines(file, catalog, err);
        for (JsonObject deployment : deployments) {
            fleet.order(order(deployment, catalog));
        }
        return fleet;
    }

    private static Fleet machines(JsonObject file, Catalog catalog, PrintWriter err) {
        if (file.has("cluster") == file.has("inventory")) {
            throw new IllegalArgumentException(
                    file.has("cluster")
                            ? "both 'cluster' and 'inventory': leave one out"
                            : "no machines: give 'cluster', such as \"2x8xH100 + 4x[8xA100-80GB]\", or 'inventory', the path of"
                                    + " a file");
        }
        return file.has("cluster")
                ? Fleet.of(Cluster.parse(file.requiredText("cluster"), catalog))
                : Fleet.of(InventoryOption.read(Path.of(file.requiredText("inventory")), catalog, err)
                        .inventory());
    }

    private static Order order(JsonObject entry, Catalog catalog) throws IOException {
        String name = Order.checkName(entry.requiredText("name"));
        int replicas = (int) entry.whole("replicas", 1, Order.MOST_REPLICAS, 1);
        try {
            Function<Cluster, DeploymentBuilder> question =
                    Question.ofEntry(entry, KEYS_OF_A_DEPLOYMENT).onAny(catalog);
            return new Order(name, replicas, question);
        } catch (MalformedFileException saysWhere) {
            throw saysWhere;
        } catch (IllegalArgumentException refused) {
            throw new IllegalArgumentException("deployment '" + name + "': " + refused.getMessage(), refused);
        }
    }
}
