package dev.pledge.engine.erasure;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.audit.Audit;
import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.gate.Gate;
import dev.pledge.engine.keys.ErasureLedger;
import dev.pledge.engine.keys.ErasureLedger.Kind;
import dev.pledge.engine.keys.KeyStore;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.TimeOrderedIds;
import dev.pledge.engine.store.Transaction;
import dev.pledge.policy.names.SubjectId;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Erases people. A crash after the ledger has the person and before the transaction commits leaves
 * a person whom {@link #finish} forgets at the next start.
 */
public final class Erasure {
  private static final int BATCH = 1_000;

  private final Gate gate;
  private final Gate.Rooms rooms;
  private final KeyStore keyStore;
  private final Audit audit;
  private final TimeOrderedIds ids;
  private final InstantSource clock;

  /** Erasure of what {@code rooms} hold. */
  public Erasure(
      Gate gate,
      Gate.Rooms rooms,
      KeyStore keyStore,
      Audit audit,
      TimeOrderedIds ids,
      InstantSource clock) {
    this.gate = gate;
    this.rooms = rooms;
    this.keyStore = keyStore;
    this.audit = audit;
    this.ids = ids;
    this.clock = clock;
  }

  /** Erases the person when the transaction commits. */
  public Erased erase(Transaction tx, Caller caller, SubjectId subject) throws SQLException {
    Optional<Receipt> receipt = gate.enterErasure(tx, caller, subject);
    if (receipt.isEmpty()) {
      return new Erased.Unknown(gate.enterUnknownErasure(tx, caller));
    }
    UUID certificate = ids.next();
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    // INVARIANT: the ledger is durable first. A crash here leaves the person in the ledger and in
    // the
    // data; the next start forgets them.
    keyStore.ledger().record(new ErasureLedger.Erased(subject, now, Kind.PERSON, certificate));
    remove(tx, subject);
    tx.afterCommit(() -> keyStore.subjectKeys().destroy(subject));
    return new Erased.Certificate(certificate, now, receipt.get());
  }

  private void remove(Transaction tx, SubjectId subject) {
    rooms.wrappedKeys().remove(tx, subject);
    rooms.vault().remove(tx, subject);
    rooms.consents().remove(tx, subject);
    rooms.subjects().remove(tx, subject);
    audit.erase(tx, subject);
  }

  /** Forgets everyone who is in the ledger and still in the data; returns how many there were. */
  public int finish(Database database) {
    List<SubjectId> erased = new ArrayList<>();
    keyStore.ledger().forEach(entry -> erased.add(entry.subject()));
    int finished = 0;
    for (int from = 0; from < erased.size(); from += BATCH) {
      List<SubjectId> batch = erased.subList(from, Math.min(erased.size(), from + BATCH));
      List<SubjectId> present = database.read(handle -> rooms.subjects().present(handle, batch));
      for (SubjectId subject : present) {
        database.change(
            tx -> {
              remove(tx, subject);
              tx.afterCommit(() -> keyStore.subjectKeys().destroy(subject));
              return subject;
            });
        finished++;
      }
    }
    return finished;
  }
}
