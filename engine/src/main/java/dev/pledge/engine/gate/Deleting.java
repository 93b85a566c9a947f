package dev.pledge.engine.gate;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.consent.Consents;
import dev.pledge.engine.gate.People.Hold;
import dev.pledge.engine.keys.Part;
import dev.pledge.engine.keys.SubjectKey;
import dev.pledge.engine.store.Transaction;
import dev.pledge.engine.subject.Subjects;
import dev.pledge.engine.vault.Vault.Deleted;
import dev.pledge.log.Detail;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import dev.pledge.log.Verdict;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Reason;
import dev.pledge.policy.decision.SubjectState;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.SubjectId;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Deletes single fields at the person's wish (V.1, V.2). They are marked, so that no other source
 * brings them back.
 */
final class Deleting {
  private final Parts parts;
  private final Subjects subjects;
  private final Consents consents;
  private final Outgoing outgoing;

  Deleting(Parts parts, Gate.Rooms rooms, Outgoing outgoing) {
    this.parts = parts;
    this.subjects = rooms.subjects();
    this.consents = rooms.consents();
    this.outgoing = outgoing;
  }

  Outcome delete(Transaction tx, Caller caller, SubjectId subject, List<String> asked)
      throws SQLException {
    Person person = parts.theirs(tx, caller, subject, Hold.FOR_CHANGE);
    if (person == null) {
      return new Outcome.Unknown(parts.appendUnknown(tx, Kind.DELETE, caller));
    }
    CompiledPolicy policy = parts.policyAt(person.state().now());
    try (SubjectKey key = parts.keys().unwrap(subject, person.wrapped())) {
      Person aged = parts.aged(person, key, policy);
      SubjectState state = aged.state();
      int unknown = (int) asked.stream().filter(field -> policy.declared(field) == null).count();
      if (unknown > 0) {
        Facts facts =
            Logbook.refusedChange(Kind.DELETE, caller, state, policy, Reason.UNKNOWN_FIELD)
                .unknownNames(unknown)
                .build();
        return Outcome.Refused.of(
            Reason.UNKNOWN_FIELD, parts.entries().append(tx, key, facts, Detail.NONE));
      }
      List<FieldId> fields = asked.stream().map(FieldId::of).toList();
      parts.keeping().keep(tx, person, key, value -> fields.contains(value.field()));
      Deleted deleted = parts.vault().delete(tx, subject, fields);
      List<Verdict> verdicts =
          fields.stream()
              .map(field -> Logbook.deleted(field, deleted.counts().getOrDefault(field, 0), "V.1"))
              .toList();
      subjects.removeAliases(tx, subject, asked.stream().map(parts.vocabulary()::code).toList());
      consents.suppress(tx, subject, fields);
      forget(tx, aged, key, fields, deleted.parts(), policy);
      outgoing.deleted(tx, state.now(), deleted.counts().keySet());
      Facts facts = Logbook.changed(Kind.DELETE, caller, state, policy).verdicts(verdicts).build();
      return new Outcome.Done(
          parts.entries().append(tx, key, facts, Detail.of(state.version(), List.of())));
    }
  }

  /**
   * Lets the person's key forget what was deleted, with what it told of their age, and marks the
   * state as changed.
   */
  private void forget(
      Transaction tx,
      Person person,
      SubjectKey key,
      List<FieldId> fields,
      Set<Part> deleted,
      CompiledPolicy policy)
      throws SQLException {
    AgeEvidence before = AgeEvidence.of(person, key);
    AgeEvidence after = before.deleted(fields, person, policy);
    if (after.equals(before)) {
      parts.renewing().forget(tx, key, deleted);
      subjects.touch(tx, person.subject());
      return;
    }
    Set<Part> gone = new HashSet<>(deleted);
    gone.add(AgeEvidence.PART);
    parts.renewing().forget(tx, key, gone);
    subjects.putAge(tx, person.subject(), after.leftOf(person, key, policy));
  }
}
