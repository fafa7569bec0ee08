/**
 * The attention mechanisms: which tensors they have and what they keep in the cache for every token.
 */
@NullMarked
package io.llmsizing.attention;

import org.jspecify.annotations.NullMarked;
