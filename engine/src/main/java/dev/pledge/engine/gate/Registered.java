package dev.pledge.engine.gate;

import dev.pledge.engine.audit.Receipt;
import dev.pledge.policy.decision.Reason;
import dev.pledge.policy.names.ClauseId;
import dev.pledge.policy.names.SubjectId;
import java.util.List;

/** What came of a registration. Anything but {@link Subject} stored nothing. */
public sealed interface Registered {

  /** The person is registered. */
  record Subject(SubjectId subject, Receipt receipt) implements Registered {}

  /** An alias belongs to somebody already; who that is, is not told. */
  record AliasTaken(Receipt receipt) implements Registered {}

  /** The registration as a whole is refused. */
  record Refused(Reason reason, ClauseId clause, Receipt receipt) implements Registered {}

  /**
   * Aliases are refused or malformed, the index counts them in alphabetical order; or the birth
   * date lies ahead.
   */
  record AliasesRefused(List<FieldRefusal> refusals, Receipt receipt) implements Registered {
    public AliasesRefused {
      refusals = List.copyOf(refusals);
    }
  }
}
