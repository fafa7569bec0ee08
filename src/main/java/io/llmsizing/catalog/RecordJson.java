package io.llmsizing.catalog;

import com.google.common.base.CaseFormat;
import com.google.common.base.Throwables;
import com.google.common.collect.ImmutableSet;
import io.llmsizing.document.JsonObject;
import io.llmsizing.document.MalformedFileException;
import io.llmsizing.feedforward.DenseFeedForward;
import io.llmsizing.feedforward.FeedForward;
import io.llmsizing.tensor.WeightTensor;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Records in the catalogue's own form: an object with the record's components as keys, {@code kind} where the type has several
 * kinds. A component that has its usual value is left out. A key that is not known is refused, at every depth.
 */
final class RecordJson {
    private static final long MOST = 1L << 40;

    private RecordJson() {}

    /**
     * Reads a value of a sealed type or of a record.
     *
     * @throws MalformedFileException naming file, key, value and what was expected
     */
    static <T> T read(JsonObject object, Class<T> type) {
        return type.cast(record(object, type.isSealed() ? kindOf(object, type) : type, type.isSealed()));
    }

    private static Class<?> kindOf(JsonObject object, Class<?> type) {
        String kind = object.requiredText("kind");
        List<String> known = new ArrayList<>();
        for (Class<?> permitted : kindsOf(type)) {
            known.add(nameOf(permitted));
            if (nameOf(permitted).equals(kind)) {
                return permitted;
            }
        }
        throw object.problem("kind", "\"" + kind + "\"; expected " + String.join(", ", known));
    }

    /** The records of a sealed type, those of sealed types within it too. */
    static List<Class<?>> kindsOf(Class<?> type) {
        List<Class<?>> kinds = new ArrayList<>();
        for (Class<?> permitted : type.getPermittedSubclasses()) {
            if (permitted.isSealed()) {
                kinds.addAll(kindsOf(permitted));
            } else {
                kinds.add(permitted);
            }
        }
        return kinds;
    }

    private static String nameOf(Class<?> kind) {
        String name = CaseFormat.UPPER_CAMEL.to(CaseFormat.LOWER_UNDERSCORE, kind.getSimpleName());
        return kind.equals(DenseFeedForward.class) ? "dense" : name;
    }

    private static String keyOf(RecordComponent component) {
        return CaseFormat.LOWER_CAMEL.to(CaseFormat.LOWER_UNDERSCORE, component.getName());
    }

    private static Object record(JsonObject object, Class<?> type, boolean hasKind) {
        RecordComponent[] components = type.getRecordComponents();
        Set<String> keys = new LinkedHashSet<>(hasKind ? ImmutableSet.of("kind") : ImmutableSet.of());
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            keys.add(keyOf(components[i]));
            values[i] = value(object, components[i]);
        }
        object.refuseOtherKeysThan(keys);
        try {
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            Constructor<?> canonical = type.getDeclaredConstructor(types);
            return canonical.newInstance(values);
        } catch (InvocationTargetException refused) {
            throw object.problem(
                    keys.iterator().next(),
                    String.valueOf(Throwables.getRootCause(refused).getMessage()));
        } catch (ReflectiveOperationException impossible) {
            throw new LinkageError(impossible.getMessage(), impossible);
        }
    }

    private static Object value(JsonObject object, RecordComponent component) {
        String key = keyOf(component);
        Class<?> type = component.getType();
        if (type == long.class) {
            return object.whole(key, 0, MOST, 0);
        } else if (type == int.class) {
            return (int) object.whole(key, 0, Integer.MAX_VALUE, 0);
        } else if (type == boolean.class) {
            return object.flag(key, usualFlag(component));
        } else if (type == String.class) {
            return object.text(key).orElse("");
        } else if (type.isEnum()) {
            return constant(object, key, type, object.text(key).orElse("none"));
        } else if (Collection.class.isAssignableFrom(type)) {
            return collection(object, key, elementOf(component.getGenericType()));
        }
        return read(object.requiredObject(key), type);
    }

    private static Object collection(JsonObject object, String key, Class<?> element) {
        if (element.isEnum()) {
            Set<Object> constants = new LinkedHashSet<>();
            object.texts(key).forEach(text -> constants.add(constant(object, key, element, text)));
            return constants;
        }
        if (element == WeightTensor.class) {
            return object.objects(key).stream().map(TensorJson::read).collect(Collectors.toList());
        }
        return object.objects(key).stream().map(inner -> read(inner, element)).collect(Collectors.toList());
    }

    private static Class<?> elementOf(Type list) {
        return (Class<?>) ((ParameterizedType) list).getActualTypeArguments()[0];
    }

    /** The constant of an enumeration that a key names in lower case. */
    static <T> T constant(JsonObject object, String key, Class<T> type, String text) {
        for (T constant : type.getEnumConstants()) {
            if (nameOf(constant).equals(text)) {
                return constant;
            }
        }
        throw object.problem(
                key,
                "\"" + text + "\"; expected "
                        + Arrays.stream(type.getEnumConstants())
                                .map(RecordJson::nameOf)
                                .collect(Collectors.joining(", ")));
    }

    private static String nameOf(Object constant) {
        return constant.toString().toLowerCase(Locale.ROOT);
    }

    /** Feed-forward blocks have a gate unless they say otherwise. */
    private static boolean usualFlag(RecordComponent component) {
        return component.getName().equals("gated")
                && FeedForward.class.isAssignableFrom(component.getDeclaringRecord());
    }

    /**
     * A record as plain maps, as {@link #read} reads it.
     *
     * @param type what is known of it where it is read; it states its kind if that is one of several
     */
    static Map<String, Object> written(Object value, Class<?> type) {
        Map<String, Object> written = new LinkedHashMap<>();
        if (type.isSealed()) {
            written.put("kind", nameOf(value.getClass()));
        }
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            Object inner = valueOf(component, value);
            if (!isUsual(component, inner)) {
                written.put(keyOf(component), plain(inner, component));
            }
        }
        return written;
    }

    private static Object valueOf(RecordComponent component, Object value) {
        try {
            return component.getAccessor().invoke(value);
        } catch (ReflectiveOperationException impossible) {
            throw new LinkageError(impossible.getMessage(), impossible);
        }
    }

    private static boolean isUsual(RecordComponent component, Object value) {
        return value.equals(0L)
                || value.equals(0)
                || value.equals("")
                || (value instanceof Boolean flag && flag == usualFlag(component))
                || (value instanceof Enum<?> constant && constant.name().equals("NONE"))
                || (value instanceof Collection<?> collection && collection.isEmpty());
    }

    private static Object plain(Object value, RecordComponent component) {
        if (value instanceof Collection<?> collection) {
            Class<?> element = elementOf(component.getGenericType());
            return collection.stream().map(inner -> plain(inner, element)).collect(Collectors.toList());
        }
        return plain(value, component.getType());
    }

    private static Object plain(Object value, Class<?> type) {
        if (value instanceof WeightTensor tensor) {
            return TensorJson.written(tensor);
        } else if (value instanceof Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT);
        } else if (value instanceof Record) {
            return written(value, type);
        }
        return value;
    }
}
