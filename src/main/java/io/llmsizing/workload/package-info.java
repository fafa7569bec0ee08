/**
 * What is asked of a deployment: how many sequences of how many tokens.
 */
@NullMarked
package io.llmsizing.workload;

import org.jspecify.annotations.NullMarked;
