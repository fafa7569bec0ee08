/**
 * What real servers printed, held against what is predicted of them: observations, the checks that they pass, residuals
 * and the bands that follow from these.
 */
@NullMarked
package io.llmsizing.calibration;

import org.jspecify.annotations.NullMarked;
