package dev.pledge.engine.gate;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.consent.Consents;
import dev.pledge.engine.gate.People.Hold;
import dev.pledge.engine.gate.People.Wanted;
import dev.pledge.engine.keys.SubjectKey;
import dev.pledge.engine.store.Transaction;
import dev.pledge.engine.subject.Subjects;
import dev.pledge.log.Detail;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import dev.pledge.log.Verdict;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Reason;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.SubjectId;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Deletes single fields at the person's wish (V.1, V.2). They are marked, so that no other source
 * brings them back.
 */
final class Deleting {
  private final Parts parts;
  private final Subjects subjects;
  private final Consents consents;

  Deleting(Parts parts, Subjects subjects, Consents consents) {
    this.parts = parts;
    this.subjects = subjects;
    this.consents = consents;
  }

  Outcome delete(Transaction tx, Caller caller, SubjectId subject, List<String> asked)
      throws SQLException {
    Person person = parts.one(tx, subject, Wanted.NOTHING, Hold.FOR_CHANGE);
    if (person == null) {
      return new Outcome.Unknown(parts.appendUnknown(tx, Kind.DELETE, caller));
    }
    CompiledPolicy policy = parts.policyAt(person.state().now());
    try (SubjectKey key = parts.keys().unwrap(subject, person.wrapped())) {
      if (asked.stream().anyMatch(field -> policy.declared(field) == null)) {
        Facts facts =
            parts
                .logbook()
                .refusedChange(Kind.DELETE, caller, person.state(), Reason.UNKNOWN_FIELD);
        return Outcome.Refused.of(
            Reason.UNKNOWN_FIELD, parts.entries().append(tx, key, facts, Detail.NONE));
      }
      List<FieldId> fields = asked.stream().map(FieldId::of).toList();
      parts.vault().delete(tx, subject, fields);
      List<Short> codes = asked.stream().map(parts.vocabulary()::code).toList();
      subjects.removeAliases(tx, subject, codes);
      consents.suppress(tx, subject, fields);
      subjects.touch(tx, subject);
      return new Outcome.Done(log(tx, caller, person, key, asked));
    }
  }

  private Receipt log(
      Transaction tx, Caller caller, Person person, SubjectKey key, List<String> asked) {
    Facts facts =
        parts
            .logbook()
            .changed(Kind.DELETE, caller, person.state())
            .verdicts(
                asked.stream()
                    .map(
                        field ->
                            new Verdict.Granted(
                                field, Optional.empty(), Optional.empty(), Optional.of("V.1"), 1))
                    .toList())
            .build();
    return parts.entries().append(tx, key, facts, Detail.of(person.state().version(), List.of()));
  }
}
