package dev.pledge.engine;

import dev.pledge.engine.audit.Audit;
import dev.pledge.engine.audit.RestoredLog;
import dev.pledge.engine.gate.Refitting;
import dev.pledge.engine.keys.ErasureLedger;
import dev.pledge.engine.keys.Journal;
import dev.pledge.engine.keys.KeyStore;
import dev.pledge.engine.keys.WrappedKey;
import dev.pledge.engine.keys.WrappedKeys;
import dev.pledge.engine.store.Connections;
import dev.pledge.engine.store.CopyProgress;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.EmbeddedPostgres;
import dev.pledge.engine.store.Migrations;
import dev.pledge.engine.store.PrivateCopy;
import dev.pledge.engine.store.RestoredData;
import dev.pledge.engine.store.TimeOrderedIds;
import dev.pledge.engine.store.Vocabulary;
import dev.pledge.engine.subject.Subjects;
import dev.pledge.engine.vault.Vault;
import dev.pledge.log.Caller;
import dev.pledge.log.Checkpoint;
import dev.pledge.log.Reason;
import dev.pledge.policy.names.SubjectId;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Old data brought up to date with the current key store: the journal says which keys live, the
 * ledger who was erased, the last checkpoints what is missing of the logs.
 *
 * <p>Guarantees, once {@link #finish} has returned: whoever is in the ledger is forgotten again;
 * every person's wrapped key is the journal's, which takes over a later one that the data have;
 * whoever has no living key is removed; a log of which the data lack what was signed has ended, and
 * another goes on that says so. Until then no server starts on the data. A crash at any moment
 * leaves it to be done again, from wherever it was.
 *
 * <p>Source: II.II.3, V.1.
 */
public final class RestoreDesk {
  private static final int TOGETHER = 1_000;

  private final Configuration at;
  private final Consumer<RestoreStep> reached;
  private final SecureRandom random = new SecureRandom();

  private long people;
  private long forgotten;
  private long keysReplaced;
  private long valuesLost;
  private long registeredLater;
  private long entriesLost;
  private final List<SubjectId> keyless = new ArrayList<>();
  private final List<Ended> ended = new ArrayList<>();

  /**
   * A log that has ended.
   *
   * @param origin its name to the world
   * @param signed how many entries its last checkpoint covers
   * @param kept how many of them the data have
   * @param goesOn the origin of the log that goes on from these
   */
  public record Ended(String origin, long signed, long kept, String goesOn) {}

  /**
   * What came of it, as far as this run did it: what an earlier one that was cut short had done is
   * not counted again.
   *
   * @param people who are in the data now
   * @param forgotten who were in the data, and in the ledger
   * @param removed who were in the data, and have no living key
   * @param keysReplaced whose wrapped key was not the journal's
   * @param valuesLost values sealed under a key that was replaced since
   * @param registeredLater who are in the journal, and not in the data: registered after the backup
   * @param entriesLost log entries without a place that no key opens any more
   */
  public record Restored(
      long people,
      long forgotten,
      long removed,
      long keysReplaced,
      long valuesLost,
      long registeredLater,
      long entriesLost,
      List<Ended> ended) {}

  RestoreDesk(Configuration at, Consumer<RestoreStep> reached) {
    this.at = at;
    this.reached = reached;
  }

  /** Whether there is a key store, and a root key that is named or there, to restore with. */
  public static boolean hasKeys(Configuration at) {
    return RootKeyChoice.isKnown(at) && KeyStore.exists(at.keyStore());
  }

  /**
   * Copies a backup into the data directory, which is not there yet, or whose restore was cut off
   * early. {@link #finish} comes next.
   *
   * @throws dev.pledge.engine.store.StartRefused if it cannot be copied
   */
  public static void copy(Path backup, Path data, CopyProgress progress) {
    PrivateCopy.requireApart(backup, data, "the data directory");
    RestoredData.copy(backup, data, progress);
  }

  /**
   * Brings the data up to date: those of the data directory, or of the server the operator runs,
   * which must serve nobody meanwhile.
   *
   * @throws dev.pledge.engine.store.StartRefused if the database cannot be used
   * @throws dev.pledge.engine.keys.KeyStoreRefusedException if the key store cannot, or is older
   *     than the data
   */
  public static Restored finish(Configuration at) {
    return new RestoreDesk(at, step -> {}).finish();
  }

  Restored finish() {
    KeyStore.requireApart(at.keys(), at.data());
    if (at.external().isPresent()) {
      return bringUpToDate(at.external().get());
    }
    try (EmbeddedPostgres own = EmbeddedPostgres.openRestored(at.data(), random)) {
      RestoredData.recovered(at.data());
      Restored restored = bringUpToDate(own.connections());
      RestoredData.finish(at.data());
      reached.accept(RestoreStep.UP_TO_DATE);
      return restored;
    }
  }

  private Restored bringUpToDate(Connections connections) {
    Migrations.run(connections);
    try (Database database = Database.over(connections.application());
        Database owner = Database.over(connections.owner());
        KeyRing keys = KeyRing.toWrite(at, database, random)) {
      keys.enterOpening(
          database,
          at.clock(),
          random,
          Desk.BY,
          new Reason("command", Optional.of("restore"), Optional.empty()));
      reached.accept(RestoreStep.KEYS_OPENED);
      replaceKeys(database, owner, keys.store());
      reached.accept(RestoreStep.KEYS_REPLACED);
      entriesLost = RestoredLog.dropUnreadable(owner, keys.store().readableEpochs());
      for (LogName log : keys.logs(database, 1)) {
        goOn(log, keys, database, owner);
      }
      forgotten = countErased(database, keys.store().ledger());
    }
    // Opening forgets whoever is in the ledger, before it would serve anybody.
    try (Pledge pledge = Pledge.open(at.over(connections))) {
      reached.accept(RestoreStep.LEDGER_REPLAYED);
      int removed = pledge.removeLost(keyless);
      var _ = pledge.reindexDead();
      reached.accept(RestoreStep.LOST_REMOVED);
      return new Restored(
          people - removed,
          forgotten,
          removed,
          keysReplaced,
          valuesLost,
          registeredLater,
          entriesLost,
          List.copyOf(ended));
    }
  }

  // ---------------------------------------------------------------------------------------- keys

  private void replaceKeys(Database database, Database owner, KeyStore store) {
    store.journal().forEachShare(share -> replaceKeys(database, owner, store, share));
    people += keyless.size();
  }

  private void replaceKeys(Database database, Database owner, KeyStore store, Journal.Share share) {
    Map<SubjectId, WrappedKey> living = share.keys();
    List<SubjectId> subjects = new ArrayList<>(living.keySet());
    for (int from = 0; from < subjects.size(); from += TOGETHER) {
      List<SubjectId> batch = subjects.subList(from, Math.min(subjects.size(), from + TOGETHER));
      replaceKeys(database, owner, store, batch, living);
    }
    WrappedKeys rows = new WrappedKeys();
    for (UUID last = share.after(); ; ) {
      UUID after = last;
      List<SubjectId> page =
          List.copyOf(
              database.read(handle -> rows.after(handle, after, share.to(), TOGETHER)).keySet());
      if (page.isEmpty()) {
        return;
      }
      page.stream()
          .filter(subject -> !living.containsKey(subject))
          .filter(subject -> !store.ledger().isErased(subject))
          .forEach(keyless::add);
      last = page.getLast().value();
    }
  }

  private void replaceKeys(
      Database database,
      Database owner,
      KeyStore store,
      List<SubjectId> batch,
      Map<SubjectId, WrappedKey> living) {
    WrappedKeys rows = new WrappedKeys();
    Set<SubjectId> present =
        Set.copyOf(database.read(handle -> new Subjects().present(handle, batch)));
    // Those of legal holds are keys of nobody who is present.
    Map<SubjectId, WrappedKey> old = database.read(handle -> rows.find(handle, batch));
    people += present.size();
    Map<SubjectId, WrappedKey> moved = new LinkedHashMap<>();
    Map<SubjectId, WrappedKey> renewed = new LinkedHashMap<>();
    for (SubjectId subject : batch) {
      WrappedKey now = Objects.requireNonNull(living.get(subject));
      WrappedKey before = old.get(subject);
      boolean person = present.contains(subject);
      if (!person && before == null) {
        registeredLater++;
      } else if (before != null && Refitting.isNewer(store, subject, before, now)) {
        // An older copy of the key store: going back to its key would lose what came since.
        store.subjectKeys().follow(subject, before);
      } else if (person && (before == null || before.generation() != now.generation())) {
        renewed.put(subject, now);
      } else if (before != null && !now.equals(before)) {
        moved.put(subject, now);
      }
    }
    if (!moved.isEmpty()) {
      database.change(
          tx -> {
            moved.forEach((subject, now) -> rows.restore(tx, subject, now));
            return moved.size();
          });
      replaced(moved.size());
    }
    if (!renewed.isEmpty()) {
      valuesLost += fit(store, owner, renewed);
      replaced(renewed.size());
    }
  }

  private void replaced(int count) {
    keysReplaced += count;
    reached.accept(RestoreStep.KEY_REPLACED);
  }

  /** The keys have forgotten something since; returns how many values they do not open. */
  private int fit(KeyStore store, Database owner, Map<SubjectId, WrappedKey> renewed) {
    Vault vault = new Vault(Vocabulary.load(owner), new TimeOrderedIds(at.clock(), random));
    Refitting refitting = new Refitting(store, vault, new Subjects());
    return owner.change(tx -> refitting.fit(tx, renewed));
  }

  private static long countErased(Database database, ErasureLedger ledger) {
    List<SubjectId> erased = new ArrayList<>();
    ledger.forEach(entry -> erased.add(entry.subject()));
    long present = 0;
    for (int from = 0; from < erased.size(); from += TOGETHER) {
      List<SubjectId> batch = erased.subList(from, Math.min(erased.size(), from + TOGETHER));
      present += database.read(handle -> new Subjects().present(handle, batch)).size();
    }
    return present;
  }

  // ----------------------------------------------------------------------------------------- logs

  private void goOn(LogName name, KeyRing keys, Database database, Database owner) {
    Optional<Checkpoint> signed = keys.lastCheckpoint(name);
    if (signed.isEmpty()) {
      return;
    }
    Checkpoint last = signed.get();
    RestoredLog log = new RestoredLog(name.toString());
    RestoredLog.Kept kept = log.kept(database);
    if (last.size() <= kept.size()) {
      // Nothing that was signed is missing; whether it fits is seen before anything more is signed.
      return;
    }
    Instant now = at.clock().instant();
    Caller by = Caller.of(Caller.SYSTEM, Desk.BY);
    String before = keys.origin(name.toString());
    // In this order: a crash leaves it to be done again, and at worst said twice.
    try (Audit audit = Desk.audit(name, database, keys, at.clock(), random)) {
      var _ = audit.record(RestoredLog.ended(last, now, by));
      var _ = audit.record(RestoredLog.takenOver(kept, now, by));
    }
    reached.accept(RestoreStep.LOG_ENTERED);
    log.forgetSigned(owner);
    reached.accept(RestoreStep.LOG_FORGOTTEN);
    keys.store().endLog(name.number(), now);
    reached.accept(RestoreStep.LOG_ENDED);
    ended.add(new Ended(before, last.size(), kept.size(), keys.origin(name.toString())));
  }
}
