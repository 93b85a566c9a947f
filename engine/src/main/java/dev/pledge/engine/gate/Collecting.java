package dev.pledge.engine.gate;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.consent.Consents;
import dev.pledge.engine.gate.Collected.Stored;
import dev.pledge.engine.gate.People.Hold;
import dev.pledge.engine.keys.BlindIndex.Term;
import dev.pledge.engine.keys.Part;
import dev.pledge.engine.keys.SubjectKey;
import dev.pledge.engine.store.Transaction;
import dev.pledge.engine.subject.Subjects;
import dev.pledge.engine.subject.Subjects.Alias;
import dev.pledge.engine.value.Complaint;
import dev.pledge.engine.value.Reading.Bad;
import dev.pledge.engine.value.Reading.Good;
import dev.pledge.engine.value.Shape;
import dev.pledge.engine.value.Value;
import dev.pledge.engine.vault.Sealed;
import dev.pledge.engine.vault.Storing;
import dev.pledge.log.Detail;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Decision;
import dev.pledge.policy.decision.Permit;
import dev.pledge.policy.decision.Policy.Lookup;
import dev.pledge.policy.decision.Question;
import dev.pledge.policy.decision.Reason;
import dev.pledge.policy.decision.SubjectState;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.PurposeId;
import dev.pledge.policy.names.SubjectId;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Governed collection: each field is decided by itself, validated, sealed and stored, or refused
 * with its clause, in one transaction with the log entry (I.*, IV.4).
 */
final class Collecting {
  /** The word of the log for an alias that belongs to somebody else. */
  static final String ALIAS_TAKEN = "alias-taken";

  private final Parts parts;
  private final Subjects subjects;
  private final Consents consents;
  private final Leaving leaving;
  private final LastUse lastUse;
  private final Choosing choosing;
  private final Objecting objecting;
  private final Outgoing outgoing;

  Collecting(
      Parts parts,
      Gate.Rooms rooms,
      Leaving leaving,
      LastUse lastUse,
      Choosing choosing,
      Objecting objecting,
      Outgoing outgoing) {
    this.parts = parts;
    this.lastUse = lastUse;
    this.leaving = leaving;
    this.choosing = choosing;
    this.objecting = objecting;
    this.outgoing = outgoing;
    this.subjects = rooms.subjects();
    this.consents = rooms.consents();
  }

  Collected collect(
      Transaction tx, Kind kind, Caller caller, SubjectId subject, Collection collection)
      throws SQLException {
    List<String> asked = List.copyOf(collection.values().keySet());
    Parts.Fetched fetched =
        parts.fetch(
            tx.handle(), List.of(subject), fields -> fields.wantedProfile(asked), Hold.FOR_CHANGE);
    Person person = fetched.first();
    if (person == null) {
      return new Collected.Unknown(parts.appendUnknown(tx, kind, caller));
    }
    CompiledPolicy policy = fetched.policy();
    Fields fields = fetched.fields();
    try (SubjectKey key = parts.keys().unwrap(subject, person.wrapped())) {
      Person known = parts.aged(person, key, policy);
      AgeTold told = told(collection, fetched, known);
      Person aged = present(known, collection, policy).of(told.stricter(known.state().age()));
      Question question =
          question(
              caller,
              collection.product(),
              collection.source(),
              collection.conditions(),
              asked,
              aged.state().now());
      Decision decision = parts.policies().decide(question, aged.state());
      Draft draft = draft(decision, collection, aged, fields);
      if (takenBySomebodyElse(tx, subject, draft.aliases)) {
        return new Collected.AliasTaken(logTaken(tx, kind, caller, decision, key));
      }
      AgeEvidence evidence = told.isNothing() ? AgeEvidence.NONE : AgeEvidence.of(known, key);
      AgeEvidence learned = told.addedTo(evidence, decision, how(kind));
      boolean learns = !learned.equals(evidence);
      List<Sealed> replaced = replaced(decision, draft, aged, fields);
      parts.keeping().keep(tx, aged, key, value -> replaced.stream().anyMatch(value::isOfDatum));
      if (kind.equals(Kind.CORRECT)) {
        forgetCorrected(tx, key, replaced, learns);
      }
      if (learns) {
        subjects.putAge(tx, subject, told.stored(learned, subject, key));
      }
      store(tx, decision, draft, key, fields, subject);
      if (!draft.storing.isEmpty() && showsUse(collection, policy)) {
        lastUse.record(tx, known, key, policy, collection.product());
      }
      Receipt receipt = log(tx, kind, caller, decision, draft, key);
      if (kind.equals(Kind.CORRECT)) {
        outgoing.corrected(
            tx, decision.state().now(), replaced.stream().map(Sealed::field).distinct().toList());
      }
      object(tx, caller, decision, draft, key);
      return new Collected.Answer(decision.policy(), draft.stored, draft.refused, receipt);
    }
  }

  /**
   * Puts in force what marks of an alias say that a list brings, of all that the person has not
   * answered themself.
   */
  private void object(Transaction tx, Caller caller, Decision decision, Draft draft, SubjectKey key)
      throws SQLException {
    if (CompiledPolicy.PERSON.equals(decision.question().source())) {
      return;
    }
    SubjectState state = decision.state();
    CompiledPolicy policy = parts.policyAt(state.now());
    List<Term> terms = draft.aliases.stream().map(Aliases.Ready::term).toList();
    // INVARIANT: looked for once the aliases are there, so whoever had them has gone for good.
    for (ConsentChange change :
        Objecting.withdrawals(objecting.on(tx, terms), policy, state.now())) {
      boolean answered =
          state.choices().stream()
              .anyMatch(own -> own.by().isThePerson() && own.purpose().equals(change.purpose()));
      if (!answered && choosing.refuses(change, caller, state, policy) == null) {
        choosing.recordMarked(tx, caller, state, key, change);
      }
    }
  }

  private static AgeTold told(Collection collection, Parts.Fetched fetched, Person known) {
    return AgeTold.in(collection, fetched.fields(), known);
  }

  /** The person as a collection is decided about them: by what it tells of their age and use. */
  static Person asTold(Person known, Collection collection, Parts.Fetched fetched) {
    AgeTold told = told(collection, fetched, known);
    return present(known, collection, fetched.policy()).of(told.stricter(known.state().age()));
  }

  /** Whoever gives something or makes it arise uses the product with it, and is not dormant. */
  private static Person present(Person known, Collection collection, CompiledPolicy policy) {
    return showsUse(collection, policy)
        ? known.in(known.state().using(new ProductId(collection.product())))
        : known;
  }

  private static boolean showsUse(Collection collection, CompiledPolicy policy) {
    boolean byThePerson =
        CompiledPolicy.PERSON.equals(collection.source())
            || CompiledPolicy.PRODUCT_USE.equals(collection.source());
    return byThePerson && policy.covers(collection.product());
  }

  static Question question(
      Caller caller,
      String product,
      String source,
      Set<String> conditions,
      List<String> asked,
      Instant now) {
    return Question.collect(
        caller.asker(now, Asker.Capacity.ROLE, Asker.Assurance.SIGNED_IN),
        product,
        source,
        conditions,
        asked);
  }

  /** What is to be stored, what is refused, and what the log is to say. */
  private static final class Draft {
    final List<Storing> storing = new ArrayList<>();
    final List<Stored> stored = new ArrayList<>();
    final List<FieldRefusal> refused = new ArrayList<>();
    final List<Aliases.Ready> aliases = new ArrayList<>();
    final Map<Integer, Complaint> malformed = new HashMap<>();
    final List<Tally> tallies = new ArrayList<>();
  }

  private Draft draft(Decision decision, Collection collection, Person person, Fields fields) {
    Draft draft = new Draft();
    LocalDate today = decision.state().now().atZone(ZoneOffset.UTC).toLocalDate();
    for (int i = 0; i < decision.question().fields().size(); i++) {
      draft.tallies.add(new Tally());
      String asked = decision.question().fields().get(i);
      FieldId field = decision.field(i);
      Reason reason = decision.reason(i);
      if (reason != null || field == null) {
        draft.refused.add(
            FieldRefusal.of(decision, i, reason == null ? Reason.UNKNOWN_FIELD : reason));
        continue;
      }
      Object json = collection.values().get(asked);
      Complaint complaint = read(draft, decision, i, field, json, today, person, fields);
      if (complaint != null) {
        draft.malformed.put(i, complaint);
        draft.refused.add(FieldRefusal.of(i, asked, complaint));
      }
    }
    return draft;
  }

  /** Reads the values of one field into the draft; all of them or, with a complaint, none. */
  private @Nullable Complaint read(
      Draft draft,
      Decision decision,
      int i,
      FieldId field,
      @Nullable Object json,
      LocalDate today,
      Person person,
      Fields fields) {
    Shape shape = Fields.shape(fields.declaration(field));
    List<Storing> values = new ArrayList<>();
    if (fields.isSeries(field.toString())) {
      if (!(json instanceof List<?> list)
          || list.isEmpty()
          || list.size() > Collection.MOST_OBSERVATIONS) {
        return Complaint.OBSERVATIONS;
      }
      for (Object item : list) {
        Instant observedAt = observedAt(item, decision.state().now());
        if (observedAt == null) {
          return Complaint.OBSERVATIONS;
        }
        switch (shape.read(((Map<?, ?>) item).get("value"), today)) {
          case Bad(Complaint complaint) -> {
            return complaint;
          }
          case Good(Value value) -> values.add(new Storing(i, value, 0, observedAt));
        }
      }
    } else {
      switch (shape.read(json, today)) {
        case Bad(Complaint complaint) -> {
          return complaint;
        }
        case Good(Value value) ->
            values.add(new Storing(i, value, versionOf(person, field, decision, fields), null));
      }
    }
    draft.storing.addAll(values);
    draft.tallies.get(i).grant(values.size());
    PurposeId purpose = decision.purpose(i);
    draft.stored.add(
        new Stored(field.toString(), purpose == null ? "" : purpose.value(), values.size()));
    if (fields.declaration(field).lookup() == Lookup.ALIAS) {
      draft.aliases.add(alias(decision, fields, field, values.getFirst().value()));
    }
    return null;
  }

  Aliases.Ready alias(Decision decision, Fields fields, FieldId field, Value value) {
    ProductId product = new ProductId(decision.question().product());
    return new Aliases.Ready(
        parts.vocabulary().code(field.toString()),
        parts.vault().code(fields.holder(field, product)),
        Aliases.term(value, product));
  }

  /**
   * When an observation was made: between 1970 and a day from now, in whole microseconds; or null.
   */
  private static @Nullable Instant observedAt(@Nullable Object item, Instant now) {
    if (!(item instanceof Map<?, ?> map)
        || map.size() != 2
        || !(map.get("observedAt") instanceof String text)
        || !map.containsKey("value")) {
      return null;
    }
    try {
      Instant at = Instant.parse(text).truncatedTo(ChronoUnit.MICROS);
      boolean sensible = !at.isBefore(Instant.EPOCH) && at.isBefore(now.plus(1, ChronoUnit.DAYS));
      return sensible ? at : null;
    } catch (DateTimeException malformed) {
      return null;
    }
  }

  private static int versionOf(Person person, FieldId field, Decision decision, Fields fields) {
    Sealed held = held(person, field, decision, fields);
    return held == null ? 0 : held.version() + 1;
  }

  /** The value of the field that one collected now takes the place of. */
  private static @Nullable Sealed held(
      Person person, FieldId field, Decision decision, Fields fields) {
    ProductId holder = fields.holder(field, new ProductId(decision.question().product()));
    for (Sealed held : person.values()) {
      if (held.field().equals(field) && Objects.equals(held.holder(), holder)) {
        return held;
      }
    }
    return null;
  }

  /** What is stored in the places of the draft. */
  private static List<Sealed> replaced(
      Decision decision, Draft draft, Person person, Fields fields) {
    List<Sealed> replaced = new ArrayList<>();
    for (Storing storing : draft.storing) {
      FieldId field = decision.field(storing.asked());
      Sealed held =
          field == null || storing.observedAt() != null
              ? null
              : held(person, field, decision, fields);
      if (held != null) {
        replaced.add(held);
      }
    }
    return replaced;
  }

  /** Nothing opens what was wrong, from before it is corrected on (V.1). */
  private void forgetCorrected(
      Transaction tx, SubjectKey key, List<Sealed> replaced, boolean ageToo) throws SQLException {
    Set<Part> wrong = new HashSet<>();
    replaced.forEach(value -> wrong.add(value.part()));
    if (ageToo) {
      wrong.add(AgeEvidence.PART);
    }
    parts.renewing().forget(tx, key, wrong);
  }

  /** Whether one of the aliases is somebody else's, who may still be found by it. */
  boolean takenBySomebodyElse(Transaction tx, SubjectId subject, List<Aliases.Ready> aliases)
      throws SQLException {
    for (Aliases.Ready alias : aliases) {
      Alias known =
          subjects.find(tx.handle(), parts.blindIndex().candidates(alias.term())).orElse(null);
      if (known != null
          && !known.subject().equals(subject)
          && !parts.erased().test(known.subject())
          && !leaving.letsGo(tx, known)) {
        return true;
      }
    }
    return false;
  }

  private void store(
      Transaction tx,
      Decision decision,
      Draft draft,
      SubjectKey key,
      Fields fields,
      SubjectId subject)
      throws SQLException {
    if (draft.storing.isEmpty() || !(decision instanceof Permit permit)) {
      return;
    }
    parts.vault().store(tx, permit, key, draft.storing, fields::isAccountWide);
    putAliases(tx, subject, draft.aliases);
    if (CompiledPolicy.PERSON.equals(decision.question().source())) {
      List<FieldId> supplied =
          draft.stored.stream()
              .map(stored -> FieldId.of(stored.field()))
              .filter(decision.state().suppressed()::contains)
              .toList();
      if (!supplied.isEmpty()) {
        consents.unsuppress(tx, subject, supplied);
        subjects.touch(tx, subject);
      }
    }
  }

  private static AgeTold.How how(Kind kind) {
    return kind.equals(Kind.CORRECT) ? AgeTold.How.CORRECTED : AgeTold.How.COLLECTED;
  }

  void putAliases(Transaction tx, SubjectId subject, List<Aliases.Ready> aliases)
      throws SQLException {
    for (Aliases.Ready alias : aliases) {
      subjects.putAlias(
          tx, subject, alias.field(), alias.holder(), parts.blindIndex().indexes(alias.term()));
    }
  }

  private Receipt logTaken(
      Transaction tx, Kind kind, Caller caller, Decision decision, SubjectKey key) {
    Facts facts =
        Logbook.refusedWhole(
            kind,
            caller,
            decision.question(),
            parts.policies().version(decision.policy()).orElseThrow(),
            Logbook.malformed(ALIAS_TAKEN),
            decision.state().now());
    return parts
        .entries()
        .append(tx, key, facts, LoggedDetail.of(decision, caller, null, null, List.of()));
  }

  private Receipt log(
      Transaction tx, Kind kind, Caller caller, Decision decision, Draft draft, SubjectKey key) {
    Facts facts =
        parts.logbook().decided(kind, caller, decision, draft.tallies, draft.malformed).build();
    Detail detail = LoggedDetail.of(decision, caller, null, null, List.of());
    return parts.entries().append(tx, key, facts, detail);
  }
}
