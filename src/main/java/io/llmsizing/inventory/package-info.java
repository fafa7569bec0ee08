/**
 * Machines that someone has, from what tools print about them: nvidia-smi, rocm-smi, amd-smi, kubectl, scontrol, and a table by
 * hand.
 */
@NullMarked
package io.llmsizing.inventory;

import org.jspecify.annotations.NullMarked;
