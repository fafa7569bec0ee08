/**
 * The peak of temporary memory during one step.
 */
@NullMarked
package io.llmsizing.activation;

import org.jspecify.annotations.NullMarked;
