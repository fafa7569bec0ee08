package io.llmsizing.engine;

import static com.google.common.base.Preconditions.checkArgument;

import io.llmsizing.hardware.Accelerator;
import io.llmsizing.model.VisionTower;
import io.llmsizing.parallel.ParallelLayout;
import io.llmsizing.tensor.WeightTensor;
import io.llmsizing.units.Ratio;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * The share of a device that SGLang gives to weights and cache when the user sets none. It keeps a reserve for what runs beside
 * them: by the number of ranks, later by memory class, later by chunk, ranks and captured graphs.
 *
 * <p>Worked value: an H100 of 81,559 MiB, one rank, chunks of 8,192: a reserve of 512 + 12,288 + 128 + 512 + 58 x 8 =
 * 13,904 MiB, a share of 0.830.
 */
final class SglangReserve {
    private static final int BY_RANKS = 0;
    private static final int BY_CLASS = 1;
    private static final int[] RANK_STEPS = {16, 8, 4, 2, 1};
    private static final long LEAST_CHUNK = 2_048;
    private static final long LARGE_DEVICE_MIB = 60 * 1_024;
    private static final long LARGE_BATCH = 300;
    private static final BigDecimal MIB_PER_TOKEN = new BigDecimal("1.5");
    private static final BigDecimal MIB_PER_REPLICA = new BigDecimal("3");
    private static final int USUAL_TOWER_LAYERS = 24;
    private static final int USUAL_TOWER_WIDTH = 1_024;
    private static final int VECTORS_OF_A_LAYER = 12;

    private final EngineFacts facts;
    private final EngineVersion version;
    private final SglangDefaults defaults;
    private final long rule;
    private final boolean prefillGraphs;

    SglangReserve(EngineFacts facts, EngineVersion version, SglangDefaults defaults) {
        this.facts = facts;
        this.version = version;
        this.defaults = defaults;
        this.rule = constant("reserve_rule");
        this.prefillGraphs = constant("prefill_graphs") == 1;
    }

    private long constant(String name) {
        return facts.constant(name, version).whole();
    }

    Ratio share(Serving serving, Accelerator device) {
        ParallelLayout layout = serving.rank().layout();
        int ranks = layout.expertRanks();
        Ratio share = rule == BY_RANKS
                ? byRanks(ranks)
                : rounded(SglangDefaults.mebibytes(device), mebibytes(serving, device, ranks));
        return serving.rank()
                .model()
                .visionTower()
                .map(tower -> withTower(share, tower))
                .orElse(share);
    }

    private Ratio byRanks(int ranks) {
        for (int step : RANK_STEPS) {
            if (ranks >= step) {
                return facts.constant("share_tp" + step, version).value();
            }
        }
        throw new AssertionError(ranks + " ranks");
    }

    private BigDecimal mebibytes(Serving serving, Accelerator device, int ranks) {
        ParallelLayout layout = serving.rank().layout();
        BigDecimal reserve = rule == BY_CLASS
                ? byClass(defaults.memoryClass(device) + 1, ranks * layout.pipeline(), layout)
                : byStep(serving, device, ranks);
        return serving.rank().speculativeBlocks() > 0
                ? reserve.add(BigDecimal.valueOf(constant("reserve_speculative_mib")))
                : reserve;
    }

    private BigDecimal byClass(int memoryClass, int ranks, ParallelLayout layout) {
        Ratio each = facts.constant("class" + memoryClass + "_reserve_per_rank_mib", version)
                .value();
        Ratio base =
                facts.constant("class" + memoryClass + "_reserve_mib", version).value();
        return decimal(base)
                .add(decimal(each).multiply(BigDecimal.valueOf(ranks)))
                .add(BigDecimal.valueOf(layout.data() > 1 ? constant("reserve_data_mib") : 0));
    }

    private BigDecimal byStep(Serving serving, Accelerator device, int ranks) {
        ParallelLayout layout = serving.rank().layout();
        long batch = defaults.graphBatch(device, ranks);
        BigDecimal reserve = BigDecimal.valueOf(512)
                .add(MIB_PER_TOKEN.multiply(BigDecimal.valueOf(Math.max(LEAST_CHUNK, serving.batchedTokens()))))
                .add(BigDecimal.valueOf(128L * ranks).multiply(BigDecimal.valueOf(layout.pipeline())));
        if (!serving.eager()) {
            reserve = reserve.add(BigDecimal.valueOf(graphMebibytes(serving, batch)));
        }
        if (layout.data() > 1) {
            BigDecimal replicas = BigDecimal.valueOf(Math.multiplyExact(batch, (long) layout.data()));
            reserve = reserve.add(replicas.multiply(MIB_PER_REPLICA))
                    .add(batch > LARGE_BATCH ? replicas.multiply(MIB_PER_TOKEN) : BigDecimal.ZERO);
        }
        return SglangDefaults.mebibytes(device) > LARGE_DEVICE_MIB
                ? reserve.max(BigDecimal.valueOf(constant("reserve_least_mib")))
                : reserve;
    }

    /** What is kept for captured graphs: 2 MiB for each sequence of the largest, 8 MiB for each size of a prefill. */
    long graphMebibytes(Serving serving, long batch) {
        long prefill = 0;
        if (prefillGraphs) {
            prefill = LatentLayers.first(serving.rank()).isPresent()
                    ? constant("prefill_graphs_latent_mib")
                    : 8 * prefillSizes(serving.batchedTokens());
        }
        return Math.addExact(Math.multiplyExact(2, batch), prefill);
    }

    /**
     * The number of captured prefill sizes.
     *
     * @param longest tokens of the largest
     * @return 58 up to 8,192 tokens
     */
    static long prefillSizes(long longest) {
        long[][] runs = {
            {4, 32, 4}, {48, 256, 16}, {288, 512, 32}, {576, 1_024, 64}, {1_280, 4_096, 256}, {4_608, longest, 512}
        };
        long sizes = 0;
        for (long[] run : runs) {
            long last = Math.min(run[1], longest);
            sizes += last >= run[0] ? (last - run[0]) / run[2] + 1 : 0;
        }
        return sizes;
    }

    private static Ratio rounded(long device, BigDecimal reserve) {
        BigDecimal share = BigDecimal.valueOf(device)
                .subtract(reserve)
                .divide(BigDecimal.valueOf(device), 3, RoundingMode.HALF_EVEN);
        checkArgument(
                share.signum() > 0,
                "SGLang keeps %s MiB of a device of %s MiB for what runs beside weights and cache; set a memory fraction",
                reserve,
                device);
        return Ratio.parse(share.toPlainString());
    }

    /** A tower larger than a usual one leaves less; its size is taken from its elements, 12 x width squared a layer. */
    private static Ratio withTower(Ratio share, VisionTower tower) {
        long elements = 0;
        for (WeightTensor tensor : tower.tensors()) {
            elements = Math.addExact(
                    elements, Math.multiplyExact(tensor.count(), Math.multiplyExact(tensor.rows(), tensor.columns())));
        }
        long usual = (long) VECTORS_OF_A_LAYER * USUAL_TOWER_LAYERS * USUAL_TOWER_WIDTH * USUAL_TOWER_WIDTH;
        long beyond = Math.multiplyExact(100, Math.subtractExact(elements, usual)) / usual;
        long thousandths = Math.max(800, Math.min(1_050, 1_000 - beyond));
        return Ratio.of(
                Math.multiplyExact(share.numerator(), 95 * thousandths),
                Math.multiplyExact(share.denominator(), 100_000));
    }

    private static BigDecimal decimal(Ratio ratio) {
        return BigDecimal.valueOf(ratio.numerator())
                .divide(BigDecimal.valueOf(ratio.denominator()), 6, RoundingMode.HALF_EVEN);
    }
}
