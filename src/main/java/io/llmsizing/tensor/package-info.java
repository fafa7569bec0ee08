/**
 * What a weight tensor is: its shape, its role in the network, and how tensor parallelism cuts it.
 */
@NullMarked
package io.llmsizing.tensor;

import org.jspecify.annotations.NullMarked;
