package dev.pledge.policy.language;

import dev.pledge.policy.decision.Policy;
import dev.pledge.policy.language.Node.Scalar;
import java.util.Map;

/**
 * A policy as far as it could be read; sound only when nothing was reported.
 *
 * @param languages the languages of the notice, and where they stand
 * @param mentions the clauses the file names
 */
record Draft(Policy policy, Map<String, Scalar> languages, Mentions mentions) {}
