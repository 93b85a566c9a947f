package dev.pledge.engine.gate;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.audit.Audit;
import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.consent.Consents;
import dev.pledge.engine.keys.BlindIndex.Term;
import dev.pledge.engine.keys.FreshKey;
import dev.pledge.engine.keys.SubjectKey;
import dev.pledge.engine.keys.WrappedKeys;
import dev.pledge.engine.store.Transaction;
import dev.pledge.engine.subject.NewSubject;
import dev.pledge.engine.subject.Subjects;
import dev.pledge.engine.suppression.Objection;
import dev.pledge.engine.value.Complaint;
import dev.pledge.engine.value.Reading.Bad;
import dev.pledge.engine.value.Reading.Good;
import dev.pledge.engine.value.Value;
import dev.pledge.engine.vault.Storing;
import dev.pledge.log.Detail;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Decision;
import dev.pledge.policy.decision.Permit;
import dev.pledge.policy.decision.Policy.AgeLimits;
import dev.pledge.policy.decision.Policy.Field;
import dev.pledge.policy.decision.Question;
import dev.pledge.policy.decision.Reason;
import dev.pledge.policy.decision.SubjectState;
import dev.pledge.policy.decision.SubjectState.Age;
import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.decision.SubjectState.Choice;
import dev.pledge.policy.decision.SubjectState.Membership;
import dev.pledge.policy.names.ClauseId;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.SubjectId;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Registers people. Aliases are collected like any value, field by field; of a child nothing is
 * stored before a guardian has agreed (VI.1).
 */
final class Registering {
  private final Parts parts;
  private final Subjects subjects;
  private final Consents consents;
  private final WrappedKeys wrappedKeys;
  private final Audit audit;
  private final Choosing choosing;
  private final Collecting collecting;
  private final Objecting objecting;

  Registering(
      Parts parts,
      Gate.Rooms rooms,
      Audit audit,
      Choosing choosing,
      Collecting collecting,
      Objecting objecting) {
    this.objecting = objecting;
    this.parts = parts;
    this.subjects = rooms.subjects();
    this.consents = rooms.consents();
    this.wrappedKeys = rooms.wrappedKeys();
    this.audit = audit;
    this.choosing = choosing;
    this.collecting = collecting;
  }

  /** Everything about to be written, once nothing speaks against it. */
  private record Ready(
      Registration registration,
      Marked marked,
      SubjectId subject,
      Decision decision,
      List<Storing> storing,
      List<Aliases.Ready> aliases,
      Fields fields) {}

  /** What marks of the aliases say. */
  private record Marked(List<Term> terms, Set<Objection> objections) {}

  /** A choice to be recorded, of the registration or of a mark. */
  private record Told(ConsentChange change, boolean byMark) {}

  Registered register(Transaction tx, Caller caller, Registration registration)
      throws SQLException {
    Instant now = now(tx);
    CompiledPolicy policy = parts.policyAt(now);
    Fields fields = parts.fields(policy);
    SubjectId subject = new SubjectId(parts.ids().unordered());
    Map<String, Object> byField = new LinkedHashMap<>();
    List<FieldRefusal> refused = byField(registration, fields, byField);
    if (registration.birthDate() != null && isToCome(registration.birthDate(), now)) {
      refused.add(FieldRefusal.ofMember("birthDate", Complaint.DATE_RANGE));
    }
    List<Term> terms = terms(registration, byField, fields, policy, today(now));
    Marked marked = new Marked(terms, objecting.on(tx, terms));
    SubjectState state = state(caller, registration, marked, subject, now, policy);
    Question question =
        Collecting.question(
            caller,
            registration.product(),
            registration.source(),
            Set.of(),
            List.copyOf(byField.keySet()),
            now);
    Decision decision = parts.policies().decide(question, state);
    Reason whole = refusesWhole(caller, registration, decision, policy);
    if (whole != null) {
      ClauseId clause = new ClauseId(whole.clause());
      Facts facts = Logbook.refusedWhole(Kind.REGISTER, caller, question, policy, whole, now);
      return new Registered.Refused(whole, clause, parts.entries().appendAboutNobody(tx, facts));
    }
    List<Storing> storing = new ArrayList<>();
    List<Aliases.Ready> aliases = new ArrayList<>();
    refused.addAll(read(decision, byField, fields, storing, aliases));
    if (!refused.isEmpty()) {
      return new Registered.AliasesRefused(
          refused, logRefusal(tx, caller, decision, firstReason(decision, refused)));
    }
    if (collecting.takenBySomebodyElse(tx, subject, aliases)) {
      return new Registered.AliasTaken(
          logRefusal(tx, caller, decision, Logbook.malformed(Collecting.ALIAS_TAKEN)));
    }
    return write(
        tx, caller, new Ready(registration, marked, subject, decision, storing, aliases, fields));
  }

  private static Instant now(Transaction tx) {
    return tx.handle()
        .createQuery("select now()")
        .map((row, context) -> row.getTimestamp(1))
        .map(Timestamp::toInstant)
        .one();
  }

  private static boolean isToCome(LocalDate birth, Instant now) {
    return birth.isAfter(today(now));
  }

  private static LocalDate today(Instant now) {
    return LocalDate.ofInstant(now, ZoneOffset.UTC);
  }

  /** Puts the aliases under the fields they are values of. */
  private static List<FieldRefusal> byField(
      Registration registration, Fields fields, Map<String, Object> byField) {
    List<FieldRefusal> refused = new ArrayList<>();
    int index = 0;
    for (Map.Entry<String, Object> alias : new TreeMap<>(registration.aliases()).entrySet()) {
      Optional<Field> field = Aliases.type(alias.getKey()).flatMap(fields::alias);
      if (field.isPresent()) {
        byField.put(field.get().id().toString(), alias.getValue());
      } else {
        refused.add(FieldRefusal.of(index, alias.getKey(), Complaint.CHOICE));
      }
      index++;
    }
    return refused;
  }

  /** What the person would be found by; of what is no such value, nothing. */
  private static List<Term> terms(
      Registration registration,
      Map<String, Object> byField,
      Fields fields,
      CompiledPolicy policy,
      LocalDate today) {
    List<Term> terms = new ArrayList<>();
    if (policy.covers(registration.product())) {
      ProductId product = new ProductId(registration.product());
      byField.forEach(
          (field, json) -> {
            Field declared = fields.declaration(FieldId.of(field));
            if (Fields.shape(declared).read(json, today) instanceof Good(Value value)) {
              terms.add(Aliases.term(value, product));
            }
          });
    }
    return terms;
  }

  /**
   * The choices in the order in which they count: what people say themselves comes after what marks
   * say, and what a list says of them before.
   */
  private static List<Told> told(
      Registration registration, Marked marked, CompiledPolicy policy, Instant now) {
    List<Told> own = registration.consents().stream().map(c -> new Told(c, false)).toList();
    List<Told> byMarks =
        Objecting.withdrawals(marked.objections(), policy, now).stream()
            .map(change -> new Told(change, true))
            .toList();
    return registration.isByThePerson()
        ? Stream.concat(byMarks.stream(), own.stream()).toList()
        : Stream.concat(own.stream(), byMarks.stream()).toList();
  }

  private SubjectState state(
      Caller caller,
      Registration registration,
      Marked marked,
      SubjectId subject,
      Instant now,
      CompiledPolicy policy) {
    List<Membership> memberships =
        policy.covers(registration.product())
            ? List.of(new Membership(new ProductId(registration.product()), null, today(now)))
            : List.of();
    LocalDate birth = registration.birthDate();
    Age age =
        birth == null || isToCome(birth, now)
            ? Age.UNKNOWN
            : AgeEvidence.atRegistration(birth).age(now, limits(registration, policy));
    SubjectState state =
        new SubjectState(
            subject,
            0,
            now,
            SubjectState.Status.ACTIVE,
            memberships,
            Optional.ofNullable(registration.accepted()).map(Acceptance::version),
            age,
            List.of(),
            Set.of());
    List<Choice> choices = new ArrayList<>();
    for (Told told : told(registration, marked, policy, now)) {
      ConsentChange change = told.change();
      if (choosing.refuses(change, caller, state, policy) == null) {
        choices.add(
            Choosing.choice(
                change,
                choosing.shown(change, now).version(),
                now,
                choices.size() + 1L,
                subject.value()));
      }
    }
    return state.with(choices);
  }

  private static AgeLimits limits(Registration registration, CompiledPolicy policy) {
    return policy.source().minors().in(registration.jurisdiction());
  }

  private @Nullable Reason refusesWhole(
      Caller caller, Registration registration, Decision decision, CompiledPolicy policy) {
    if (decision.whole() != null) {
      return decision.whole();
    }
    Acceptance accepted = registration.accepted();
    Reason notAccepted =
        accepted == null ? null : choosing.refuses(accepted, decision.state().now());
    if (notAccepted != null) {
      return notAccepted;
    }
    for (ConsentChange change : registration.consents()) {
      Reason reason = choosing.refuses(change, caller, decision.state(), policy);
      if (reason != null) {
        return reason;
      }
    }
    boolean guardianAgreed =
        registration.consents().stream()
            .anyMatch(c -> c.by() == By.GUARDIAN && c.answer() == Answer.GRANTED);
    return policy.isChild(decision.state()) && !guardianAgreed ? Reason.GUARDIAN_MISSING : null;
  }

  private List<FieldRefusal> read(
      Decision decision,
      Map<String, Object> byField,
      Fields fields,
      List<Storing> storing,
      List<Aliases.Ready> aliases) {
    List<FieldRefusal> refused = new ArrayList<>();
    var today = decision.state().now().atZone(ZoneOffset.UTC).toLocalDate();
    for (int i = 0; i < decision.question().fields().size(); i++) {
      String name = decision.question().fields().get(i);
      Reason reason = decision.reason(i);
      if (reason != null) {
        refused.add(FieldRefusal.of(decision, i, reason));
        continue;
      }
      Field field = fields.declaration(Objects.requireNonNull(decision.field(i)));
      switch (Fields.shape(field).read(byField.get(name), today)) {
        case Bad(Complaint complaint) -> refused.add(FieldRefusal.of(i, name, complaint));
        case Good(Value value) -> {
          storing.add(new Storing(i, value, 0, null));
          aliases.add(collecting.alias(decision, fields, field.id(), value));
        }
      }
    }
    return refused;
  }

  private static dev.pledge.log.Reason firstReason(Decision decision, List<FieldRefusal> refused) {
    for (int i = 0; i < decision.question().fields().size(); i++) {
      Reason reason = decision.reason(i);
      if (reason != null) {
        return Logbook.reason(reason, decision.clause(i, reason));
      }
    }
    return Logbook.malformed(refused.getFirst().code());
  }

  private Receipt logRefusal(
      Transaction tx, Caller caller, Decision decision, dev.pledge.log.Reason reason) {
    Facts facts =
        Logbook.refusedWhole(
            Kind.REGISTER,
            caller,
            decision.question(),
            parts.policies().version(decision.policy()).orElseThrow(),
            reason,
            decision.state().now());
    return parts.entries().appendAboutNobody(tx, facts);
  }

  private Registered write(Transaction tx, Caller caller, Ready ready) throws SQLException {
    try (FreshKey fresh = parts.keys().newKey(ready.subject, 1)) {
      SubjectKey key = fresh.key();
      insert(tx, ready, key);
      wrappedKeys.insert(tx, ready.subject, fresh.wrapped());
      consents.open(tx, ready.subject);
      audit.open(tx, ready.subject);
      if (ready.decision instanceof Permit permit && !ready.storing.isEmpty()) {
        parts.vault().store(tx, permit, key, ready.storing, ready.fields::isAccountWide);
        collecting.putAliases(tx, ready.subject, ready.aliases);
      }
      // INVARIANT: now the aliases are the person's, so whoever had them before has gone for good:
      // what marks say is what they will say.
      if (!objecting.on(tx, ready.marked.terms).equals(ready.marked.objections)) {
        throw new Overtaken();
      }
      Receipt receipt = log(tx, caller, ready, key);
      Acceptance accepted = ready.registration.accepted();
      if (accepted != null) {
        choosing.accept(tx, caller, ready.decision.state(), key, accepted);
      }
      choose(tx, caller, ready, key);
      return new Registered.Subject(ready.subject, receipt);
    }
  }

  private void choose(Transaction tx, Caller caller, Ready ready, SubjectKey key)
      throws SQLException {
    SubjectState state = ready.decision.state();
    CompiledPolicy policy = parts.policies().version(ready.decision.policy()).orElseThrow();
    for (Told told : told(ready.registration, ready.marked, policy, state.now())) {
      ConsentChange change = told.change();
      if (!told.byMark()) {
        choosing.record(tx, caller, state, key, change);
        if (ready.registration.isByThePerson()
            && change.answer() == Answer.GRANTED
            && !policy.isChild(state)) {
          objecting.forget(tx, ready.marked.terms, change.purpose());
        }
      } else if (choosing.refuses(change, caller, state, policy) == null) {
        choosing.recordMarked(tx, caller, state, key, change);
      }
    }
  }

  private void insert(Transaction tx, Ready ready, SubjectKey key) {
    LocalDate birth = ready.registration.birthDate();
    AgeEvidence evidence = birth == null ? AgeEvidence.NONE : AgeEvidence.atRegistration(birth);
    SubjectState state = ready.decision.state();
    CompiledPolicy policy = parts.policies().version(ready.decision.policy()).orElseThrow();
    AgeLimits limits = limits(ready.registration, policy);
    subjects.insert(
        tx,
        new NewSubject(
            ready.subject,
            new ProductId(ready.registration.product()),
            evidence.stored(ready.subject, key, state.now(), limits, state.age()),
            ready.registration.jurisdiction()));
  }

  private Receipt log(Transaction tx, Caller caller, Ready ready, SubjectKey key) {
    List<Tally> tallies = new ArrayList<>();
    for (int i = 0; i < ready.decision.question().fields().size(); i++) {
      Tally tally = new Tally();
      tally.grant(1);
      tallies.add(tally);
    }
    Facts facts = parts.logbook().decided(Kind.REGISTER, caller, ready.decision, tallies).build();
    return parts.entries().append(tx, key, facts, Detail.NONE);
  }
}
