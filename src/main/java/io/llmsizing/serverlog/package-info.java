/** What servers print when they start: vLLM, SGLang and llama.cpp, read back into figures with the lines where they stand. */
@NullMarked
package io.llmsizing.serverlog;

import org.jspecify.annotations.NullMarked;
