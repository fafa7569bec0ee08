/**
 * How elements are stored: block formats in whole bytes, and schemes that say which tensor role gets which format.
 */
@NullMarked
package io.llmsizing.quantization;

import org.jspecify.annotations.NullMarked;
