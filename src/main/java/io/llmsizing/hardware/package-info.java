/**
 * Accelerators with what they are sold with and what a program can use, and clusters of them.
 */
@NullMarked
package io.llmsizing.hardware;

import org.jspecify.annotations.NullMarked;
