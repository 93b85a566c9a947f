package dev.pledge.engine.gate;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.gate.People.Hold;
import dev.pledge.engine.keys.SubjectKey;
import dev.pledge.engine.store.Transaction;
import dev.pledge.log.Detail;
import dev.pledge.log.Kind;
import dev.pledge.policy.decision.SubjectState;
import dev.pledge.policy.names.SubjectId;
import java.sql.SQLException;
import java.util.List;

/** Enters in the log that people are handed over to the Privacy Centre, and sign in (V.1). */
final class Signing {
  private final Parts parts;

  Signing(Parts parts) {
    this.parts = parts;
  }

  /** Takes the account until the transaction ends, so that an erasure takes what it makes along. */
  Outcome enter(Transaction tx, Kind kind, Caller caller, SubjectId subject) throws SQLException {
    Person person = parts.theirs(tx, caller, subject, Hold.FOR_CHANGE);
    if (person == null) {
      return new Outcome.Unknown(parts.appendUnknown(tx, kind, caller));
    }
    SubjectState state = person.state();
    try (SubjectKey key = parts.keys().unwrap(subject, person.wrapped())) {
      return new Outcome.Done(
          parts
              .entries()
              .append(
                  tx,
                  key,
                  Logbook.changed(kind, caller, state, parts.policyAt(state.now())).build(),
                  Detail.of(state.version(), List.of())));
    }
  }
}
