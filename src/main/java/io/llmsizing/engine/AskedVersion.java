package io.llmsizing.engine;

import io.llmsizing.ledger.Assumption;
import java.util.List;

/**
 * A version as it was asked for.
 *
 * @param version whose facts are used, or those of the one before it
 * @param assumptions what was taken for granted about it
 */
record AskedVersion(EngineVersion version, List<Assumption> assumptions) {}
