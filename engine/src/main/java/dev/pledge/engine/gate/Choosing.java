package dev.pledge.engine.gate;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.consent.ChoiceLines;
import dev.pledge.engine.consent.Consents;
import dev.pledge.engine.consent.Evidence;
import dev.pledge.engine.gate.People.Hold;
import dev.pledge.engine.keys.RecordKind;
import dev.pledge.engine.keys.SubjectKey;
import dev.pledge.engine.store.Transaction;
import dev.pledge.engine.subject.Subjects;
import dev.pledge.log.Detail;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policy.From;
import dev.pledge.policy.decision.Policy.Pooling;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.Reason;
import dev.pledge.policy.decision.SubjectState;
import dev.pledge.policy.decision.SubjectState.Age;
import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.decision.SubjectState.Choice;
import dev.pledge.policy.decision.SubjectState.Coverage;
import dev.pledge.policy.decision.SubjectState.Membership;
import dev.pledge.policy.names.ChannelId;
import dev.pledge.policy.names.ConditionId;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.SubjectId;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What people decide themselves: acceptance, consents and withdrawals, memberships, and whose law
 * they live under (0.1, II.II.6, V.2, V.3, VI.1). Each commits together with its log entry, so what
 * was acknowledged holds for every decision that starts afterwards.
 */
final class Choosing {
  /** How far the clock of whoever recorded an act may be from ours. */
  private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

  private final Parts parts;
  private final Subjects subjects;
  private final Consents consents;
  private final Leaving leaving;
  private final LastUse lastUse;
  private final Remainder remainder;
  private final Objecting objecting;
  private final Outgoing outgoing;

  Choosing(
      Parts parts,
      Gate.Rooms rooms,
      Leaving leaving,
      LastUse lastUse,
      Objecting objecting,
      Outgoing outgoing) {
    this.objecting = objecting;
    this.outgoing = outgoing;
    this.leaving = leaving;
    this.lastUse = lastUse;
    this.parts = parts;
    this.remainder = new Remainder(parts);
    this.subjects = rooms.subjects();
    this.consents = rooms.consents();
  }

  /** A change to one known person, with their key at hand. */
  private interface Change {
    Outcome make(Person person, SubjectKey key, CompiledPolicy policy) throws SQLException;
  }

  private Outcome change(Transaction tx, Kind kind, Caller caller, SubjectId subject, Change change)
      throws SQLException {
    return change(tx, kind, caller, parts.theirs(tx, caller, subject, Hold.FOR_CHANGE), change);
  }

  private Outcome change(
      Transaction tx, Kind kind, Caller caller, @Nullable Person person, Change change)
      throws SQLException {
    if (person == null) {
      return new Outcome.Unknown(parts.appendUnknown(tx, kind, caller));
    }
    try (SubjectKey key = parts.keys().unwrap(person.subject(), person.wrapped())) {
      CompiledPolicy policy = parts.policyAt(person.state().now());
      return change.make(parts.aged(person, key, policy), key, policy);
    }
  }

  private Outcome refused(Transaction tx, SubjectKey key, Reason reason, Facts.Builder facts) {
    return Outcome.Refused.of(reason, parts.entries().append(tx, key, facts.build(), Detail.NONE));
  }

  private Outcome done(
      Transaction tx,
      Kind kind,
      Caller caller,
      SubjectState state,
      SubjectKey key,
      String product) {
    Facts facts =
        Logbook.changed(kind, caller, state, parts.policyAt(state.now())).product(product).build();
    return new Outcome.Done(
        parts.entries().append(tx, key, facts, Detail.of(state.version(), List.of())));
  }

  // ------------------------------------------------------------------------------------ consents

  Outcome consent(Transaction tx, Caller caller, SubjectId subject, ConsentChange change)
      throws SQLException {
    Kind kind = Logbook.kind(change.answer());
    return change(
        tx,
        kind,
        caller,
        subject,
        (person, key, policy) -> {
          Reason reason = refuses(change, caller, person.state(), policy);
          if (reason == null && isOutrun(tx, subject, change)) {
            reason = Reason.EVIDENCE_TIME;
          }
          if (reason != null) {
            return refused(
                tx,
                key,
                reason,
                Logbook.choice(
                    Logbook.refusedChange(kind, caller, person.state(), policy, reason),
                    policy,
                    person.state(),
                    change));
          }
          if (change.answer() == Answer.GRANTED) {
            leaving.forgetBefore(From.END_OF_PURPOSE, tx, person, key, policy);
          }
          if (change.by().isThePerson() && change.product() != null) {
            lastUse.record(tx, person, key, policy, change.product());
          }
          Receipt receipt = record(tx, caller, person.state(), key, change);
          outgoing.withdrawn(tx, person.state().now(), subject, change);
          if (change.answer() == Answer.GRANTED && !policy.isChild(person.state())) {
            objecting.forget(tx, person, key, change.purpose());
          }
          return new Outcome.Done(receipt);
        });
  }

  /** Whether a withdrawal was recorded after the person had agreed: late news undoes nothing. */
  private boolean isOutrun(Transaction tx, SubjectId subject, ConsentChange change) {
    return change.answer() == Answer.GRANTED
        && consents
            .lastWithdrawal(
                tx,
                subject,
                change.purpose(),
                change.product(),
                change.channel(),
                change.coverage())
            .filter(withdrawn -> change.evidence().at().plus(CLOCK_SKEW).isBefore(withdrawn))
            .isPresent();
  }

  /** Why a choice of that person cannot be recorded by that caller, or null. */
  @Nullable Reason refuses(
      ConsentChange change, Caller caller, SubjectState state, CompiledPolicy policy) {
    Reason reason = refuses(change, policy, state.now());
    boolean otherProduct =
        change.answer() == Answer.GRANTED
            && change.product() != null
            && !worksFor(caller, change.product());
    if (reason == null && otherProduct) {
      reason = Reason.OTHER_PRODUCT;
    }
    if (reason == null && change.by() == By.GUARDIAN && state.age() == Age.ADULT) {
      reason = Reason.NO_GUARDIAN_NEEDED;
    }
    return reason == null ? refusesFor(state, change, policy) : reason;
  }

  private @Nullable Reason refusesFor(
      SubjectState state, ConsentChange change, CompiledPolicy policy) {
    return switch (change.answer()) {
      case GRANTED ->
          parts.policies().inForce(state.now()).isEmpty()
              ? Reason.NOT_IN_FORCE
              : refusesGrant(state, Objects.requireNonNull(change.product()));
      case WITHDRAWN -> policy.isChild(state) ? null : refusesWithdrawal(change, state);
    };
  }

  /** What is granted is granted for the time of use (II.II.3). */
  private static @Nullable Reason refusesGrant(SubjectState state, String product) {
    Reason reason = Reason.NOT_A_MEMBER;
    for (Membership membership : state.memberships()) {
      if (product.equals(membership.product().value()) || product.equals(CompiledPolicy.GENERAL)) {
        if (membership.closedAt() == null) {
          return null;
        }
        reason = Reason.ACCOUNT_CLOSED;
      }
    }
    return reason;
  }

  /** A withdrawal that would change nothing is not answered as if it did (V.2). */
  private @Nullable Reason refusesWithdrawal(ConsentChange change, SubjectState state) {
    return change.purpose().equals(CompiledPolicy.POOLING)
            || parts.policies().canBeRefused(change.purpose(), change.coverage(), state)
        ? null
        : Reason.CANNOT_BE_WITHDRAWN;
  }

  private @Nullable Reason refuses(ConsentChange change, CompiledPolicy policy, Instant now) {
    boolean pooling = change.purpose().equals(CompiledPolicy.POOLING);
    List<CompiledPolicy> meant = policy.layersOf(change.product());
    List<Purpose> purposes =
        meant.stream()
            .flatMap(terms -> Stream.ofNullable(terms.declaredPurpose(change.purpose())))
            .toList();
    if (purposes.isEmpty() && !pooling) {
      return Reason.UNKNOWN_PURPOSE;
    }
    if (pooling && meant.stream().allMatch(terms -> terms.source().pooling() == Pooling.NEVER)) {
      return Reason.NOT_POOLED;
    }
    if (change.product() != null && !policy.covers(change.product())) {
      return Reason.UNKNOWN_PRODUCT;
    }
    Set<String> channels =
        purposes.stream()
            .flatMap(purpose -> purpose.channels().stream())
            .map(ChannelId::value)
            .collect(Collectors.toSet());
    String channel = change.channel();
    if (channel != null && !channels.contains(channel)) {
      return Reason.UNKNOWN_CHANNEL;
    }
    if (change.answer() == Answer.WITHDRAWN) {
      return null; // whatever a person withdraws, and however, counts
    }
    boolean channelMissing = !channels.isEmpty() && channel == null;
    if (change.product() == null || channelMissing || change.coverage() == Coverage.ALL) {
      return Reason.GRANT_TOO_WIDE;
    }
    return refuses(change.evidence(), shown(change, now), now);
  }

  /** Why the evidence shows no agreement to the wording of {@code version}, or null. */
  private static @Nullable Reason refuses(Evidence evidence, CompiledPolicy version, Instant now) {
    if (!evidence.affirmative()) {
      return Reason.NOT_AFFIRMATIVE;
    }
    boolean possible =
        !evidence.at().isAfter(now.plus(CLOCK_SKEW))
            && !evidence.at().isBefore(version.effectiveAt());
    return possible ? null : Reason.EVIDENCE_TIME;
  }

  /**
   * The version a choice is about: the one whose wording the person was shown, if the evidence
   * names one that has been in force, or else the one in force when they acted (II.II.6).
   */
  CompiledPolicy shown(ConsentChange change, Instant now) {
    Evidence evidence = change.evidence();
    Instant acted = evidence.at().isBefore(now) ? evidence.at() : now;
    return parts.policies().versions().stream()
        .filter(version -> version.version().toString().equals(evidence.notice()))
        .filter(version -> !now.isBefore(version.effectiveAt()))
        .findFirst()
        .orElseGet(() -> parts.policyAt(acted));
  }

  static Choice choice(
      ConsentChange change, PolicyVersion version, Instant at, long order, UUID id) {
    return new Choice(
        change.purpose(),
        change.product() == null ? null : new ProductId(change.product()),
        change.channel() == null ? null : new ChannelId(change.channel()),
        change.coverage(),
        change.answer(),
        change.by(),
        version,
        at,
        order,
        id);
  }

  /** Records a choice that nothing speaks against, a child's own grant as what it is (VI.1). */
  Receipt record(
      Transaction tx, Caller caller, SubjectState state, SubjectKey key, ConsentChange change) {
    CompiledPolicy policy = parts.policyAt(state.now());
    Facts.Builder facts = Logbook.changed(Logbook.kind(change.answer()), caller, state, policy);
    return record(tx, facts, policy, state, key, change);
  }

  /** Records what somebody else objected to who had the same alias, as the person's own word. */
  Receipt recordMarked(
      Transaction tx, Caller caller, SubjectState state, SubjectKey key, ConsentChange change) {
    CompiledPolicy policy = parts.policyAt(state.now());
    Facts.Builder facts =
        Logbook.changed(Kind.WITHDRAW, caller, state, policy).reason(Objecting.REASON);
    return record(tx, facts, policy, state, key, change);
  }

  private Receipt record(
      Transaction tx,
      Facts.Builder begun,
      CompiledPolicy policy,
      SubjectState state,
      SubjectKey key,
      ConsentChange change) {
    Facts.Builder facts = Logbook.choice(begun, policy, state, change);
    UUID id = parts.ids().unordered();
    Receipt receipt = parts.entries().append(tx, key, facts.build(), making(id, state));
    ConsentChange counted = policy.isChild(state) ? change.byAChild() : change;
    consents.record(
        tx,
        key.subject(),
        choice(counted, shown(change, state.now()).version(), state.now(), 0, id),
        key.sealRecord(RecordKind.CONSENT, id, evidence(change.evidence(), change)));
    subjects.touch(tx, key.subject());
    return receipt;
  }

  /** What only the person's key opens: which choice or acceptance the entry tells of. */
  private static Detail making(UUID id, SubjectState state) {
    return Detail.of(state.version(), List.of()).withRefersTo(id);
  }

  private static byte[] evidence(Evidence evidence, @Nullable ConsentChange change) {
    String detail = evidence.detail() == null ? "" : evidence.detail();
    String by = change == null ? "" : ChoiceLines.word(change.by());
    return String.join(
            "\n",
            evidence.act(),
            evidence.notice(),
            evidence.language(),
            evidence.at().toString(),
            by,
            detail)
        .getBytes(StandardCharsets.UTF_8);
  }

  /** What {@link #evidence(Evidence, ConsentChange)} wrote. */
  static Evidence evidence(String written) {
    String[] lines = written.split("\n", 6);
    return new Evidence(
        lines[0],
        lines[1],
        lines[2],
        Instant.parse(lines[3]),
        lines[5].isEmpty() ? null : lines[5]);
  }

  // ---------------------------------------------------------------------------------- acceptance

  Outcome accept(Transaction tx, Caller caller, SubjectId subject, Acceptance acceptance)
      throws SQLException {
    return change(
        tx,
        Kind.ACCEPT,
        caller,
        subject,
        (person, key, policy) -> {
          Reason reason = refuses(acceptance, person.state().now());
          if (reason != null) {
            return refused(
                tx,
                key,
                reason,
                Logbook.refusedChange(Kind.ACCEPT, caller, person.state(), policy, reason));
          }
          leaving.forgetBeforeAcceptance(tx, person, key, policy, acceptance.version());
          lastUse.record(tx, person, key, policy, CompiledPolicy.GENERAL);
          return new Outcome.Done(accept(tx, caller, person.state(), key, acceptance));
        });
  }

  /** Why an acceptance cannot be recorded at {@code now}, or null. */
  @Nullable Reason refuses(Acceptance acceptance, Instant now) {
    CompiledPolicy version = parts.policies().version(acceptance.version()).orElse(null);
    if (version == null) {
      return Reason.UNKNOWN_VERSION;
    }
    if (now.isBefore(version.effectiveAt())) {
      return Reason.NOT_IN_FORCE;
    }
    return refuses(acceptance.evidence(), version, now);
  }

  /** Records an acceptance that nothing speaks against. */
  Receipt accept(
      Transaction tx, Caller caller, SubjectState state, SubjectKey key, Acceptance acceptance) {
    Facts facts =
        Logbook.changed(Kind.ACCEPT, caller, state, parts.policyAt(state.now()))
            .policy(acceptance.version().toString())
            .build();
    UUID id = parts.ids().unordered();
    Receipt receipt = parts.entries().append(tx, key, facts, making(id, state));
    subjects.accept(
        tx,
        key.subject(),
        id,
        acceptance.version(),
        key.sealRecord(RecordKind.ACCEPTANCE, id, evidence(acceptance.evidence(), null)));
    if (isNewer(acceptance.version(), state)) {
      subjects.accepted(tx, key.subject(), acceptance.version());
    }
    return receipt;
  }

  /** An acceptance that comes late takes nothing back: the newest version accepted counts. */
  private boolean isNewer(PolicyVersion version, SubjectState state) {
    Instant effective = parts.policies().version(version).orElseThrow().effectiveAt();
    return state
        .accepted()
        .flatMap(parts.policies()::version)
        .map(CompiledPolicy::effectiveAt)
        .map(known -> !effective.isBefore(known))
        .orElse(true);
  }

  // --------------------------------------------------------------------------------- memberships

  /**
   * Adds a product of the caller's to the account, or opens it again: an act of the person, shown
   * by the evidence of the acceptance given there. They need not use a product of the caller's
   * before.
   */
  Outcome join(
      Transaction tx, Caller caller, SubjectId subject, String product, Acceptance acceptance)
      throws SQLException {
    return change(
        tx,
        Kind.REGISTER,
        caller,
        parts.one(tx.handle(), subject, Hold.FOR_CHANGE),
        (person, key, policy) -> {
          Reason reason = refusesProduct(caller, product, policy);
          if (reason == null) {
            reason = refuses(acceptance, person.state().now());
          }
          if (reason != null) {
            return refused(tx, key, reason, facts(Kind.REGISTER, caller, person, product, reason));
          }
          leaving.forgetBeforeAcceptance(tx, person, key, policy, acceptance.version());
          leaving.forgetBefore(From.LAST_USE, tx, person, key, policy);
          leaving.forgetBefore(From.END_OF_PURPOSE, tx, person, key, policy);
          leaving.forgetBeforeReturn(tx, person, key, policy);
          subjects.join(tx, subject, new ProductId(product));
          accept(tx, caller, person.state(), key, acceptance);
          return done(tx, Kind.REGISTER, caller, person.state(), key, product);
        });
  }

  /**
   * Closes the account of one product, if what the policy says of it is asserted.
   *
   * @param asserted the conditions that the product says are met
   */
  Closed close(
      Transaction tx, Caller caller, SubjectId subject, String product, Set<String> asserted)
      throws SQLException {
    List<ConditionId> unmet = new ArrayList<>();
    Outcome outcome =
        change(
            tx,
            Kind.CLOSE,
            caller,
            subject,
            (person, key, policy) -> {
              Reason reason = refusesProduct(caller, product, policy);
              if (reason == null && !isOpen(person.state(), product)) {
                reason = Reason.NOT_A_MEMBER;
              }
              if (reason == null) {
                unmet.addAll(unmet(policy, product, asserted));
                reason = unmet.isEmpty() ? null : Reason.CLOSING_CONDITIONS;
              }
              if (reason != null) {
                return refused(tx, key, reason, facts(Kind.CLOSE, caller, person, product, reason));
              }
              subjects.close(tx, subject, new ProductId(product));
              // What was granted was for the time of use; whoever returns is asked anew (II.II.3).
              consents.endGrants(tx, subject, ended(person.state(), product));
              return done(tx, Kind.CLOSE, caller, person.state(), key, product);
            });
    if (!(outcome instanceof Outcome.Done)) {
      return new Closed(outcome, unmet, List.of());
    }
    Person after = Objects.requireNonNull(parts.one(tx.handle(), subject, Hold.NONE), "was there");
    return new Closed(outcome, List.of(), remainder.of(tx, after.state()));
  }

  private static boolean isOpen(SubjectState state, String product) {
    return state.memberships().stream()
        .anyMatch(use -> use.product().value().equals(product) && use.closedAt() == null);
  }

  private static List<ConditionId> unmet(
      CompiledPolicy policy, String product, Set<String> asserted) {
    return policy.source().duties().leaving().closingOf(new ProductId(product)).stream()
        .filter(condition -> !asserted.contains(condition.value()))
        .sorted()
        .toList();
  }

  /** The use that ends with the closing: of the product, and with the last one of all. */
  private static Set<ProductId> ended(SubjectState state, String product) {
    boolean last =
        state.memberships().stream()
            .allMatch(use -> use.closedAt() != null || use.product().value().equals(product));
    return last
        ? Set.of(new ProductId(product), new ProductId(CompiledPolicy.GENERAL))
        : Set.of(new ProductId(product));
  }

  // --------------------------------------------------------------------------------- whose law

  /** Whether the person is a child is worked out anew with the next decision (VI.1). */
  Outcome move(Transaction tx, Caller caller, SubjectId subject, Move move) throws SQLException {
    return change(
        tx,
        Kind.MOVE,
        caller,
        subject,
        (person, key, policy) -> {
          subjects.move(tx, subject, move.jurisdiction());
          Facts facts = Logbook.changed(Kind.MOVE, caller, person.state(), policy).build();
          Detail detail =
              Detail.of(person.state().version(), List.of()).withReference(move.jurisdiction());
          return new Outcome.Done(parts.entries().append(tx, key, facts, detail));
        });
  }

  private static @Nullable Reason refusesProduct(
      Caller caller, String product, CompiledPolicy policy) {
    if (!policy.covers(product)) {
      return Reason.UNKNOWN_PRODUCT;
    }
    return worksFor(caller, product) ? null : Reason.OTHER_PRODUCT;
  }

  private static boolean worksFor(Caller caller, String product) {
    return caller.products().stream().anyMatch(own -> own.value().equals(product));
  }

  private Facts.Builder facts(
      Kind kind, Caller caller, Person person, String product, Reason reason) {
    CompiledPolicy policy = parts.policyAt(person.state().now());
    return LoggedNames.addTo(
        Logbook.refusedChange(kind, caller, person.state(), policy, reason),
        policy,
        null,
        product,
        null);
  }
}
