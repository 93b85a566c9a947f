package dev.pledge.engine.erasure;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.audit.Audit;
import dev.pledge.engine.audit.LogSigner;
import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.gate.Gate;
import dev.pledge.engine.gate.Gate.Entered;
import dev.pledge.engine.gate.Outcome;
import dev.pledge.engine.gate.Parting;
import dev.pledge.engine.gate.Parting.Marking;
import dev.pledge.engine.hold.LegalHold;
import dev.pledge.engine.keys.ErasureLedger;
import dev.pledge.engine.keys.ErasureLedger.Kind;
import dev.pledge.engine.keys.KeyStore;
import dev.pledge.engine.keys.SeenKeyStore;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.TimeOrderedIds;
import dev.pledge.engine.store.Transaction;
import dev.pledge.log.ErasureCertificate;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policies;
import dev.pledge.policy.names.SubjectId;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Erases people. A crash after the ledger has the person and before the transaction commits leaves
 * a person whom nothing finds, and whom {@link #finish} forgets at the next start.
 */
public final class Erasure {
  private static final int BATCH = 1_000;

  private final Gate gate;
  private final Gate.Rooms rooms;
  private final KeyStore keyStore;
  private final SeenKeyStore memory;
  private final Audit audit;
  private final LogSigner signer;
  private final TimeOrderedIds ids;
  private final InstantSource clock;

  /** Those in the ledger whose transaction failed, or whose commit has an unknown outcome. */
  private final Set<SubjectId> unsettled = ConcurrentHashMap.newKeySet();

  /**
   * Erasure of what {@code rooms} hold.
   *
   * @param signer signs certificates
   */
  public Erasure(
      Gate gate,
      Gate.Rooms rooms,
      KeyStore keyStore,
      SeenKeyStore memory,
      Audit audit,
      LogSigner signer,
      TimeOrderedIds ids,
      InstantSource clock) {
    this.gate = gate;
    this.rooms = rooms;
    this.keyStore = keyStore;
    this.memory = memory;
    this.audit = audit;
    this.signer = signer;
    this.ids = ids;
    this.clock = clock;
  }

  /**
   * Erases the person when the transaction commits.
   *
   * @param marking whether marks of what they objected to stay
   */
  public Erased erase(Transaction tx, Caller caller, SubjectId subject, Marking marking)
      throws SQLException {
    ErasureLedger.Erased place =
        place(subject, marking == Marking.LEFT ? Kind.PERSON : Kind.UNMARKED);
    Optional<Entered> entry =
        gate.enterErasure(
            tx, caller, subject, new Parting(place.certificate(), day(place), marking));
    if (entry.isEmpty()) {
      return new Erased.Unknown(gate.enterUnknownErasure(tx, caller));
    }
    removeHoldings(tx, subject);
    enter(tx, place);
    Erased.Certificate certificate = certificate(subject, place.certificate(), entry.get());
    closeHistory(tx, subject);
    return certificate;
  }

  /**
   * Lifts a legal hold, and with it forgets what it had set aside, when the transaction commits.
   */
  public Outcome lift(Transaction tx, Caller caller, UUID hold) throws SQLException {
    return gate.enterLift(tx, caller, hold, lifted -> removeHold(tx, lifted));
  }

  private void removeHold(Transaction tx, LegalHold hold) {
    removeHold(tx, hold.keyName());
    enter(tx, place(hold.keyName(), Kind.HOLD));
  }

  private void removeHold(Transaction tx, SubjectId keyName) {
    rooms.wrappedKeys().remove(tx, keyName);
    rooms.vault().removeSetAside(tx, keyName);
    rooms.holds().remove(tx, keyName.value());
  }

  /**
   * Forgets what holds had set aside whose time is over. Happens by itself; not to be called within
   * other work.
   *
   * @throws dev.pledge.engine.store.DatabaseUnavailable if the database cannot serve now
   */
  public void endHolds(Database database) {
    for (LegalHold hold : database.read(handle -> rooms.holds().ended(handle))) {
      database.change(
          tx -> {
            if (!rooms.holds().present(tx.handle(), List.of(hold.keyName())).isEmpty()) {
              gate.enterEnd(tx, hold);
              removeHold(tx, hold);
            }
            return hold;
          });
    }
  }

  /** Puts the person, or hold, in the ledger for good, unless they are there. */
  private void enter(Transaction tx, ErasureLedger.Erased place) {
    SubjectId subject = place.subject();
    // INVARIANT: the ledger is durable before the commit. If that does not come, the person is in
    // the ledger and in the data: nothing finds them any more, and settle or the next start forgets
    // them.
    tx.unlessCommitted(() -> unsettled.add(subject));
    tx.afterCommit(() -> settled(subject));
    if (!keyStore.ledger().isErased(subject)) {
      keyStore.ledger().record(place);
    }
    tx.changedOutside();
    memory.see(tx, keyStore.ledger());
  }

  private Erased.Certificate certificate(SubjectId subject, UUID id, Entered entry) {
    Receipt receipt = entry.receipt();
    ErasureCertificate certificate =
        new ErasureCertificate(
            signer.origin(),
            id,
            ErasureCertificate.person(id, subject.value()),
            receipt.at(),
            new TreeSet<>(keyStore.livingEpochs()),
            Optional.empty(),
            entry.kept(),
            entry.marked());
    String signed = new String(signer.sign(certificate), StandardCharsets.UTF_8);
    return new Erased.Certificate(id, receipt.at(), signed, receipt);
  }

  /** Removes marks of objections to what no version of the policy names any more. */
  public void forgetMarks(Database database, Policies policies) {
    Set<String> purposes = new HashSet<>(Set.of(CompiledPolicy.POOLING));
    policies.versions().stream()
        .flatMap(policy -> policy.layers().stream())
        .flatMap(terms -> terms.source().purposes().stream())
        .forEach(purpose -> purposes.add(purpose.id().value()));
    var _ = database.<Integer>change(tx -> rooms.marks().removeOthers(tx, purposes));
  }

  /** Whether the person is in the ledger. */
  public boolean isErased(SubjectId subject) {
    return keyStore.ledger().isErased(subject);
  }

  /** The place to be the person's in the ledger; one who is there already keeps theirs. */
  private ErasureLedger.Erased place(SubjectId subject, Kind kind) {
    return keyStore
        .ledger()
        .find(subject)
        .orElseGet(
            () -> {
              // To the day: the ledger is kept for good, and must not tell which entry is of this.
              Instant day = clock.instant().truncatedTo(ChronoUnit.DAYS);
              return new ErasureLedger.Erased(subject, day, kind, ids.unordered());
            });
  }

  private static LocalDate day(ErasureLedger.Erased place) {
    return LocalDate.ofInstant(place.at(), ZoneOffset.UTC);
  }

  /** How someone goes whom the ledger has: as it was asked for then. */
  private Parting parting(SubjectId subject) {
    ErasureLedger.Erased place = keyStore.ledger().find(subject).orElseThrow();
    Marking marking = place.kind() == Kind.UNMARKED ? Marking.NONE : Marking.LEFT;
    return new Parting(place.certificate(), day(place), marking);
  }

  private void settled(SubjectId subject) {
    keyStore.subjectKeys().destroy(subject);
    unsettled.remove(subject);
  }

  /**
   * Reads about the person wait from here to the end of the transaction, and the log's writer with
   * them: nothing slow comes after it.
   */
  private void closeHistory(Transaction tx, SubjectId subject) {
    audit.erase(tx, subject);
    // INVARIANT: uses at work were waited for, so none can open a review of the person any more.
    rooms.reviews().forgetPerson(tx, subject);
  }

  private void removeHoldings(Transaction tx, SubjectId subject) {
    rooms.wrappedKeys().remove(tx, subject);
    rooms.vault().remove(tx, subject);
    rooms.consents().remove(tx, subject);
    rooms.subjects().remove(tx, subject);
    rooms.approvals().remove(tx, subject);
    rooms.holds().forgetPerson(tx, subject);
  }

  /**
   * Forgets those whose erasure is in the ledger while its commit failed or its outcome is unknown.
   * Costs nothing while there are none. Whoever asked for the erasure, works for a product the
   * person used, and asks again finishes it, too, and gets the certificate. Not to be called within
   * other work.
   *
   * @throws dev.pledge.engine.store.DatabaseUnavailable if the database cannot serve now
   */
  public void settle(Database database) {
    if (!unsettled.isEmpty()) {
      List<SubjectId> pending =
          unsettled.stream().filter(keyStore.ledger()::isErased).limit(BATCH).toList();
      forget(database, pending);
      pending.forEach(this::settled);
    }
  }

  /**
   * Forgets, at the start, everyone who is in the ledger and still in the data or the key journal;
   * returns how many there were in the data.
   */
  public int finish(Database database) {
    List<SubjectId> erased = new ArrayList<>();
    keyStore.ledger().forEach(entry -> erased.add(entry.subject()));
    int finished = forget(database, erased);
    keyStore.journal().forgetErased();
    return finished;
  }

  /**
   * Removes everything held of people of restored data whom no living key opens; returns how many
   * of them there were. They are not entered in the ledger, since nobody erased them.
   */
  public int removeLost(Database database, List<SubjectId> lost) {
    int removed = 0;
    for (SubjectId subject : lost) {
      removed +=
          database.change(
              tx -> {
                boolean known = gate.enterLoss(tx, subject).isPresent();
                removeHoldings(tx, subject);
                closeHistory(tx, subject);
                // It may be the name of a hold's key.
                removeHold(tx, subject);
                return known ? 1 : 0;
              });
    }
    return removed;
  }

  private int forget(Database database, List<SubjectId> erased) {
    int finished = 0;
    for (int from = 0; from < erased.size(); from += BATCH) {
      List<SubjectId> batch = erased.subList(from, Math.min(erased.size(), from + BATCH));
      List<SubjectId> present = database.read(handle -> rooms.subjects().present(handle, batch));
      for (SubjectId subject : present) {
        database.change(
            tx -> {
              if (gate.enterErasure(tx, subject, parting(subject)).isPresent()) {
                removeHoldings(tx, subject);
                memory.see(tx, keyStore.ledger());
                closeHistory(tx, subject);
              }
              return subject;
            });
        finished++;
      }
      forgetHolds(database, batch);
    }
    return finished;
  }

  private void forgetHolds(Database database, List<SubjectId> erased) {
    for (SubjectId keyName : database.read(handle -> rooms.holds().present(handle, erased))) {
      database.change(
          tx -> {
            removeHold(tx, keyName);
            memory.see(tx, keyStore.ledger());
            return keyName;
          });
    }
  }
}
