package io.llmsizing.serverlog;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the last start in a log says.
 *
 * @param engine whose log it is
 * @param settings how the server was started, as far as it is said
 * @param figures what it printed, in the order of terms and places
 * @param devices the devices that it named, in its order: place and description
 * @param outcome how the start ended, if it is said
 * @param ending the line that says so, without what is beyond 200 characters
 * @param lines of the whole log
 * @param skipped lines that begin like a known one and can't be read, or were too long
 * @param firstSkipped the first of them, 0 if there is none
 * @param starts how many starts the log holds, 1 or more
 */
public record ServerLog(
        LogEngine engine,
        Map<LogSetting, LogStatement> settings,
        List<LogFigure> figures,
        Map<String, LogStatement> devices,
        Optional<LogOutcome> outcome,
        Optional<LogStatement> ending,
        long lines,
        long skipped,
        long firstSkipped,
        long starts) {
    /**
     * Copies lists and maps.
     *
     * @param engine as documented above
     * @param settings as documented above
     * @param figures as documented above
     * @param devices as documented above
     * @param outcome as documented above
     * @param ending as documented above
     * @param lines as documented above
     * @param skipped as documented above
     * @param firstSkipped as documented above
     * @param starts as documented above
     */
    public ServerLog {
        settings = ImmutableMap.copyOf(settings);
        figures = ImmutableList.copyOf(figures);
        devices = ImmutableMap.copyOf(devices);
    }

    /**
     * A setting as a text.
     *
     * @param setting which
     * @return what the log says of it
     */
    public Optional<LogStatement> said(LogSetting setting) {
        return Optional.ofNullable(settings.get(setting));
    }

    /**
     * A figure; of several places that of the tightest.
     *
     * @param term which
     * @return what the log states
     */
    public Optional<LogFigure> figure(LogTerm term) {
        Optional<LogFigure> found = Optional.empty();
        for (LogFigure figure : figures) {
            if (figure.term() == term) {
                found = LogFigure.merged(found, figure);
            }
        }
        return found;
    }

    /**
     * A figure of one place.
     *
     * @param term which
     * @param place the buffer or device
     * @return what the log states
     */
    public Optional<LogFigure> figure(LogTerm term, String place) {
        return figures.stream()
                .filter(figure -> figure.term() == term && figure.place().equals(place))
                .findFirst();
    }

    /**
     * Whether the start, or the server after it, ended for want of memory.
     *
     * @return whether the log says so
     */
    public boolean failed() {
        return outcome.isPresent() && outcome.get() != LogOutcome.RUNS;
    }

    /**
     * Whether a speculative model or head was loaded beside the model.
     *
     * @return whether the log says so
     */
    public boolean drafts() {
        return said(LogSetting.SPECULATIVE_METHOD).isPresent()
                || figure(LogTerm.DRAFT_LOADED).isPresent();
    }
}
