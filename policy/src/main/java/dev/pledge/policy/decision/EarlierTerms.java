package dev.pledge.policy.decision;

import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.ProductId;
import java.time.Instant;

/** What versions before the one in force promised about how long a value is kept (IV.1, IX.2). */
@FunctionalInterface
interface EarlierTerms {
  /** Says nothing: there is no earlier version. */
  EarlierTerms NONE = (field, collector, collectedAt, state) -> true;

  /** Whether none of those that still count has let go of the value by {@code state.now()}. */
  boolean keep(FieldId field, ProductId collector, Instant collectedAt, SubjectState state);
}
