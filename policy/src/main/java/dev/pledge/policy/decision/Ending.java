package dev.pledge.policy.decision;

import dev.pledge.policy.decision.Policy.Retention;
import java.time.Instant;

/**
 * When a stored value goes if nothing happens before, and by which rule (II.II.3, IV.1).
 *
 * @param at the first moment at which it is no longer kept
 * @param by the rule that ends first
 */
public record Ending(Instant at, Retention by) {}
