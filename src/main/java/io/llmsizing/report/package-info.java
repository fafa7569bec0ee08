/**
 * Verdicts and explanations as text and JSON.
 */
@NullMarked
package io.llmsizing.report;

import org.jspecify.annotations.NullMarked;
