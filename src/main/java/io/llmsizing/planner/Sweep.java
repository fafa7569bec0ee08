package io.llmsizing.planner;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.llmsizing.NodeVerdicts;
import io.llmsizing.engine.EngineProfile;
import io.llmsizing.engine.Engines;
import io.llmsizing.hardware.Accelerator;
import io.llmsizing.model.Model;
import io.llmsizing.quantization.WeightScheme;
import java.util.List;
import java.util.concurrent.RecursiveAction;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Verdicts on all points of a {@link SweepSpace}, each that of a deployment built with these values and else the defaults. Order
 * and content do not depend on the number of threads. What is compiled is forgotten with its model.
 *
 * <p>Worked value: DeepSeek-R1 in fp8-block-128 on eight H200 with one sequence of 8,192 tokens has the code {@link
 * NodeVerdicts#FITS}.
 */
public final class Sweep {
    /** Points that are held at once while rows are streamed, and that one task has at most. */
    private static final int CHUNK = 1 << 16;

    private final SweepSpace space;
    private final Function<String, Model> models;
    private final List<Accelerator> accelerators;
    private final List<EngineProfile> engines;
    private final List<WeightScheme> weights;
    private final long[] contexts;
    private final long[] sequences;

    /**
     * A sweep.
     *
     * @param space its points
     * @param models gives a model by name, from several threads; asked when its points are reached
     * @param accelerators gives a device by name
     * @param weights gives a format by name
     * @param engine gives an engine by name; not asked where none is named
     */
    public Sweep(
            SweepSpace space,
            Function<String, Model> models,
            Function<String, Accelerator> accelerators,
            Function<String, WeightScheme> weights,
            Function<String, EngineProfile> engine) {
        this.space = space;
        this.models = models;
        this.accelerators = space.accelerators().stream().map(accelerators).collect(ImmutableList.toImmutableList());
        this.weights = space.weights().stream().map(weights).collect(ImmutableList.toImmutableList());
        this.contexts = space.contexts().stream().mapToLong(tokens -> tokens).toArray();
        this.sequences = space.sequences().stream().mapToLong(held -> held).toArray();
        if (space.engine().isEmpty()) {
            this.engines = this.accelerators.stream().map(Engines::usual).collect(ImmutableList.toImmutableList());
        } else {
            EngineProfile named = engine.apply(space.engine());
            this.engines = this.accelerators.stream().map(device -> named).collect(ImmutableList.toImmutableList());
        }
    }

    /**
     * Fills an array, on the threads of the pool that the caller is in, or of the common one.
     *
     * @param codes one for each point of the slice, of {@link NodeVerdicts}
     * @throws IllegalArgumentException if the array has another length
     */
    public void into(byte[] codes) {
        checkArgument(codes.length == space.size(), "an array of %s; %s needed", codes.length, space.size());
        new Part(space.from(), space.to(), codes, space.from()).invoke();
    }

    /**
     * The rows in the order of their points, made as they are asked for.
     *
     * @return a row for each point of the slice
     */
    public Stream<SweepRow> rows() {
        long chunks = (space.size() + CHUNK - 1) / CHUNK;
        return LongStream.range(0, chunks).boxed().flatMap(chunk -> {
            long first = space.from() + chunk * CHUNK;
            long behind = Math.min(space.to(), first + CHUNK);
            byte[] codes = new byte[(int) (behind - first)];
            new Part(first, behind, codes, first).invoke();
            return IntStream.range(0, codes.length).mapToObj(i -> row(first + i, codes[i]));
        });
    }

    private SweepRow row(long point, byte code) {
        long rest = point;
        int held = (int) (rest % sequences.length);
        rest /= sequences.length;
        int context = (int) (rest % contexts.length);
        rest /= contexts.length;
        int scheme = (int) (rest % weights.size());
        rest /= weights.size();
        int count = (int) (rest % space.counts().size());
        rest /= space.counts().size();
        return new SweepRow(
                point,
                space.models().get((int) (rest / accelerators.size())),
                space.accelerators().get((int) (rest % accelerators.size())),
                space.counts().get(count),
                space.weights().get(scheme),
                contexts[context],
                sequences[held],
                code);
    }

    /** Points that follow each other, halved at the models' edges and inside one model only where it has too many. */
    @SuppressWarnings("serial")
    private final class Part extends RecursiveAction {
        private static final long serialVersionUID = 1;

        private final long from;
        private final long to;
        private final byte[] codes;
        private final long first;

        Part(long from, long to, byte[] codes, long first) {
            this.from = from;
            this.to = to;
            this.codes = codes;
            this.first = first;
        }

        @Override
        protected void compute() {
            if (from >= to) {
                return;
            }
            long each = space.perModel();
            long firstModel = from / each;
            long lastModel = (to - 1) / each;
            if (firstModel < lastModel) {
                halve((firstModel + (lastModel - firstModel + 1) / 2) * each);
            } else if (to - from > CHUNK) {
                halve(from + (to - from) / 2);
            } else {
                ask(models.apply(space.models().get((int) firstModel)), firstModel * each);
            }
        }

        private void halve(long middle) {
            invokeAll(new Part(from, middle, codes, first), new Part(middle, to, codes, first));
        }

        private void ask(Model model, long origin) {
            List<NodeVerdicts> asked = weights.stream()
                    .map(scheme -> new NodeVerdicts(model, scheme))
                    .toList();
            int grid = space.grid();
            byte[] cells = new byte[grid];
            for (long at = (from - origin) / grid; at * grid < to - origin; at++) {
                int scheme = (int) (at % weights.size());
                long machine = at / weights.size();
                int count = (int) (machine % space.counts().size());
                int device = (int) (machine / space.counts().size());
                asked.get(scheme)
                        .on(
                                engines.get(device),
                                accelerators.get(device),
                                space.counts().get(count),
                                contexts,
                                sequences,
                                cells);
                long start = origin + at * grid;
                long begin = Math.max(start, from);
                long end = Math.min(start + grid, to);
                System.arraycopy(cells, (int) (begin - start), codes, (int) (begin - first), (int) (end - begin));
            }
        }
    }
}
