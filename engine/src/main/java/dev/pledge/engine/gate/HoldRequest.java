package dev.pledge.engine.gate;

import dev.pledge.policy.decision.HoldTerms;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A legal hold to be placed (II.I.7, II.II.3). Names are as the caller wrote them.
 *
 * @param fields what is kept; everything that the purpose uses if it names nothing
 * @param until when it ends by itself
 * @param reference of the order behind it; sealed under the hold's own key, and in the log
 * @param legalCase the case it is of; a new one if it names none
 */
public record HoldRequest(
    String purpose,
    String product,
    List<String> fields,
    Instant until,
    String reference,
    Optional<UUID> legalCase) {
  private static final int LONGEST_REFERENCE = 400;

  public HoldRequest {
    fields = List.copyOf(fields);
    ReadRequest.requireText(reference, "reference", LONGEST_REFERENCE);
    if (!fields.isEmpty()) {
      ReadRequest.requireFields(fields);
    }
  }

  /** What of it the policy decides. */
  HoldTerms terms() {
    return new HoldTerms(purpose, product, fields, until);
  }

  @Override
  public String toString() {
    return "HoldRequest[[redacted]]";
  }
}
