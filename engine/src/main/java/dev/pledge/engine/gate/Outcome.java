package dev.pledge.engine.gate;

import dev.pledge.engine.audit.Receipt;
import dev.pledge.policy.decision.Reason;
import dev.pledge.policy.names.ClauseId;

/** What came of a change that stores no values. */
public sealed interface Outcome {
  /** The log entry. */
  Receipt receipt();

  /** It was done. */
  record Done(Receipt receipt) implements Outcome {}

  /** There is no such person. */
  record Unknown(Receipt receipt) implements Outcome {}

  /** It is refused. */
  record Refused(Reason reason, ClauseId clause, Receipt receipt) implements Outcome {
    static Refused of(Reason reason, Receipt receipt) {
      return new Refused(reason, new ClauseId(reason.clause()), receipt);
    }
  }
}
