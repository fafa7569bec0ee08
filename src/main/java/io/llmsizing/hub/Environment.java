package io.llmsizing.hub;

import static com.google.common.base.Preconditions.checkArgument;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Environment variables, read as the Hub's own tools read them. A blank one counts as absent. */
final class Environment {
    private static final Set<String> TRUE = Set.of("1", "ON", "YES", "TRUE");
    private static final Pattern VARIABLE = Pattern.compile("\\$(?:([A-Za-z0-9_]+)|\\{([^}]+)\\})");
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,4}");
    private static final int MOST_SECONDS = 3600;

    private final Map<String, String> variables;

    Environment(Map<String, String> variables) {
        this.variables = variables;
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(variables.get(name)).map(String::strip).filter(text -> !text.isEmpty());
    }

    boolean has(String name) {
        return variables.containsKey(name);
    }

    boolean flag(String name) {
        return text(name)
                .filter(text -> TRUE.contains(text.toUpperCase(Locale.ROOT)))
                .isPresent();
    }

    Optional<Path> path(String name) {
        return text(name).map(text -> {
            try {
                return Path.of(withVariables(withHome(text)));
            } catch (InvalidPathException malformed) {
                throw new IllegalArgumentException(name + " is not a path: " + malformed.getReason(), malformed);
            }
        });
    }

    Duration seconds(String name, Duration otherwise) {
        return text(name)
                .map(text -> {
                    checkArgument(
                            SECONDS.matcher(text).matches()
                                    && Integer.parseInt(text) >= 1
                                    && Integer.parseInt(text) <= MOST_SECONDS,
                            "%s is '%s'; expected whole seconds from 1 to %s",
                            name,
                            Shown.text(text),
                            MOST_SECONDS);
                    return Duration.ofSeconds(Integer.parseInt(text));
                })
                .orElse(otherwise);
    }

    String home() {
        return text("HOME").or(() -> text("USERPROFILE")).orElseGet(() -> System.getProperty("user.home", ""));
    }

    private String withHome(String path) {
        return path.equals("~") || path.startsWith("~/") ? home() + path.substring(1) : path;
    }

    private String withVariables(String path) {
        return VARIABLE.matcher(path).replaceAll(found -> {
            String name = found.group(1) == null ? found.group(2) : found.group(1);
            return Matcher.quoteReplacement(variables.getOrDefault(name, found.group()));
        });
    }
}
