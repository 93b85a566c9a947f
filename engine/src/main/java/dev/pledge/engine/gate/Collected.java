package dev.pledge.engine.gate;

import dev.pledge.engine.audit.Receipt;
import dev.pledge.policy.names.PolicyVersion;
import java.util.List;

/** What came of a collection. */
public sealed interface Collected {
  /** The log entry of the collection. */
  Receipt receipt();

  /** There is no such person. */
  record Unknown(Receipt receipt) implements Collected {}

  /** What was stored and for which purpose, and what was refused and why. */
  record Answer(
      PolicyVersion policy, List<Stored> stored, List<FieldRefusal> refused, Receipt receipt)
      implements Collected {
    public Answer {
      stored = List.copyOf(stored);
      refused = List.copyOf(refused);
    }
  }

  /** A field that was stored. */
  record Stored(String field, String purpose, int count) {}

  /** An alias in the collection belongs to somebody else; nothing was stored. */
  record AliasTaken(Receipt receipt) implements Collected {}
}
