/**
 * Does a language model fit a cluster of accelerators, and why: ask {@link io.llmsizing.Sizing}.
 */
@NullMarked
package io.llmsizing;

import org.jspecify.annotations.NullMarked;
