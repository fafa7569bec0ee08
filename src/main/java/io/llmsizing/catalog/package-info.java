/**
 * Models and accelerators by name, bundled with the library and overlaid by a user's files.
 */
@NullMarked
package io.llmsizing.catalog;

import org.jspecify.annotations.NullMarked;
