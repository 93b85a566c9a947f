package dev.pledge.engine.gate;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.audit.NoHistory;
import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.gate.Logbook.Tally;
import dev.pledge.engine.gate.People.Hold;
import dev.pledge.engine.keys.SubjectKey;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.subject.Subjects;
import dev.pledge.engine.value.Complaint;
import dev.pledge.engine.value.Reading.Bad;
import dev.pledge.engine.value.Reading.Good;
import dev.pledge.engine.value.Value;
import dev.pledge.engine.vault.Opened;
import dev.pledge.engine.vault.Sealed;
import dev.pledge.engine.vault.Vault;
import dev.pledge.log.Kind;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Decision;
import dev.pledge.policy.decision.Permit;
import dev.pledge.policy.decision.Policy.Field;
import dev.pledge.policy.decision.Question;
import dev.pledge.policy.decision.Reason;
import dev.pledge.policy.names.ClauseId;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.SubjectId;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds people by an alias. An answer is an oracle, so it is decided like a read of the alias for
 * the named purpose, logged, and says of a person the caller may not know no more than of nobody.
 */
final class Finding {
  private final Parts parts;
  private final Database database;
  private final Subjects subjects;

  Finding(Parts parts, Database database, Subjects subjects) {
    this.parts = parts;
    this.database = database;
    this.subjects = subjects;
  }

  Found find(Caller caller, String kind, Object json, String purpose, String product) {
    Instant now = parts.clock().instant();
    CompiledPolicy policy = parts.policyAt(now);
    Fields fields = parts.fields(policy);
    Field field = Aliases.type(kind).flatMap(fields::alias).orElse(null);
    if (field == null) {
      return new Found.Malformed(FieldRefusal.of(0, kind, Complaint.CHOICE));
    }
    return switch (Fields.shape(field).read(json, now.atZone(ZoneOffset.UTC).toLocalDate())) {
      case Bad(Complaint complaint) ->
          new Found.Malformed(FieldRefusal.of(0, field.id().toString(), complaint));
      case Good(Value value) -> {
        Question question =
            Question.read(
                caller.asker(now, Asker.Capacity.ROLE, Asker.Assurance.SIGNED_IN),
                purpose,
                product,
                List.of(field.id().toString()));
        Reason refused = policy.refusesWhole(question);
        yield refused != null
            ? refused(caller, question, policy, refused, now)
            : find(caller, question, field, value, fields, policy);
      }
    };
  }

  private Found refused(
      Caller caller, Question question, CompiledPolicy policy, Reason reason, Instant now) {
    ClauseId clause = new ClauseId(reason.clause());
    Receipt receipt =
        parts
            .entries()
            .recordAboutNobody(
                Logbook.refusedWhole(Kind.LOOKUP, caller, question, policy, reason, now));
    return new Found.Refused(reason, clause, receipt);
  }

  private Found find(
      Caller caller,
      Question question,
      Field field,
      Value sought,
      Fields fields,
      CompiledPolicy policy) {
    var term = Aliases.term(sought, new ProductId(question.product()));
    Person person =
        database.read(
            handle -> {
              Optional<SubjectId> hit = subjects.find(handle, parts.blindIndex().candidates(term));
              return hit.isEmpty()
                  ? null
                  : parts.one(
                      handle,
                      hit.get(),
                      fields.wanted(question.fields(), Window.DEFAULT),
                      Hold.NONE);
            });
    if (person == null) {
      return nobody(caller, question, policy);
    }
    try (SubjectKey key = parts.keys().unwrap(person.subject(), person.wrapped())) {
      Person aged = parts.aged(person, key, policy);
      Decision decision = parts.policies().decide(question, aged.state());
      Sealed held = held(decision, aged);
      Tally tally = new Tally();
      if (held != null) {
        tally.grant(1);
      }
      Receipt receipt =
          parts
              .entries()
              .record(
                  key,
                  parts.logbook().decided(Kind.LOOKUP, caller, decision, List.of(tally)).build(),
                  Logbook.detail(decision, caller, null, null, List.of()));
      boolean same =
          held != null
              && decision instanceof Permit permit
              && matches(permit, receipt, key, field, held, sought);
      return same ? new Found.Subject(person.subject(), receipt) : new Found.Nobody(receipt);
    } catch (NoHistory erasedMeanwhile) {
      return nobody(caller, question, policy);
    }
  }

  private static @Nullable Sealed held(Decision decision, Person person) {
    if (!(decision instanceof Permit permit)) {
      return null;
    }
    for (Sealed value : person.values()) {
      if (permit.admits(0, value.product(), value.collectedAt()) == null) {
        return value;
      }
    }
    return null;
  }

  // A blind index may outlive a changed normal form; what counts is the value itself.
  private boolean matches(
      Permit permit, Receipt receipt, SubjectKey key, Field field, Sealed held, Value sought) {
    List<Opened> opened =
        parts
            .vault()
            .open(permit, receipt, key, List.of(new Vault.Candidate(0, field.type(), held)));
    return MessageDigest.isEqual(
        opened.getFirst().value().lookupForm().orElseThrow(), sought.lookupForm().orElseThrow());
  }

  private Found nobody(Caller caller, Question question, CompiledPolicy policy) {
    return new Found.Nobody(
        parts
            .entries()
            .recordAboutNobody(
                Logbook.unknown(Kind.LOOKUP, parts.clock().instant(), caller, question, policy)));
  }
}
