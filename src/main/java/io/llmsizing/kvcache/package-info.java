/**
 * Cache memory of one rank: per token, per window, per page.
 */
@NullMarked
package io.llmsizing.kvcache;

import org.jspecify.annotations.NullMarked;
