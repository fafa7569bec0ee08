package io.llmsizing.cli;

import io.llmsizing.catalog.Catalog;
import io.llmsizing.catalog.UnknownNameException;
import io.llmsizing.serverlog.LogSetting;
import io.llmsizing.serverlog.LogStatement;
import io.llmsizing.serverlog.ServerLog;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The model that a log names, by the name under which it can be found here. */
final class LoggedModel {
    private static final Pattern CACHED = Pattern.compile("models--([\\w.-]{1,96})--([\\w.-]{1,96})");
    private static final Pattern ID = Pattern.compile("[\\w-][\\w.-]{0,95}/[\\w.-]{1,96}");
    private static final Pattern MIX = Pattern.compile("(?i)[-._](?:UD-)?I?(?:Q\\d|BF16|F16|F32)[\\w]*$");

    private LoggedModel() {}

    /**
     * What to look up.
     *
     * @throws IllegalArgumentException if the log names none, or one that can't be found by its name
     */
    static String named(ServerLog log, Catalog catalog) {
        LogStatement said = log.said(LogSetting.MODEL)
                .orElseThrow(() -> new IllegalArgumentException(
                        "the log does not say which model it is: give --model, such as --model llama-3.1-8b"));
        for (String name : names(said.text())) {
            if (isKnown(name, catalog)) {
                return name;
            }
        }
        if (isThere(said.text()) || ID.matcher(said.text()).matches()) {
            return said.text();
        }
        throw new IllegalArgumentException("line " + said.line() + " of the log names the model '" + said.text()
                + "', which the catalogue lacks: give --model, a name, a config.json or a checkpoint");
    }

    private static Set<String> names(String text) {
        Set<String> names = new LinkedHashSet<>();
        names.add(text);
        Matcher cached = CACHED.matcher(text);
        if (cached.find()) {
            names.add(cached.group(1) + "/" + cached.group(2));
        }
        String path = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        String last = path.substring(path.lastIndexOf('/') + 1).replace(' ', '-');
        String bare = last.endsWith(".gguf") ? last.substring(0, last.length() - 5) : last;
        names.add(bare);
        names.add(MIX.matcher(bare).replaceAll(""));
        names.add(bare.replaceFirst("^(?i)meta-", ""));
        names.remove("");
        return names;
    }

    private static boolean isKnown(String name, Catalog catalog) {
        try {
            return !catalog.model(name).name().isEmpty();
        } catch (UnknownNameException unknown) {
            return false;
        }
    }

    private static boolean isThere(String text) {
        try {
            return Files.exists(Path.of(text));
        } catch (InvalidPathException noPath) {
            return false;
        }
    }
}
