/**
 * Strict, bounded reading and writing of JSON and CSV, and reading of XML, with the place of every error. The only package that sees the parsers.
 */
@NullMarked
package io.llmsizing.document;

import org.jspecify.annotations.NullMarked;
