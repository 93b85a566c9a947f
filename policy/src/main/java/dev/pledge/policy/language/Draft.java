package dev.pledge.policy.language;

import dev.pledge.policy.decision.Policy;
import dev.pledge.policy.language.Node.Scalar;
import dev.pledge.policy.names.ProductId;
import java.util.HashMap;
import java.util.Map;

/**
 * A policy as far as it could be read; sound only when nothing was reported.
 *
 * @param languages the languages of the notice, and where they stand
 * @param mentions the clauses the file names
 * @param declared the names it declares, and where
 * @param ownTerms the products with terms of their own, and where the file of these is named
 */
record Draft(
    Policy policy,
    Map<String, Scalar> languages,
    Mentions mentions,
    Declared declared,
    Map<ProductId, Scalar> ownTerms) {

  /** The same, with what counts for products. */
  Draft with(Map<ProductId, Draft> own) {
    Map<ProductId, Policy> policies = new HashMap<>();
    own.forEach((product, draft) -> policies.put(product, draft.policy()));
    return new Draft(policy.with(policies), languages, mentions, declared, ownTerms);
  }
}
