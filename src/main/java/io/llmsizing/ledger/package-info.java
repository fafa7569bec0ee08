/**
 * Postings of bytes. Accounting code posts operands, the ledger multiplies: one ledger totals, one itemises.
 */
@NullMarked
package io.llmsizing.ledger;

import org.jspecify.annotations.NullMarked;
