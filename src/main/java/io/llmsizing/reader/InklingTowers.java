package io.llmsizing.reader;

import io.llmsizing.tensor.TensorInventory;
import java.util.ArrayList;
import java.util.List;

/** Inkling: no encoders, a few layers that fold patches step by step into one vector, and a table of sound codes. */
final class InklingTowers {
    private InklingTowers() {}

    static void audio(ClassKeys keys, TensorInventory tower, long textWidth) {
        tower.matrix(
                        "embed_audio_tokens",
                        Math.multiplyExact(keys.size("n_mel_bins"), keys.size("mel_vocab_size")),
                        textWidth)
                .rmsNorm("norm", textWidth);
    }

    static void vision(ClassKeys keys, TensorInventory tower, long textWidth) {
        int layers = keys.few("n_layers", 1 << 10);
        List<Scale> scales = Scale.all(
                keys.few("temporal_patch_size", 1 << 12), keys.few("patch_size", 1 << 12), keys.size("num_channels"));
        List<Scale> chosen = Scale.choose(scales, layers);
        for (int layer = 0; layer < layers; layer++) {
            Scale from = chosen.get(layer);
            Scale to = chosen.get(layer + 1);
            boolean last = layer == layers - 1;
            long outputs = last ? textWidth : to.channels;
            long side = to.side / from.side;
            long folded = Math.multiplyExact(Math.multiplyExact(side, side), to.frames / from.frames);
            tower.linear("encoder_layers.N.projection", outputs, Math.multiplyExact(from.channels, folded), false);
            if (!last) {
                tower.rmsNorm("encoder_layers.N.layer_norm", outputs);
            }
        }
        tower.rmsNorm("final_norm", textWidth);
    }

    /** A stage on the way from a pixel to a patch: what one vector covers, and how wide it is. */
    private record Scale(long frames, long side, long channels) {
        static List<Scale> all(long frames, long side, long channels) {
            List<Scale> scales = new ArrayList<>(List.of(new Scale(1, 1, channels)));
            for (long reached : products(side)) {
                long needed = Math.multiplyExact(reached * reached, channels);
                scales.add(new Scale(1, reached, (needed + 63) / 64 * 64));
            }
            for (long reached : products(frames)) {
                scales.add(new Scale(
                        reached, side, Math.multiplyExact(64, Math.multiplyExact(side * side, channels * reached))));
            }
            return scales;
        }

        /** The products of a number's prime factors, the largest factor first. */
        private static List<Long> products(long number) {
            List<Long> factors = new ArrayList<>();
            long rest = number;
            for (long factor = 2; rest > 1; factor++) {
                for (; rest % factor == 0; rest /= factor) {
                    factors.add(0, factor);
                }
            }
            List<Long> products = new ArrayList<>();
            long product = 1;
            for (long factor : factors) {
                product *= factor;
                products.add(product);
            }
            return products;
        }

        /**
         * One scale for each layer boundary, the sum of distances from even steps in the logarithm of what a vector covers
         * being least; with fewer scales than boundaries a scale may be taken again.
         */
        static List<Scale> choose(List<Scale> scales, int layers) {
            double total = Math.log((double) scales.get(scales.size() - 1).covered() * (double) scales.get(0).channels);
            double[][] cost = new double[layers + 1][scales.size()];
            for (int row = 0; row <= layers; row++) {
                for (int column = 0; column < scales.size(); column++) {
                    cost[row][column] = Math.abs(total * row / layers
                            - Math.log((double) scales.get(column).covered()));
                }
            }
            int[] columns = layers >= scales.size() ? nearest(cost) : assigned(cost);
            columns[0] = 0;
            columns[layers] = scales.size() - 1;
            List<Scale> chosen = new ArrayList<>();
            for (int column : columns) {
                chosen.add(scales.get(column));
            }
            return chosen;
        }

        private long covered() {
            return Math.multiplyExact(frames, side * side);
        }

        private static int[] nearest(double[][] cost) {
            int[] columns = new int[cost.length];
            for (int row = 0; row < cost.length; row++) {
                for (int column = 1; column < cost[row].length; column++) {
                    if (cost[row][column] < cost[row][columns[row]]) {
                        columns[row] = column;
                    }
                }
            }
            return columns;
        }

        /** Both sides ascend, so the cheapest assignment keeps the order. */
        private static int[] assigned(double[][] cost) {
            int rows = cost.length;
            int width = cost[0].length;
            double[][] least = new double[rows + 1][width + 1];
            for (int row = 1; row <= rows; row++) {
                least[row][row - 1] = Double.POSITIVE_INFINITY;
                for (int column = row; column <= width; column++) {
                    least[row][column] =
                            Math.min(least[row][column - 1], least[row - 1][column - 1] + cost[row - 1][column - 1]);
                }
            }
            int[] columns = new int[rows];
            int column = width;
            for (int row = rows; row > 0; row--) {
                while (column > row && least[row][column] == least[row][column - 1]) {
                    column--;
                }
                columns[row - 1] = column - 1;
                column--;
            }
            return columns;
        }
    }
}
