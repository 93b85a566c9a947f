package dev.pledge.engine.gate;

import dev.pledge.engine.audit.Receipt;
import dev.pledge.policy.decision.Reason;
import dev.pledge.policy.names.ClauseId;
import java.time.Instant;
import java.util.UUID;

/** What came of asking for a legal hold. */
public sealed interface HoldPlaced {

  /** It is in force until {@code until}, unless it is lifted. */
  record Placed(UUID hold, UUID legalCase, Instant until, Receipt receipt) implements HoldPlaced {}

  /** There is no such person, or no such case in force. */
  record Unknown(Receipt receipt) implements HoldPlaced {}

  /** It is refused. */
  record Refused(Reason reason, ClauseId clause, Receipt receipt) implements HoldPlaced {}
}
