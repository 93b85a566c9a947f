package dev.pledge.engine.gate;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.audit.NoHistory;
import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.gate.People.Hold;
import dev.pledge.engine.keys.SubjectKey;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.subject.Subjects;
import dev.pledge.engine.subject.Subjects.Alias;
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
import java.util.Objects;
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

  /** An alias looked for, by whom and why. */
  private record Sought(Caller caller, Field field, Value value, String purpose, String product) {
    /** What is asked of the policy, with what holds of the caller at {@code now}. */
    Question question(Instant now) {
      return Question.read(
          caller.asker(now, Asker.Capacity.ROLE, Asker.Assurance.SIGNED_IN),
          purpose,
          product,
          List.of(field.id().toString()));
    }

    /** Whose value it is: the product's, or, as null, the account's. */
    @Nullable ProductId holder(Fields fields) {
      return fields.holder(field.id(), new ProductId(product));
    }
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
        Sought sought = new Sought(caller, field, value, purpose, product);
        Question question = sought.question(now);
        Reason refused = policy.refusesWhole(question);
        yield refused != null
            ? refused(caller, question, policy, refused, now)
            : find(sought, question, policy);
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

  private Found find(Sought sought, Question asked, CompiledPolicy policy) {
    Person person = holder(sought);
    if (person == null || !person.uses(sought.caller.products())) {
      return nobody(sought.caller, asked, policy);
    }
    try (SubjectKey key = parts.keys().unwrap(person.subject(), person.wrapped())) {
      CompiledPolicy current = parts.policyAt(person.state().now());
      Person aged = parts.aged(person, key, current);
      Question question = sought.question(aged.state().now());
      Decision decision = parts.policies().decide(question, aged.state());
      Sealed held = held(decision, aged, sought.holder(parts.fields(current)));
      Tally tally = new Tally();
      if (held != null) {
        tally.grant(1);
      }
      Receipt receipt =
          parts
              .entries()
              .record(
                  key,
                  parts
                      .logbook()
                      .decided(Kind.LOOKUP, sought.caller, decision, List.of(tally))
                      .build(),
                  LoggedDetail.of(decision, sought.caller, null, null, List.of()));
      boolean same =
          held != null
              && decision instanceof Permit permit
              && matches(permit, receipt, key, sought, held);
      return same ? new Found.Subject(person.subject(), receipt) : new Found.Nobody(receipt);
    } catch (NoHistory erasedMeanwhile) {
      return nobody(sought.caller, asked, policy);
    }
  }

  /** Who has the alias, with its value, or null. */
  private @Nullable Person holder(Sought sought) {
    var candidates =
        parts.blindIndex().candidates(Aliases.term(sought.value, new ProductId(sought.product)));
    return database.read(
        handle -> {
          Optional<SubjectId> hit = subjects.find(handle, candidates).map(Alias::subject);
          return hit.isEmpty()
              ? null
              : parts
                  .fetch(
                      handle,
                      List.of(hit.get()),
                      fields -> fields.wantedProfile(List.of(sought.field.id().toString())),
                      Hold.NONE)
                  .first();
        });
  }

  /** The value of the holder whose alias is sought; nobody is found through another product's. */
  private static @Nullable Sealed held(
      Decision decision, Person person, @Nullable ProductId holder) {
    if (!(decision instanceof Permit permit)) {
      return null;
    }
    for (Sealed value : person.values()) {
      if (Objects.equals(value.holder(), holder)
          && permit.admits(0, value.product(), value.collectedAt()) == null) {
        return value;
      }
    }
    return null;
  }

  // A blind index may outlive a changed normal form; what counts is the value itself.
  private boolean matches(
      Permit permit, Receipt receipt, SubjectKey key, Sought sought, Sealed held) {
    List<Opened> opened =
        parts
            .vault()
            .open(permit, receipt, key, List.of(new Vault.Candidate(0, sought.field.type(), held)));
    return MessageDigest.isEqual(
        opened.getFirst().value().lookupForm().orElseThrow(),
        sought.value.lookupForm().orElseThrow());
  }

  private Found nobody(Caller caller, Question question, CompiledPolicy policy) {
    return new Found.Nobody(
        parts
            .entries()
            .recordAboutNobody(
                Logbook.unknown(Kind.LOOKUP, parts.clock().instant(), caller, question, policy)));
  }
}
