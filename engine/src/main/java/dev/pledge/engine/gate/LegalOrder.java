package dev.pledge.engine.gate;

import dev.pledge.policy.names.ActorId;
import java.util.Set;

/**
 * What a legal exception is invoked with (II.I.7): its reference, who approved it, and the fields
 * it names. The reference is stored sealed in the log.
 */
public record LegalOrder(String reference, ActorId approver, Set<String> fields) {
  private static final int LONGEST_REFERENCE = 400;

  public LegalOrder {
    fields = Set.copyOf(fields);
    ReadRequest.requireText(reference, "reference", LONGEST_REFERENCE);
    if (fields.size() > ReadRequest.MOST_FIELDS) {
      throw new IllegalArgumentException(
          "an order names at most " + ReadRequest.MOST_FIELDS + " fields");
    }
  }

  /** Who approved, and nothing that the caller wrote. */
  @Override
  public String toString() {
    return "LegalOrder[" + approver + ", [redacted]]";
  }
}
