package dev.pledge.engine.gate;

import dev.pledge.engine.audit.Receipt;
import dev.pledge.policy.decision.Explanation;

/** Why a read would be answered as it would. No personal value is in it. */
public sealed interface Explained {

  /** Every rule, and what came of it. */
  record Answer(Explanation explanation, Receipt receipt) implements Explained {}

  /** There is no such person, or none the caller works for. */
  record Unknown(Receipt receipt) implements Explained {}
}
