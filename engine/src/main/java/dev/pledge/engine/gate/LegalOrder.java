package dev.pledge.engine.gate;

import dev.pledge.policy.names.ActorId;
import java.util.Set;

/**
 * What a legal exception is invoked with (II.I.7): its reference, who approved it, and the fields
 * it names. The reference is stored sealed in the log.
 */
public record LegalOrder(String reference, ActorId approver, Set<String> fields) {
  public LegalOrder {
    fields = Set.copyOf(fields);
    if (reference.isBlank() || reference.length() > 500) {
      throw new IllegalArgumentException("an order needs a reference of 1 to 500 characters");
    }
  }
}
