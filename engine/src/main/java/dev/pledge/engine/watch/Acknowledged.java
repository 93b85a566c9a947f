package dev.pledge.engine.watch;

import dev.pledge.engine.audit.Receipt;
import dev.pledge.policy.decision.Reason;

/** What came of acknowledging an alarm. */
public sealed interface Acknowledged {
  /** The log entry. */
  Receipt receipt();

  /** It is acknowledged. */
  record Done(Receipt receipt) implements Acknowledged {}

  /** There is no such alarm. */
  record Unknown(Receipt receipt) implements Acknowledged {}

  /** Somebody has acknowledged it already. */
  record Already(Receipt receipt) implements Acknowledged {}

  /** It is refused (IV.3). */
  record Refused(Reason reason, Receipt receipt) implements Acknowledged {}
}
