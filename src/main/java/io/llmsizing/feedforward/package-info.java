/**
 * The feed-forward blocks: dense, and mixtures of experts with their router and shared experts.
 */
@NullMarked
package io.llmsizing.feedforward;

import org.jspecify.annotations.NullMarked;
