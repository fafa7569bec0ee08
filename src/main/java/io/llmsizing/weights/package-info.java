/**
 * Weight memory of one rank, tensor by tensor.
 */
@NullMarked
package io.llmsizing.weights;

import org.jspecify.annotations.NullMarked;
