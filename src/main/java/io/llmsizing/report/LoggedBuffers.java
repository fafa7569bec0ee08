package io.llmsizing.report;

import io.llmsizing.serverlog.LogFigure;
import io.llmsizing.serverlog.LogTerm;
import io.llmsizing.serverlog.ServerLog;
import java.util.List;
import java.util.Optional;

/** The buffers of llama.cpp, summed over devices. */
final class LoggedBuffers {
    private LoggedBuffers() {}

    /** The devices that hold weights or cache; the host's own memory is none, unless there is no other. */
    static List<String> devices(ServerLog log) {
        List<String> all = log.figures().stream()
                .filter(figure -> figure.term() == LogTerm.MODEL_BUFFER || figure.term() == LogTerm.CACHE_BUFFER)
                .map(LogFigure::place)
                .distinct()
                .toList();
        List<String> devices = all.stream().filter(place -> !isHost(place)).toList();
        return devices.isEmpty() ? all : devices;
    }

    private static boolean isHost(String place) {
        return place.startsWith("CPU") || place.endsWith("_Host") || place.equals("AMX");
    }

    static Optional<LogFigure> model(ServerLog log, List<String> devices) {
        return sum(log, devices, LogTerm.MODEL_BUFFER);
    }

    /** Cells and states; where buffers are not printed, the sum that the end of the run has. */
    static Optional<LogFigure> cache(ServerLog log, List<String> devices) {
        Optional<LogFigure> cells = sum(log, devices, LogTerm.CACHE_BUFFER, LogTerm.STATE_BUFFER);
        return cells.isPresent() ? cells : sum(log, devices, LogTerm.CONTEXT_BUFFER);
    }

    static Optional<LogFigure> compute(ServerLog log, List<String> devices) {
        return sum(log, devices, LogTerm.COMPUTE_BUFFER);
    }

    private static Optional<LogFigure> sum(ServerLog log, List<String> devices, LogTerm... terms) {
        Optional<LogFigure> sum = Optional.empty();
        for (LogTerm term : terms) {
            for (String device : devices) {
                Optional<LogFigure> figure = log.figure(term, device);
                if (figure.isPresent()) {
                    LogFigure next = figure.orElseThrow();
                    sum = Optional.of(sum.map(before -> new LogFigure(
                                    before.term(),
                                    "",
                                    before.value() + next.value(),
                                    before.resolution() + next.resolution(),
                                    before.line(),
                                    1,
                                    0))
                            .orElse(next));
                }
            }
        }
        return sum;
    }
}
