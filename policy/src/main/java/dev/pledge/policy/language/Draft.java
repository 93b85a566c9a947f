package dev.pledge.policy.language;

import dev.pledge.policy.decision.Policy;
import dev.pledge.policy.language.Node.Scalar;
import dev.pledge.policy.names.ClauseId;
import java.util.Map;

/**
 * A policy as far as it could be read; sound only when nothing was reported.
 *
 * @param languages the languages of the notice, and where they stand
 * @param clauses the clauses the file names, and where first
 */
record Draft(Policy policy, Map<String, Scalar> languages, Map<ClauseId, Scalar> clauses) {}
