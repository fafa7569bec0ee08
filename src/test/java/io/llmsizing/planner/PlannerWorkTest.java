package io.llmsizing.planner;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.engine.EngineProfile;
import io.llmsizing.engine.Engines;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.workload.Workload;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a search on 64 devices in 8 machines asks of the engine, counted; time is not held, since machines are shared. */
class PlannerWorkTest {
    private static final Catalog CATALOG = Catalog.bundled();

    private final Map<String, Integer> asked = new HashMap<>();

    @ParameterizedTest
    @CsvSource({
        "meta-llama/Llama-3.1-70B, 469, 155, 155",
        "google/gemma-3-27b-it, 467, 171, 577",
        "deepseek-ai/DeepSeek-R1, 1057, 1209, 347",
        "Qwen/Qwen3-235B-A22B, 747, 1376, 186",
    })
    void stagesThatAreAlikeAreCountedOnce(String model, int layouts, int fixed, int caches) {
        EngineProfile counting = (EngineProfile) Proxy.newProxyInstance(
                EngineProfile.class.getClassLoader(),
                new Class<?>[] {EngineProfile.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("equals")) {
                        return proxy == arguments[0];
                    }
                    asked.merge(method.getName(), 1, Integer::sum);
                    try {
                        return method.invoke(Engines.vllm(), arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
        Plans counted = plans(model, counting);
        assertThat(counted.considered()).isEqualTo(layouts);
        assertThat(asked.get("accountFixed")).isLessThanOrEqualTo(fixed);
        assertThat(asked.get("pool")).isLessThanOrEqualTo(caches);
        assertThat(shown(counted)).isEqualTo(shown(plans(model, Engines.vllm())));
    }

    private static Plans plans(String model, EngineProfile engine) {
        return Planner.of(CATALOG.model(model))
                .on(Cluster.parse("8x8xH100", CATALOG))
                .engines(List.of(engine))
                .workload(Workload.of(32, 8_192))
                .plans();
    }

    private static List<String> shown(Plans plans) {
        return plans.best().stream()
                .map(plan -> plan.deployment() + " " + plan.maxSequences() + " " + plan.maxContext())
                .toList();
    }
}
