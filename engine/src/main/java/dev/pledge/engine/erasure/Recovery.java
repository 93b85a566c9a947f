package dev.pledge.engine.erasure;

import dev.pledge.engine.audit.LogClock;
import dev.pledge.engine.gate.Gate;
import dev.pledge.engine.gate.Gate.Leaver;
import dev.pledge.engine.gate.Parting.Marking;
import dev.pledge.engine.keys.ErasureLedger;
import dev.pledge.engine.keys.ErasureLedger.Kind;
import dev.pledge.engine.keys.KeyStore;
import dev.pledge.engine.keys.SeenKeyStore;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.TimeOrderedIds;
import dev.pledge.engine.store.Transaction;
import dev.pledge.engine.subject.Subjects;
import dev.pledge.policy.names.SubjectId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * People who asked to be erased and may take it back for a time (V.3). The ledger says who is
 * sealed until when, so that older data that are put back hide them as well; the log's entry and a
 * mark on the account, which commit together, follow it.
 */
final class Recovery {
  private final Gate gate;
  private final Subjects subjects;
  private final KeyStore keyStore;
  private final SeenKeyStore memory;
  private final TimeOrderedIds ids;
  private final InstantSource clock;

  /** Those of whom the log may not have what the ledger has. */
  private final Set<SubjectId> unsettled = ConcurrentHashMap.newKeySet();

  Recovery(
      Gate gate,
      Subjects subjects,
      KeyStore keyStore,
      SeenKeyStore memory,
      TimeOrderedIds ids,
      InstantSource clock) {
    this.gate = gate;
    this.subjects = subjects;
    this.keyStore = keyStore;
    this.memory = memory;
    this.ids = ids;
    this.clock = clock;
  }

  /** Whether the person is sealed, and the log has it. */
  boolean isSealed(SubjectId subject, Leaver leaver) {
    return leaver.sealed() && keyStore.ledger().sealing(subject).isPresent();
  }

  /** Until when an erasure that is asked for can be taken back; empty where it is for good. */
  Optional<Instant> until(SubjectId subject, Leaver leaver) {
    return keyStore
        .ledger()
        .sealing(subject)
        .map(ErasureLedger.Erased::at)
        .or(leaver::recoverableUntil)
        .filter(until -> until.isAfter(leaver.now()));
  }

  /**
   * Seals the person, whose account is taken and whom the log has; answers the certificate's id.
   */
  UUID seal(Transaction tx, SubjectId subject, Instant until, Marking marking) {
    // INVARIANT: as with an erasure, the ledger is durable before the commit. If that does not
    // come,
    // nobody finds the person any more, and whoever asks again gets the certificate.
    settling(tx, subject);
    UUID id =
        keyStore
            .ledger()
            .sealing(subject)
            .map(ErasureLedger.Erased::certificate)
            .orElseGet(
                () -> {
                  UUID certificate = ids.unordered();
                  Kind kind = marking == Marking.LEFT ? Kind.SEALED : Kind.SEALED_UNMARKED;
                  record(subject, until, kind, certificate);
                  return certificate;
                });
    recorded(tx);
    return id;
  }

  /** What somebody who is sealed wished to become of marks of their objections. */
  Optional<Marking> wishOf(SubjectId subject) {
    return keyStore.ledger().sealing(subject).map(Recovery::wishIn);
  }

  /** The same of that entry of the ledger. */
  static Marking wishIn(ErasureLedger.Erased sealing) {
    return sealing.kind() == Kind.SEALED_UNMARKED ? Marking.NONE : Marking.LEFT;
  }

  /**
   * Whether the person, whose account is taken, may come back now. By whichever clock is furthest,
   * the log's included: one that is set back opens nothing again.
   */
  boolean mayComeBack(Transaction tx, SubjectId subject, Leaver leaver) {
    Optional<ErasureLedger.Erased> sealing = keyStore.ledger().sealing(subject);
    if (sealing.isEmpty()) {
      // They came back already, and the log does not have it yet.
      return leaver.sealed() && !keyStore.ledger().isErased(subject);
    }
    Instant until = sealing.get().at();
    return leaver.now().isBefore(until)
        && clock.instant().isBefore(until)
        && LogClock.newest(tx.handle()).map(newest -> newest.isBefore(until)).orElse(true);
  }

  /** Lets a person who may come back, come back; the log has it. */
  void open(Transaction tx, SubjectId subject) {
    settling(tx, subject);
    keyStore
        .ledger()
        .sealing(subject)
        .ifPresent(sealing -> record(subject, sealing.at(), Kind.RECOVERED, sealing.certificate()));
    recorded(tx);
  }

  private void settling(Transaction tx, SubjectId subject) {
    tx.unlessCommitted(() -> unsettled.add(subject));
    tx.afterCommit(() -> unsettled.remove(subject));
  }

  private void record(SubjectId subject, Instant until, Kind kind, UUID certificate) {
    keyStore.ledger().record(new ErasureLedger.Erased(subject, until, kind, certificate));
  }

  private void recorded(Transaction tx) {
    tx.changedOutside();
    memory.see(tx, keyStore.ledger());
  }

  /** Lets the log follow the ledger where a transaction failed. */
  void settle(Database database) {
    if (!unsettled.isEmpty()) {
      Set<SubjectId> pending = Set.copyOf(unsettled);
      pending.forEach(subject -> follow(database, subject));
      unsettled.removeAll(pending);
    }
  }

  /** The same for everybody, at the start: after a crash, or over data that were put back. */
  void followAll(Database database) {
    Set<SubjectId> differing = new HashSet<>();
    keyStore.ledger().sealings().forEach(sealing -> differing.add(sealing.subject()));
    for (SubjectId subject : database.read(subjects::sealed)) {
      if (!differing.remove(subject)) {
        differing.add(subject);
      }
    }
    differing.forEach(subject -> follow(database, subject));
  }

  private void follow(Database database, SubjectId subject) {
    database.change(
        tx -> {
          Optional<Leaver> leaver = gate.leaver(tx, subject);
          boolean sealed = keyStore.ledger().sealing(subject).isPresent();
          if (leaver.isPresent()
              && leaver.get().sealed() != sealed
              && !keyStore.ledger().isErased(subject)) {
            gate.enterSettled(tx, subject, sealed);
          }
          return subject;
        });
  }
}
