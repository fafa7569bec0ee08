/** Measurements of the library: nanoseconds for the reader, bytes per operation for the gate. */
package io.llmsizing.benchmarks;
