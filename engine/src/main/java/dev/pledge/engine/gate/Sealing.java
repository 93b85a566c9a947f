package dev.pledge.engine.gate;

import dev.pledge.engine.gate.Gate.Entered;
import dev.pledge.engine.gate.Gate.Leaver;
import dev.pledge.engine.gate.Parting.Marking;
import dev.pledge.engine.gate.People.Hold;
import dev.pledge.engine.keys.SubjectKey;
import dev.pledge.engine.store.Transaction;
import dev.pledge.engine.subject.Subjects;
import dev.pledge.log.Detail;
import dev.pledge.log.ErasureCertificate.Kept;
import dev.pledge.log.Facts;
import dev.pledge.policy.decision.Policy.TellPerson;
import dev.pledge.policy.decision.SubjectState;
import dev.pledge.policy.names.SubjectId;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the log and the account say of people who may take their erasure back (V.3). */
final class Sealing {
  private final Parts parts;
  private final Subjects subjects;
  private final Objecting objecting;

  Sealing(Parts parts, Gate.Rooms rooms, Objecting objecting) {
    this.objecting = objecting;
    this.parts = parts;
    this.subjects = rooms.subjects();
  }

  Optional<Leaver> leaver(Transaction tx, @Nullable Person person) {
    if (person == null) {
      return Optional.empty();
    }
    Instant now = person.state().now();
    return Optional.of(
        new Leaver(now, until(now), subjects.isSealed(tx.handle(), person.subject())));
  }

  /** The end of a day, so that the ledger does not tell of which second an entry of the log is. */
  private Optional<Instant> until(Instant now) {
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    return parts
        .policyAt(now)
        .source()
        .duties()
        .leaving()
        .recovery()
        .map(period -> today.plus(period).plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant());
  }

  /**
   * Enters that somebody is sealed, or is no longer.
   *
   * @param sealed with what they wish to become of marks of their objections; empty if they come
   *     back
   */
  Entered enter(
      Transaction tx,
      SubjectId subject,
      Optional<Marking> sealed,
      Function<SubjectState, Facts.Builder> facts)
      throws SQLException {
    Person person =
        Objects.requireNonNull(parts.one(tx.handle(), subject, Hold.FOR_ERASURE), "taken before");
    subjects.seal(tx, subject, sealed.isPresent());
    try (SubjectKey key = parts.keys().unwrap(subject, person.wrapped())) {
      return new Entered(
          parts
              .entries()
              .append(
                  tx,
                  key,
                  facts.apply(person.state()).build(),
                  Detail.of(person.state().version(), List.of())),
          kept(parts, tx, person),
          sealed.equals(Optional.of(Marking.LEFT))
              ? objecting.toBeMarked(tx, person, key)
              : Collections.emptySortedSet());
    }
  }

  /** What the person, whose account is taken, may be told at once that the law keeps. */
  static List<Kept> kept(Parts parts, Transaction tx, Person person) {
    return parts.keeping().wouldKeep(tx, person).stream()
        .filter(hold -> Discretion.tells(parts.policies(), hold.purpose()) == TellPerson.AT_ONCE)
        .map(hold -> new Kept(hold.purpose(), hold.until()))
        .toList();
  }
}
