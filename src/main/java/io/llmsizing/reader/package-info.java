/**
 * Models from the files that describe them.
 */
@NullMarked
package io.llmsizing.reader;

import org.jspecify.annotations.NullMarked;
