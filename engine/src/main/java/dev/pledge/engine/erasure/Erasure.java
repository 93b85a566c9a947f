package dev.pledge.engine.erasure;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.audit.Audit;
import dev.pledge.engine.audit.LogSigner;
import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.gate.Gate;
import dev.pledge.engine.gate.Gate.Entered;
import dev.pledge.engine.gate.Gate.Leaver;
import dev.pledge.engine.gate.Outcome;
import dev.pledge.engine.gate.Parting;
import dev.pledge.engine.gate.Parting.Marking;
import dev.pledge.engine.hold.LegalHold;
import dev.pledge.engine.keys.ErasureLedger;
import dev.pledge.engine.keys.ErasureLedger.Kind;
import dev.pledge.engine.keys.KeyEnds;
import dev.pledge.engine.keys.KeyStore;
import dev.pledge.engine.keys.SeenKeyStore;
import dev.pledge.engine.keys.UnsealException;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.DatabaseFailed;
import dev.pledge.engine.store.DatabaseUnavailable;
import dev.pledge.engine.store.PersonStatements;
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
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Erases people. A crash after the ledger has the person and before the transaction commits leaves
 * a person whom nothing finds, and whom {@link #finish} forgets at the next start.
 */
public final class Erasure {
  private static final Logger LOG = LoggerFactory.getLogger(Erasure.class);
  private static final int BATCH = 1_000;

  private final Gate gate;
  private final Gate.Rooms rooms;
  private final KeyStore keyStore;
  private final SeenKeyStore memory;
  private final Audit audit;
  private final LogSigner signer;
  private final KeyEnds ends;
  private final Recovery recovery;
  private final TimeOrderedIds ids;
  private final InstantSource clock;

  /** Those in the ledger whose transaction failed, or whose commit has an unknown outcome. */
  private final Set<SubjectId> unsettled = ConcurrentHashMap.newKeySet();

  /**
   * Erasure of what {@code rooms} hold.
   *
   * @param signer signs certificates
   * @param ends tell until when old copies can be read
   */
  public Erasure(
      Gate gate,
      Gate.Rooms rooms,
      KeyStore keyStore,
      SeenKeyStore memory,
      Audit audit,
      LogSigner signer,
      KeyEnds ends,
      TimeOrderedIds ids,
      InstantSource clock) {
    this.gate = gate;
    this.rooms = rooms;
    this.keyStore = keyStore;
    this.memory = memory;
    this.audit = audit;
    this.signer = signer;
    this.ends = ends;
    this.ids = ids;
    this.clock = clock;
    this.recovery = new Recovery(gate, rooms.subjects(), keyStore, memory, ids, clock);
  }

  /**
   * Erases the person when the transaction commits; where the policy lets people take that back,
   * seals them until they are erased by themselves.
   *
   * @param atOnce whether the person wants it for good, also once they are sealed
   * @param marking whether marks of what they objected to stay
   */
  public Erased erase(
      Transaction tx, Caller caller, SubjectId subject, boolean atOnce, Marking marking)
      throws SQLException {
    if (!gate.knowsRecovery() && keyStore.ledger().sealing(subject).isEmpty()) {
      return eraseForGood(tx, caller, subject, marking);
    }
    Optional<Leaver> leaver = gate.leaver(tx, caller, subject);
    if (leaver.isEmpty() || (recovery.isSealed(subject, leaver.get()) && !atOnce)) {
      return new Erased.Unknown(gate.enterUnknownErasure(tx, caller));
    }
    Optional<Instant> until =
        atOnce || isErased(subject) ? Optional.empty() : recovery.until(subject, leaver.get());
    if (until.isEmpty()) {
      return eraseForGood(tx, caller, subject, marking);
    }
    Entered entry = gate.enterSeal(tx, caller, subject, marking);
    UUID id = recovery.seal(tx, subject, until.get(), marking);
    return certificate(tx, subject, id, entry, until);
  }

  /** Lets a sealed person come back when the transaction commits, with everything they had. */
  public Outcome recover(Transaction tx, Caller caller, SubjectId subject) throws SQLException {
    Optional<Leaver> leaver = gate.leaver(tx, caller, subject);
    if (leaver.isEmpty() || !recovery.mayComeBack(tx, subject, leaver.get())) {
      return new Outcome.Unknown(gate.enterUnknownRecovery(tx, caller));
    }
    Receipt receipt = gate.enterRecovery(tx, caller, subject);
    recovery.open(tx, subject);
    return new Outcome.Done(receipt);
  }

  private Erased eraseForGood(Transaction tx, Caller caller, SubjectId subject, Marking asked)
      throws SQLException {
    Marking marking = recovery.wishOf(subject).orElse(asked);
    ErasureLedger.Erased place = place(subject, kindOf(marking));
    Optional<Entered> entry =
        gate.enterErasure(
            tx, caller, subject, new Parting(place.certificate(), day(place), marking));
    if (entry.isEmpty()) {
      return new Erased.Unknown(gate.enterUnknownErasure(tx, caller));
    }
    removeHoldings(tx, subject);
    enter(tx, place);
    Erased.Certificate certificate =
        certificate(tx, subject, place.certificate(), entry.get(), Optional.empty());
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
    PersonStatements statements = new PersonStatements(tx, keyName);
    rooms.wrappedKeys().remove(statements);
    rooms.vault().removeSetAside(statements);
    rooms.holds().remove(statements);
    statements.execute();
  }

  /**
   * Forgets what holds had set aside whose time is over. Happens by itself; not to be called within
   * other work.
   *
   * @throws dev.pledge.engine.store.DatabaseUnavailable if the database cannot serve now
   */
  public void endHolds(Database database) {
    apart(
        database.read(handle -> rooms.holds().ended(handle)),
        id -> "hold " + id,
        id ->
            database.change(
                tx -> {
                  Optional<LegalHold> hold = rooms.holds().findEnded(tx.handle(), id);
                  if (hold.isPresent()) {
                    gate.enterEnd(tx, hold.get());
                    removeHold(tx, hold.get());
                  }
                  return id;
                }));
  }

  /**
   * Does the work of each: what cannot be done of one, since it was altered or the database refuses
   * it, keeps none of the others waiting, and is tried again.
   *
   * @throws DatabaseFailed the first that there was, once all others are done
   */
  private static <T> void apart(Collection<T> all, Function<T, String> name, Consumer<T> work) {
    DatabaseFailed first = null;
    for (T each : all) {
      try {
        work.accept(each);
      } catch (DatabaseUnavailable away) {
        throw away;
      } catch (DatabaseFailed refused) {
        first = first == null ? refused : first;
      } catch (UnsealException | IllegalArgumentException altered) {
        LOG.error("could not end {}: what is stored of it was altered", name.apply(each));
      }
    }
    if (first != null) {
      throw first;
    }
  }

  /**
   * Erases people who may not take it back any more. Happens by itself; not to be called within
   * other work. Until it does, nobody finds them either, and they cannot come back.
   *
   * @throws dev.pledge.engine.store.DatabaseUnavailable if the database cannot serve now
   */
  public void endRecoveries(Database database) {
    Instant now = clock.instant();
    apart(
        keyStore.ledger().sealings().stream()
            .filter(sealing -> !now.isBefore(sealing.at()))
            .toList(),
        sealing -> "the recovery of certificate " + sealing.certificate(),
        sealing ->
            database.change(
                tx -> {
                  endRecovery(tx, sealing);
                  return sealing;
                }));
  }

  private void endRecovery(Transaction tx, ErasureLedger.Erased sealing) throws SQLException {
    SubjectId subject = sealing.subject();
    Optional<Leaver> leaver = gate.leaver(tx, subject);
    // INVARIANT: looked at once the account is taken, as who comes back does; and by the database's
    // clock too, since one that was put forward erases nobody.
    boolean over =
        keyStore.ledger().sealing(subject).equals(Optional.of(sealing))
            && leaver.map(someone -> !someone.now().isBefore(sealing.at())).orElse(true);
    if (!over) {
      return;
    }
    Marking marking = Recovery.wishIn(sealing);
    ErasureLedger.Erased place = place(subject, kindOf(marking));
    Parting parting = new Parting(place.certificate(), day(place), marking);
    if (gate.enterEndOfRecovery(tx, subject, parting).isPresent()) {
      removeHoldings(tx, subject);
    }
    enter(tx, place);
    closeHistory(tx, subject);
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

  private Erased.Certificate certificate(
      Transaction tx, SubjectId subject, UUID id, Entered entry, Optional<Instant> until) {
    Receipt receipt = entry.receipt();
    Optional<Instant> irrecoverableBy =
        until.isPresent()
            ? ends.irrecoverableBy(tx.handle(), until.get())
            : ends.irrecoverableBy(tx.handle());
    ErasureCertificate certificate =
        new ErasureCertificate(
            signer.origin(),
            id,
            ErasureCertificate.person(id, subject.value()),
            receipt.at(),
            until,
            new TreeSet<>(keyStore.livingEpochs()),
            irrecoverableBy,
            entry.kept(),
            entry.marked());
    String signed = new String(signer.sign(certificate), StandardCharsets.UTF_8);
    return new Erased.Certificate(id, receipt.at(), until, irrecoverableBy, signed, receipt);
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

  private boolean isErased(SubjectId subject) {
    return keyStore.ledger().isErased(subject);
  }

  /** Whether the person is in the ledger: erased, or sealed. */
  public boolean isHidden(SubjectId subject) {
    return keyStore.ledger().isHidden(subject);
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
              // Who was sealed has their certificate.
              UUID certificate =
                  keyStore
                      .ledger()
                      .sealing(subject)
                      .map(ErasureLedger.Erased::certificate)
                      .orElseGet(ids::unordered);
              return new ErasureLedger.Erased(subject, day, kind, certificate);
            });
  }

  private static Kind kindOf(Marking marking) {
    return marking == Marking.LEFT ? Kind.PERSON : Kind.UNMARKED;
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
    PersonStatements statements = new PersonStatements(tx, subject);
    audit.erase(statements);
    // INVARIANT: uses at work were waited for, so none can open a review of the person any more.
    rooms.reviews().forgetPerson(statements);
    statements.execute();
  }

  private void removeHoldings(Transaction tx, SubjectId subject) {
    PersonStatements statements = new PersonStatements(tx, subject);
    rooms.wrappedKeys().remove(statements);
    rooms.vault().remove(statements);
    rooms.consents().remove(statements);
    rooms.subjects().remove(statements);
    rooms.approvals().remove(statements);
    rooms.holds().forgetPerson(statements);
    rooms.sessions().remove(statements);
    rooms.messages().remove(statements);
    rooms.requests().remove(statements);
    statements.execute();
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
    recovery.settle(database);
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
    recovery.followAll(database);
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
    // Holds first: what was held until they were lifted goes with the person, and their keys, of
    // data that were restored, may open no more.
    forEachPresent(
        erased,
        batch -> database.read(handle -> rooms.holds().present(handle, batch)),
        keyNames ->
            keyNames.forEach(
                keyName ->
                    database.change(
                        tx -> {
                          removeHold(tx, keyName);
                          memory.see(tx, keyStore.ledger());
                          return keyName;
                        })));
    return forEachPresent(
        erased,
        batch -> database.read(handle -> rooms.subjects().present(handle, batch)),
        people ->
            apart(
                people,
                subject -> "the erasure of certificate " + parting(subject).certificate(),
                subject -> finish(database, subject)));
  }

  private void finish(Database database, SubjectId subject) {
    database.change(
        tx -> {
          if (gate.enterErasure(tx, subject, parting(subject)).isPresent()) {
            removeHoldings(tx, subject);
            memory.see(tx, keyStore.ledger());
            closeHistory(tx, subject);
          }
          return subject;
        });
  }

  /** Does it of those who are there; returns how many that were. */
  private static int forEachPresent(
      List<SubjectId> all, UnaryOperator<List<SubjectId>> present, Consumer<List<SubjectId>> work) {
    int count = 0;
    for (int from = 0; from < all.size(); from += BATCH) {
      List<SubjectId> there = present.apply(all.subList(from, Math.min(all.size(), from + BATCH)));
      work.accept(there);
      count += there.size();
    }
    return count;
  }
}
