/**
 * How a model is laid over devices: tensor, pipeline, data and expert parallelism, and what one rank holds.
 */
@NullMarked
package io.llmsizing.parallel;

import org.jspecify.annotations.NullMarked;
