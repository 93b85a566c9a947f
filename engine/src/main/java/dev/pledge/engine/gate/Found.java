package dev.pledge.engine.gate;

import dev.pledge.engine.audit.Receipt;
import dev.pledge.policy.decision.Reason;
import dev.pledge.policy.names.ClauseId;
import dev.pledge.policy.names.SubjectId;

/** What came of looking a person up by an alias. */
public sealed interface Found {

  /** The person. */
  record Subject(SubjectId subject, Receipt receipt) implements Found {}

  /** Nobody has the alias, or the caller may not know. */
  record Nobody(Receipt receipt) implements Found {}

  /** The look-up itself is refused. */
  record Refused(Reason reason, ClauseId clause, Receipt receipt) implements Found {}

  /** The alias is malformed. */
  record Malformed(FieldRefusal why) implements Found {}
}
