/**
 * The mixes of types in which llama.cpp quantises models: which tensor of which layer gets which type.
 */
@NullMarked
package io.llmsizing.ggml;

import org.jspecify.annotations.NullMarked;
