/**
 * Exact sizes, rates and ratios: whole bytes, named roundings, no floating point.
 */
@NullMarked
package io.llmsizing.units;

import org.jspecify.annotations.NullMarked;
