/**
 * Checkpoints as they are: which files make one up, which tensors they hold, and the bytes of each, read from headers
 * alone.
 */
@NullMarked
package io.llmsizing.checkpoint;

import org.jspecify.annotations.NullMarked;
