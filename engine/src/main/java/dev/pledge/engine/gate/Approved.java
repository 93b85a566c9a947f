package dev.pledge.engine.gate;

import dev.pledge.engine.audit.Receipt;
import dev.pledge.policy.decision.Reason;
import dev.pledge.policy.names.ClauseId;
import java.time.Instant;
import java.util.UUID;

/** What came of asking for an approval to be recorded. */
public sealed interface Approved {

  /** It counts until {@code until}. */
  record Granted(UUID approval, Instant until, Receipt receipt) implements Approved {}

  /** There is no such person. */
  record Unknown(Receipt receipt) implements Approved {}

  /** It is refused. */
  record Refused(Reason reason, ClauseId clause, Receipt receipt) implements Approved {}
}
