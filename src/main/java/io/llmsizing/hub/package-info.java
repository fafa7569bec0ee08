/**
 * Repositories of a Hugging Face Hub: in the cache of this machine, or by range requests.
 */
@NullMarked
package io.llmsizing.hub;

import org.jspecify.annotations.NullMarked;
