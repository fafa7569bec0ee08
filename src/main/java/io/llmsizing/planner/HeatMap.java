package io.llmsizing.planner;

import com.google.common.collect.ImmutableList;
import io.llmsizing.Deployment;
import io.llmsizing.Footprint;
import io.llmsizing.Sizing;
import io.llmsizing.workload.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Whether a deployment holds so many sequences of such a context: contexts in powers of two up to the model's own, which ends
 * them whatever it is, by sequences in powers of two. A context shorter than what all sequences share is none.
 *
 * @param deployment whose formats, layout and engine hold for all cells
 * @param contexts tokens, the shortest first
 * @param sequences the fewest first
 * @param rows for each context a cell for each number of sequences
 */
public record HeatMap(Deployment deployment, List<Long> contexts, List<Long> sequences, List<List<HeatMap.Cell>> rows) {
    private static final long FEWEST_SHOWN = 16;
    private static final long MOST_SHOWN = 1 << 12;
    private static final long SHORTEST = 1 << 10;

    /** What comes of a context and a number of sequences. */
    public enum Cell {
        /** It fits for sure. */
        FITS,
        /** It may fit. */
        TOO_CLOSE_TO_CALL,
        /** It certainly does not fit. */
        DOES_NOT_FIT
    }

    /**
     * Copies the lists.
     *
     * @param deployment as documented above
     * @param contexts as documented above
     * @param sequences as documented above
     * @param rows as documented above
     */
    public HeatMap {
        contexts = ImmutableList.copyOf(contexts);
        sequences = ImmutableList.copyOf(sequences);
        rows = ImmutableList.copyOf(rows);
    }

    /**
     * All cells, of one closed form where the engine's steps are the same for all.
     *
     * @param deployment whose workload says the limits of a step alone
     * @return the map, from 1,024 tokens on or from the whole context of a model with less, and from the shared prefix on, up to
     *     16 sequences or as many as may fit at the shortest context, 4,096 at most, and no more than a step takes if that is
     *     limited
     */
    public static HeatMap of(Deployment deployment) {
        long longest = deployment.model().contextTokens();
        List<Long> contexts = LongStream.concat(
                        LongStream.iterate(SHORTEST, tokens -> tokens < longest, tokens -> tokens * 2),
                        LongStream.of(longest))
                .filter(tokens -> tokens >= deployment.workload().sharedPrefixTokens())
                .boxed()
                .toList();
        List<Long> sequences = new ArrayList<>();
        long most = Math.min(MOST_SHOWN, Sizing.mostAsked(deployment));
        for (long held = 1; held <= most; held *= 2) {
            if (held <= FEWEST_SHOWN || cell(deployment, contexts.get(0), held) != Cell.DOES_NOT_FIT) {
                sequences.add(held);
            }
        }
        List<List<Cell>> rows = new ArrayList<>();
        for (long tokens : contexts) {
            rows.add(sequences.stream()
                    .map(held -> cell(deployment, tokens, held))
                    .collect(ImmutableList.toImmutableList()));
        }
        return new HeatMap(deployment, contexts, sequences, rows);
    }

    private static Cell cell(Deployment deployment, long tokens, long held) {
        Workload workload = deployment.workload().sequences(held).contextTokens(tokens);
        Footprint footprint = deployment.footprintWith(workload);
        if (footprint.fits(tokens, held)) {
            return Cell.FITS;
        }
        return footprint.isRuledOut(tokens, held) ? Cell.DOES_NOT_FIT : Cell.TOO_CLOSE_TO_CALL;
    }
}
