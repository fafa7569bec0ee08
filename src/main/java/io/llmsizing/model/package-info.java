/**
 * The shape of a language model as groups of equal layers, its embeddings and extra heads, and its parameter counts.
 */
@NullMarked
package io.llmsizing.model;

import org.jspecify.annotations.NullMarked;
