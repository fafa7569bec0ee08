/**
 * Serving engines by name and version: budget rule, cache pages, and the memory they take for themselves.
 */
@NullMarked
package io.llmsizing.engine;

import org.jspecify.annotations.NullMarked;
