package io.llmsizing.engine;

import io.llmsizing.parallel.Rank;
import io.llmsizing.quantization.CacheFormat;
import io.llmsizing.quantization.WeightScheme;

/**
 * What one rank is asked to serve, whatever the number and length of the sequences.
 *
 * @param rank what it holds
 * @param weights how tensors are stored
 * @param cache how cached vectors are stored
 * @param batchedTokens tokens of a full step
 * @param maxSequences sequences of a full step
 * @param eager whether the engine runs without captured graphs
 */
public record Serving(
        Rank rank, WeightScheme weights, CacheFormat cache, long batchedTokens, long maxSequences, boolean eager) {}
