/**
 * The command line: one class per subcommand.
 */
@NullMarked
package io.llmsizing.cli;

import org.jspecify.annotations.NullMarked;
