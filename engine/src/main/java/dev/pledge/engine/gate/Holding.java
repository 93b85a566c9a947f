package dev.pledge.engine.gate;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.gate.HeldAnswer.Held;
import dev.pledge.engine.gate.People.Hold;
import dev.pledge.engine.hold.Holds;
import dev.pledge.engine.hold.LegalHold;
import dev.pledge.engine.keys.FreshKey;
import dev.pledge.engine.keys.RecordKind;
import dev.pledge.engine.keys.SubjectKey;
import dev.pledge.engine.keys.WrappedKey;
import dev.pledge.engine.keys.WrappedKeys;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.Transaction;
import dev.pledge.engine.value.Value;
import dev.pledge.engine.vault.Sealed;
import dev.pledge.engine.vault.Vault.SetAside;
import dev.pledge.log.Detail;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import dev.pledge.log.Verdict;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.HoldTerms;
import dev.pledge.policy.decision.Policy.Field;
import dev.pledge.policy.decision.Policy.LegalException;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.Reason;
import dev.pledge.policy.decision.SubjectState;
import dev.pledge.policy.names.ClauseId;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.SubjectId;
import dev.pledge.policy.names.View;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Legal holds: placed by whoever approves the legal exception they are for, and what they have set
 * aside is opened by others, whose role needs that purpose (II.I.7, II.II.3).
 */
final class Holding {

  /** The most values of one page. */
  static final int MOST_VALUES = 200;

  private final Parts parts;
  private final Database database;
  private final Holds holds;
  private final WrappedKeys wrappedKeys;

  Holding(Parts parts, Database database, Holds holds, WrappedKeys wrappedKeys) {
    this.parts = parts;
    this.database = database;
    this.holds = holds;
    this.wrappedKeys = wrappedKeys;
  }

  // ------------------------------------------------------------------------------------- placing

  HoldPlaced place(Transaction tx, Caller caller, SubjectId subject, HoldRequest request)
      throws SQLException {
    Person person = parts.theirs(tx, caller, subject, Hold.ALSO_SEALED);
    UUID legalCase = request.legalCase().orElseGet(parts.ids()::unordered);
    if (person == null || (request.legalCase().isPresent() && !isOf(tx, legalCase, request))) {
      return new HoldPlaced.Unknown(parts.appendUnknown(tx, Kind.HOLD, caller));
    }
    try (SubjectKey key = parts.keys().unwrap(subject, person.wrapped())) {
      CompiledPolicy policy = parts.policyAt(person.state().now());
      return place(tx, caller, parts.aged(person, key, policy).state(), key, legalCase, request);
    }
  }

  /** Whether there is such a case, and the hold would be of its kind. */
  private boolean isOf(Transaction tx, UUID legalCase, HoldRequest request) {
    List<LegalHold> others = holds.list(tx.handle(), Optional.of(legalCase));
    return !others.isEmpty()
        && others.getFirst().purpose().equals(request.terms().purpose())
        && others.getFirst().product().equals(request.terms().product());
  }

  private HoldPlaced place(
      Transaction tx,
      Caller caller,
      SubjectState state,
      SubjectKey key,
      UUID legalCase,
      HoldRequest request) {
    CompiledPolicy policy = parts.policyAt(state.now());
    HoldTerms terms = request.terms();
    Asker officer = caller.asker(state.now(), Asker.Capacity.ROLE, Asker.Assurance.SIGNED_IN);
    Reason refused = policy.refusesHold(officer, terms, state.now());
    UUID id = parts.ids().unordered();
    Facts facts =
        LoggedNames.addTo(
                Logbook.overseen(
                        Kind.HOLD,
                        state.now(),
                        officer,
                        approver(policy, terms.purpose()),
                        policy,
                        refused)
                    .standing(Logbook.standing(state, terms.product())),
                terms.purpose(),
                terms.product(),
                terms.fields(),
                policy)
            .build();
    Detail detail =
        Detail.of(state.version(), List.of()).withReference(request.reference()).withRefersTo(id);
    Receipt receipt = parts.entries().append(tx, key, facts, detail);
    if (refused != null) {
      return new HoldPlaced.Refused(refused, new ClauseId(refused.clause()), receipt);
    }
    Instant until = terms.until().truncatedTo(ChronoUnit.MICROS);
    try (FreshKey own = parts.keys().newKey(new SubjectId(id), 1)) {
      wrappedKeys.insert(tx, new SubjectId(id), own.wrapped());
      byte[] reference = request.reference().getBytes(StandardCharsets.UTF_8);
      holds.insert(
          tx,
          new LegalHold(
              id,
              legalCase,
              Optional.of(key.subject()),
              terms.purpose(),
              terms.product(),
              new HashSet<>(covered(policy, terms)),
              caller.id(),
              state.now(),
              until,
              own.key().sealRecord(RecordKind.HOLD, id, reference)));
    }
    return new HoldPlaced.Placed(id, legalCase, until, receipt);
  }

  private static List<FieldId> covered(CompiledPolicy policy, HoldTerms terms) {
    return terms.fields().isEmpty()
        ? policy.usedFor(terms.purpose(), terms.product())
        : terms.fields().stream().map(FieldId::of).toList();
  }

  private static Optional<RoleId> approver(CompiledPolicy policy, String purpose) {
    return Optional.ofNullable(policy.declaredPurpose(purpose))
        .flatMap(Purpose::exception)
        .map(LegalException::approver);
  }

  // ------------------------------------------------------------------------------------- lifting

  /** What came of asking for a hold to be lifted, and the hold that is to go. */
  record Lifted(Outcome outcome, Optional<LegalHold> hold) {}

  /** Enters that a hold is lifted, and takes it until the transaction ends. */
  Lifted enterLift(Transaction tx, Caller caller, UUID id) throws SQLException {
    LegalHold hold = holds.take(tx, id).orElse(null);
    if (hold == null) {
      return new Lifted(
          new Outcome.Unknown(parts.appendUnknown(tx, Kind.LIFT, caller)), Optional.empty());
    }
    Instant now = parts.clock().instant();
    CompiledPolicy policy = knowing(hold.purpose(), now);
    Asker officer = caller.asker(now, Asker.Capacity.ROLE, Asker.Assurance.SIGNED_IN);
    Reason refused = policy.refusesToLift(officer, hold.purpose(), hold.product());
    Facts.Builder facts =
        Logbook.overseen(Kind.LIFT, now, officer, approver(policy, hold.purpose()), policy, refused)
            .purpose(hold.purpose())
            .exception(hold.purpose())
            .product(hold.product());
    Receipt receipt = append(tx, hold, facts, policy);
    return refused == null
        ? new Lifted(new Outcome.Done(receipt), Optional.of(hold))
        : new Lifted(Outcome.Refused.of(refused, receipt), Optional.empty());
  }

  /** Enters that a hold has ended by itself. */
  void enterEnd(Transaction tx, LegalHold hold) throws SQLException {
    Instant now = parts.clock().instant();
    CompiledPolicy policy = knowing(hold.purpose(), now);
    Facts.Builder facts =
        Facts.of(
                Kind.LIFT,
                now,
                dev.pledge.log.Outcome.PERMITTED,
                dev.pledge.log.Caller.of(dev.pledge.log.Caller.SYSTEM, "erasure"))
            .reason(dev.pledge.log.Reason.of("hold-ended", "II.II.3"))
            .policy(policy.version().toString())
            .purpose(hold.purpose())
            .exception(hold.purpose())
            .product(hold.product());
    append(tx, hold, facts, policy);
  }

  private Receipt append(Transaction tx, LegalHold hold, Facts.Builder facts, CompiledPolicy policy)
      throws SQLException {
    Person person =
        hold.subject().isEmpty()
            ? null
            : parts.one(tx.handle(), hold.subject().get(), Hold.ALSO_SEALED);
    if (person == null) {
      return parts.entries().appendAboutNobody(tx, facts.build());
    }
    try (SubjectKey key = parts.keys().unwrap(person.subject(), person.wrapped())) {
      SubjectState state = parts.aged(person, key, policy).state();
      Facts about = facts.standing(Logbook.standing(state, hold.product())).build();
      Detail detail = Detail.of(state.version(), List.of()).withRefersTo(hold.id());
      return parts.entries().append(tx, key, about, detail);
    }
  }

  /** A revision that drops an exception leaves its holds to whoever had them before. */
  private CompiledPolicy knowing(String purpose, Instant now) {
    return parts.policies().versions().reversed().stream()
        .filter(policy -> !now.isBefore(policy.effectiveAt()))
        .filter(policy -> approver(policy, purpose).isPresent())
        .findFirst()
        .orElseGet(() -> parts.policyAt(now));
  }

  // ------------------------------------------------------------------------------------- opening

  HeldAnswer open(Caller caller, UUID id, @Nullable String cursor, int limit) {
    if (limit < 1 || limit > MOST_VALUES) {
      throw new IllegalArgumentException("a page has 1 to " + MOST_VALUES + " values");
    }
    HeldCursor after = cursor == null ? HeldCursor.FIRST : HeldCursor.of(cursor);
    LegalHold hold = database.read(handle -> holds.find(handle, id)).orElse(null);
    Instant now = parts.clock().instant();
    if (hold == null) {
      return new HeldAnswer.Unknown(
          parts.entries().recordAboutNobody(Logbook.unknown(Kind.READ_HELD, now, caller)));
    }
    CompiledPolicy policy = knowing(hold.purpose(), now);
    Asker reader = caller.asker(now, Asker.Capacity.ROLE, Asker.Assurance.SIGNED_IN);
    Reason refused =
        policy.refusesToOpenHeld(reader, hold.purpose(), hold.product(), hold.officer());
    if (refused != null) {
      Receipt receipt = record(hold, facts(reader, hold, policy, now, refused, Map.of()), policy);
      return new HeldAnswer.Refused(refused, new ClauseId(refused.clause()), receipt);
    }
    View view = policy.seesHeld(reader, hold.purpose(), hold.product());
    List<SetAside> found =
        database.read(
            handle ->
                parts
                    .vault()
                    .setAside(handle, hold.keyName(), after.collected(), after.item(), limit + 1));
    List<SetAside> page = found.subList(0, Math.min(limit, found.size()));
    Map<FieldId, Integer> counts = new TreeMap<>();
    page.forEach(one -> counts.merge(one.value().field(), 1, Integer::sum));
    Receipt receipt = record(hold, facts(reader, hold, policy, now, null, counts), policy);
    Optional<String> next =
        found.size() > limit
            ? Optional.of(HeldCursor.after(page.getLast()).toString())
            : Optional.empty();
    return opened(hold, policy, view, page, next, receipt);
  }

  private HeldAnswer opened(
      LegalHold hold,
      CompiledPolicy policy,
      View view,
      List<SetAside> page,
      Optional<String> next,
      Receipt receipt) {
    WrappedKey wrapped =
        database.read(handle -> wrappedKeys.find(handle, hold.keyName())).orElseThrow();
    LocalDate today = receipt.at().atZone(ZoneOffset.UTC).toLocalDate();
    List<Held> held = new ArrayList<>();
    try (SubjectKey own = parts.keys().unwrap(hold.keyName(), wrapped)) {
      for (SetAside one : page) {
        Sealed value = one.value();
        Field field = parts.declared(value.field().toString(), policy).orElseThrow();
        Value opened = parts.vault().openSetAside(receipt, own, value, field.type());
        Reading.seen(opened, view, field, today)
            .ifPresent(
                json ->
                    held.add(
                        new Held(
                            value.field(),
                            value.product(),
                            value.source(),
                            value.collectedAt(),
                            value.observedAt(),
                            json)));
      }
      byte[] reference = own.openRecord(RecordKind.HOLD, hold.id(), hold.reference());
      return new HeldAnswer.Opened(
          hold, new String(reference, StandardCharsets.UTF_8), view, held, next, receipt);
    }
  }

  private static Facts.Builder facts(
      Asker reader,
      LegalHold hold,
      CompiledPolicy policy,
      Instant now,
      @Nullable Reason refused,
      Map<FieldId, Integer> counts) {
    List<Verdict> verdicts = new ArrayList<>();
    counts.forEach((field, count) -> verdicts.add(Logbook.deleted(field, count, "II.I.7")));
    Optional<RoleId> role = Optional.empty();
    return Logbook.overseen(Kind.READ_HELD, now, reader, role, policy, refused)
        .purpose(hold.purpose())
        .exception(hold.purpose())
        .product(hold.product())
        .verdicts(verdicts);
  }

  /** Durable when it returns; about the person while there is one. */
  private Receipt record(LegalHold hold, Facts.Builder facts, CompiledPolicy policy) {
    Person person =
        hold.subject().isEmpty()
            ? null
            : database
                .read(
                    handle ->
                        Optional.ofNullable(parts.one(handle, hold.subject().get(), Hold.NONE)))
                .orElse(null);
    if (person == null) {
      return parts.entries().recordAboutNobody(facts.build());
    }
    try (SubjectKey key = parts.keys().unwrap(person.subject(), person.wrapped())) {
      SubjectState state = parts.aged(person, key, policy).state();
      Facts about = facts.standing(Logbook.standing(state, hold.product())).build();
      Detail detail = Detail.of(state.version(), List.of()).withRefersTo(hold.id());
      return parts.entries().record(key, about, detail);
    }
  }

  // ------------------------------------------------------------------------------------- listing

  HoldListing list(Caller caller, Optional<UUID> legalCase) {
    Instant now = parts.clock().instant();
    Asker asker = caller.asker(now, Asker.Capacity.ROLE, Asker.Assurance.SIGNED_IN);
    CompiledPolicy policy = parts.policyAt(now);
    Facts facts = Logbook.overseen(Kind.HOLDS, now, asker, Optional.empty(), policy, null).build();
    Receipt receipt = parts.entries().recordAboutNobody(facts);
    List<LegalHold> all = database.read(handle -> holds.list(handle, legalCase));
    List<LegalHold> theirs =
        all.stream().filter(hold -> isTheirs(hold, asker, knowing(hold.purpose(), now))).toList();
    return new HoldListing(theirs, all.size() == Holds.MOST, receipt);
  }

  private static boolean isTheirs(LegalHold hold, Asker asker, CompiledPolicy policy) {
    return policy.refusesToLift(asker, hold.purpose(), hold.product()) == null
        || policy.refusesToOpenHeld(asker, hold.purpose(), hold.product(), hold.officer()) == null;
  }
}
