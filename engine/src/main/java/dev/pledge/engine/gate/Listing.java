package dev.pledge.engine.gate;

import dev.pledge.engine.audit.Receipt;
import dev.pledge.policy.decision.Reason;
import dev.pledge.policy.names.ClauseId;

/** How the listing of an audience ended. */
public sealed interface Listing {

  /** All were handed over. */
  record Complete(long count, Receipt receipt) implements Listing {}

  /** Refused before the first was handed over. */
  record Refused(Reason reason, ClauseId clause, Receipt receipt) implements Listing {}
}
