package dev.pledge.engine.gate;

import dev.pledge.engine.audit.Receipt;
import dev.pledge.policy.decision.Explanation;
import dev.pledge.policy.language.Suggestions;

/** Why a question would be answered as it would. No personal value is in it. */
public sealed interface Explained {

  /** Every rule, and what came of it; and what was probably meant by names that are unknown. */
  record Answer(Explanation explanation, Suggestions suggestions, Receipt receipt)
      implements Explained {}

  /** There is no such person, or none the caller works for. */
  record Unknown(Receipt receipt) implements Explained {}
}
