package io.llmsizing.serverlog;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is read of one engine; a further start puts the one before aside. */
final class LogCollector {
    private static final int MOST_PLACES = 1 << 10;
    private static final int LONGEST_ARGUMENTS = 1 << 14;
    private static final Pattern RANK = Pattern.compile("\\b(?:[DTEP]P\\d{1,5}[ \\]]?){1,4}");

    private final LogEngine engine;
    private final Map<LogSetting, LogStatement> settings = new EnumMap<>(LogSetting.class);
    private final Map<LogTerm, Map<String, LogFigure>> figures = new EnumMap<>(LogTerm.class);
    private final Map<String, LogStatement> devices = new LinkedHashMap<>();
    private final Map<String, Integer> printed = new HashMap<>();
    private static final int LONGEST_ENDING = 200;

    private Optional<LogOutcome> outcome = Optional.empty();
    private Optional<LogStatement> ending = Optional.empty();
    private long starts = 1;
    private long argumentLines;
    private boolean refused;

    LogCollector(LogEngine engine) {
        this.engine = engine;
    }

    /**
     * Takes a line if the text stands in it.
     *
     * @return whether it could be read
     */
    boolean read(LogText text, BoundedLine line, long number) {
        if (text.begins() && !figures.isEmpty() && text.read(line, found -> {})) {
            restart();
        }
        refused = false;
        String[] place = {""};
        boolean again = text.hasFigures() && drafts(text, line);
        boolean found = text.read(line, part -> {
            switch (part.name()) {
                case "place" -> place[0] = part.text();
                case "device" -> device(place[0], new LogStatement(part.text(), number));
                case "arguments" -> arguments(part.text(), number);
                default -> named(part, place[0], again, number);
            }
        });
        if (found) {
            text.outcome().ifPresent(end -> ends(end, line.toString(), number));
        }
        return found && !refused;
    }

    /** A server prints its arguments a few times a rank; more is no log of a start. */
    private void arguments(String text, long number) {
        if (argumentLines++ < MOST_PLACES) {
            LogArguments.read(
                    engine,
                    text.substring(0, Math.min(LONGEST_ARGUMENTS, text.length())),
                    (setting, value) -> settings.put(setting, new LogStatement(value, number)));
        }
    }

    private void restart() {
        starts++;
        settings.clear();
        figures.clear();
        devices.clear();
        printed.clear();
        outcome = Optional.empty();
        ending = Optional.empty();
    }

    /** SGLang prints the same lines again for a model that drafts, rank by rank. */
    private boolean drafts(LogText text, BoundedLine line) {
        if (engine != LogEngine.SGLANG || printed.size() >= MOST_PLACES || !text.read(line, found -> {})) {
            return false;
        }
        Matcher rank = RANK.matcher(line.toString().substring(0, Math.min(100, line.length())));
        return printed.merge((rank.find() ? rank.group() : "") + text.text(), 1, Integer::sum) > 1;
    }

    private void device(String place, LogStatement description) {
        if (devices.size() < MOST_PLACES) {
            devices.put(place, description);
        }
    }

    /** Of several lines about the same end the first says it, the one nearest to its cause. */
    private void ends(LogOutcome end, String line, long number) {
        boolean ran = outcome.equals(Optional.of(LogOutcome.RUNS));
        if (ending.isEmpty() || ran || end == LogOutcome.RUNS) {
            String said = line.strip();
            ending = Optional.of(new LogStatement(
                    said.substring(0, Math.min(LONGEST_ENDING, said.length())).strip(), number));
        }
        outcome = Optional.of(ran && end == LogOutcome.DOES_NOT_FIT ? LogOutcome.OOM_RUNTIME : end);
    }

    private void named(LogText.Found part, String place, boolean drafts, long number) {
        for (LogSetting setting : LogSetting.values()) {
            if (setting.id().equals(part.name())) {
                if (!LogArguments.saysSomething(part.text())) {
                    return;
                }
                settings.put(setting, new LogStatement(part.text(), number));
                return;
            }
        }
        LogTerm term = LogTerm.valueOf(part.name().toUpperCase(Locale.ROOT));
        Optional<PrintedNumber> size = PrintedNumber.of(term.unit(), part.text(), part.unit(), engine.usualUnit());
        if (size.isEmpty()) {
            refused = !part.text().startsWith("-");
            return;
        }
        add(new LogFigure(
                drafts ? drafted(term) : term,
                place,
                size.orElseThrow().value(),
                size.orElseThrow().resolution(),
                number,
                1,
                0));
    }

    private static LogTerm drafted(LogTerm term) {
        return switch (term) {
            case LOADED -> LogTerm.DRAFT_LOADED;
            case POOL, POOL_KEYS, POOL_VALUES -> LogTerm.DRAFT_POOL;
            default -> term;
        };
    }

    private void add(LogFigure figure) {
        Map<String, LogFigure> places = figures.computeIfAbsent(figure.term(), absent -> new TreeMap<>());
        if (places.size() < MOST_PLACES || places.containsKey(figure.place())) {
            places.merge(figure.place(), figure, LogFigure::and);
        } else {
            refused = true;
        }
    }

    /** How much was read, to tell whose log it is. */
    int weight() {
        return figures.size() * 4 + settings.size() + (outcome.isPresent() ? 1 : 0);
    }

    boolean saysEnough() {
        return !figures.isEmpty() || (outcome.isPresent() && !settings.isEmpty());
    }

    ServerLog log(long lines, long skipped, long firstSkipped) {
        return new ServerLog(
                engine,
                settings,
                figures.values().stream()
                        .flatMap(places -> places.values().stream())
                        .toList(),
                devices,
                outcome,
                ending,
                lines,
                skipped,
                firstSkipped,
                starts);
    }
}
