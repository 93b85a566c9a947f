package dev.pledge.engine.gate;

import dev.pledge.policy.decision.HoldTerms;
import java.util.Optional;
import java.util.UUID;

/**
 * A legal hold to be placed (II.I.7, II.II.3). Names are as the caller wrote them.
 *
 * @param reference of the order behind it; sealed under the hold's own key, and in the log
 * @param legalCase the case it is of; a new one if it names none
 */
public record HoldRequest(HoldTerms terms, String reference, Optional<UUID> legalCase) {
  private static final int LONGEST_REFERENCE = 400;

  public HoldRequest {
    ReadRequest.requireText(reference, "reference", LONGEST_REFERENCE);
    if (!terms.fields().isEmpty()) {
      ReadRequest.requireFields(terms.fields());
    }
  }

  @Override
  public String toString() {
    return "HoldRequest[[redacted]]";
  }
}
