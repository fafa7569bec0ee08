package io.llmsizing.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.CaseFormat;
import io.llmsizing.attention.Attention;
import io.llmsizing.attention.GroupedQuery;
import io.llmsizing.attention.QueryKeyNorm;
import io.llmsizing.attention.RecurrentState;
import io.llmsizing.feedforward.FeedForward;
import io.llmsizing.model.LayerGroup;
import io.llmsizing.model.RotaryTable;
import io.llmsizing.model.SpeculativeHead;
import io.llmsizing.tensor.ShardRule;
import io.llmsizing.tensor.TensorRole;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page beside the files describes every key that they may hold. */
class CatalogFormTest {
    private static final String PAGE = page();

    private static String page() {
        try (InputStream bytes = Objects.requireNonNull(Catalog.class.getResourceAsStream("README.md"))) {
            return new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
    }

    @Test
    void everyKindIsDescribedWithAllItsKeys() {
        Stream.of(Attention.class, FeedForward.class)
                .flatMap(type -> RecordJson.kindsOf(type).stream())
                .forEach(kind -> {
                    String name = kind.getSimpleName().equals("DenseFeedForward")
                            ? "dense"
                            : CaseFormat.UPPER_CAMEL.to(CaseFormat.LOWER_UNDERSCORE, kind.getSimpleName());
                    String line = PAGE.lines()
                            .filter(row -> row.startsWith("| `" + name + "` |"))
                            .findFirst()
                            .orElse("");
                    assertThat(line).as(name).isNotEmpty();
                    keys(kind).forEach(key -> assertThat(line).as(name).contains("`" + key + "`"));
                });
    }

    private static Stream<String> keys(Class<?> kind) {
        return Arrays.stream(kind.getRecordComponents())
                .map(RecordComponent::getName)
                .map(name -> CaseFormat.LOWER_CAMEL.to(CaseFormat.LOWER_UNDERSCORE, name));
    }

    @Test
    void everyKeyAndEveryConstantIsDescribed() {
        Stream<String> keys = Stream.of(
                        LayerGroup.class, RotaryTable.class, RecurrentState.class, SpeculativeHead.class)
                .flatMap(CatalogFormTest::keys);
        Stream<String> constants = Stream.of(
                        TensorRole.values(),
                        ShardRule.Cut.values(),
                        QueryKeyNorm.values(),
                        GroupedQuery.Feature.values())
                .flatMap(Arrays::stream)
                .map(constant -> constant.toString().toLowerCase(Locale.ROOT));
        Stream.of(keys, constants, ModelJson.MODEL_KEYS.stream(), TensorJson.KEYS.stream())
                .flatMap(all -> all)
                .forEach(key ->
                        assertThat(PAGE.contains("`" + key + "`")).as(key).isTrue());
    }
}
