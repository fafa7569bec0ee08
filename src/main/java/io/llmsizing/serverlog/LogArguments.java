package io.llmsizing.serverlog;

import io.llmsizing.document.Bundled;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Arguments of an engine as it prints them, {@code name=value} or {@code 'name': value}, by {@code arguments.csv}. */
final class LogArguments {
    private static final Set<String> UNSAID = Set.of("none", "auto", "null", "");
    private static final Map<LogEngine, Map<Pattern, LogSetting>> ARGUMENTS = read();

    private LogArguments() {}

    private static Map<LogEngine, Map<Pattern, LogSetting>> read() {
        Map<LogEngine, Map<Pattern, LogSetting>> arguments = new EnumMap<>(LogEngine.class);
        Bundled.rows(LogArguments.class, "arguments.csv", List.of("engine", "argument", "setting"))
                .forEach(row -> arguments
                        .computeIfAbsent(LogEngine.named(row.required("engine")), absent -> new LinkedHashMap<>())
                        .put(
                                Pattern.compile(
                                        "(?<![\\w.-])['\"]?" + Pattern.quote(row.required("argument"))
                                                + "['\"]?\\s{0,2}[=:]\\s{0,2}(?:'([^']{0,300})'|\"([^\"]{0,300})\"|([^\\s,)}\\]]{1,200}))"),
                                LogSetting.valueOf(row.required("setting").toUpperCase(Locale.ROOT))));
        return arguments;
    }

    static boolean saysSomething(String value) {
        return !UNSAID.contains(value.toLowerCase(Locale.ROOT));
    }

    /** The first value of each argument that says something. */
    static void read(LogEngine engine, String printed, BiConsumer<LogSetting, String> taken) {
        ARGUMENTS.getOrDefault(engine, Map.of()).forEach((pattern, setting) -> {
            Matcher matcher = pattern.matcher(printed);
            if (matcher.find()) {
                String quoted = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
                String value = quoted == null ? matcher.group(3) : quoted;
                if (saysSomething(value)) {
                    taken.accept(setting, value);
                }
            }
        });
    }
}
