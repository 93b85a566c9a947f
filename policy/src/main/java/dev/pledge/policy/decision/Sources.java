package dev.pledge.policy.decision;

import dev.pledge.policy.decision.Policy.Source;
import java.time.Instant;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Where collected values may come from: the person, the use of a product, or a third party with an
 * agreement in force (rule {@code CONDITIONS}; I.0).
 */
final class Sources {
  private final Map<String, Agreement> agreements = new HashMap<>();

  Sources(Declarations declared) {
    for (Source party : declared.source().sources()) {
      agreements.put(
          party.id().value(),
          new Agreement(Span.ofDays(party.from(), party.until()), declared.bits(party.fields())));
    }
  }

  /** What a third party may supply, and while it may. */
  private record Agreement(Span span, BitSet fields) {}

  boolean knows(String name) {
    return name.equals(CompiledPolicy.PERSON)
        || name.equals(CompiledPolicy.PRODUCT_USE)
        || agreements.containsKey(name);
  }

  /** Whether the field may come from the source now; only a third party needs an agreement. */
  boolean supplies(Resolved resolved, int field, Instant now) {
    String name = resolved.question().source();
    Agreement agreement = name == null ? null : agreements.get(name);
    return agreement == null
        || (agreement.fields().get(field)
            && (resolved.renewed() || agreement.span().contains(now)));
  }
}
