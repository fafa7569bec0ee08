/**
 * The inverse questions: which layout, how many devices of which kind, how long a context, how many sequences, and what to
 * change so that a model fits.
 */
@NullMarked
package io.llmsizing.planner;

import org.jspecify.annotations.NullMarked;
