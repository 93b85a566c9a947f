package dev.pledge.engine.gate;

import dev.pledge.engine.keys.Journal;
import dev.pledge.engine.keys.Part;
import dev.pledge.engine.keys.RecordKind;
import dev.pledge.engine.keys.SubjectKey;
import dev.pledge.engine.keys.SubjectKeys;
import dev.pledge.engine.keys.SubjectKeys.Renewal;
import dev.pledge.engine.keys.WrappedKey;
import dev.pledge.engine.keys.WrappedKeys;
import dev.pledge.engine.request.Requests;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.Transaction;
import dev.pledge.engine.vault.Vault;
import dev.pledge.engine.vault.Vault.PartOf;
import dev.pledge.policy.names.SubjectId;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Lets a person's key forget parts of what is kept of them (II.II.3, V.1): what was sealed of these
 * before, in dead rows, in the write-ahead log or in a backup, opens with no later key of theirs.
 */
final class Renewing {
  private static final int TOGETHER = 2_000;

  private final SubjectKeys keys;
  private final WrappedKeys wrappedKeys;
  private final Vault vault;
  private final Requests requests;

  /** Those whose next key is in the journal and may not be in the database. */
  private final Set<SubjectId> unsettled = ConcurrentHashMap.newKeySet();

  Renewing(SubjectKeys keys, WrappedKeys wrappedKeys, Vault vault, Requests requests) {
    this.keys = keys;
    this.wrappedKeys = wrappedKeys;
    this.vault = vault;
    this.requests = requests;
  }

  /**
   * Forgets the parts when the transaction commits, whether there are values of them left or not.
   * From here on {@code key} seals them anew, and opens nothing of them that was sealed before.
   */
  void forget(Transaction tx, SubjectKey key, Set<Part> parts) throws SQLException {
    forget(tx, parts.isEmpty() ? Map.of() : Map.of(key, parts));
  }

  /** Forgets those of the parts, from which values were deleted, of which there are none left. */
  void forgetGone(Transaction tx, SubjectKey key, Set<Part> parts) throws SQLException {
    forgetGone(tx, parts.isEmpty() ? Map.of() : Map.of(key, parts));
  }

  /** The same for several people, none twice, with one write to the journal. */
  void forgetGone(Transaction tx, Map<SubjectKey, Set<Part>> parts) throws SQLException {
    List<PartOf> asked = new ArrayList<>();
    Set<Part> records = Set.copyOf(RecordKind.parts());
    parts.forEach(
        (key, touched) ->
            touched.stream()
                .filter(part -> !records.contains(part))
                .forEach(part -> asked.add(new PartOf(key.subject(), part))));
    Set<PartOf> gone = vault.gone(tx, asked);
    Map<SubjectKey, Set<Part>> forgotten = new LinkedHashMap<>();
    parts.forEach(
        (key, touched) -> {
          Set<Part> of = new HashSet<>(touched);
          of.removeIf(
              part -> !records.contains(part) && !gone.contains(new PartOf(key.subject(), part)));
          if (!of.isEmpty()) {
            forgotten.put(key, of);
          }
        });
    forget(tx, forgotten);
  }

  private void forget(Transaction tx, Map<SubjectKey, Set<Part>> parts) throws SQLException {
    if (parts.isEmpty()) {
      return;
    }
    List<SubjectId> subjects = parts.keySet().stream().map(SubjectKey::subject).toList();
    Map<SubjectId, WrappedKey> held = wrappedKeys.hold(tx, subjects);
    // INVARIANT: nobody stores values or requests of theirs meanwhile, since their accounts are
    // taken.
    Map<SubjectId, Set<Part>> stored = vault.parts(tx, subjects);
    requests.parts(
        tx, subjects, (subject, part) -> Objects.requireNonNull(stored.get(subject)).add(part));
    List<Renewal> renewals = new ArrayList<>();
    parts.forEach(
        (key, forgotten) -> {
          Set<Part> remaining = new HashSet<>(RecordKind.parts());
          remaining.addAll(Objects.requireNonNull(stored.get(key.subject())));
          remaining.removeAll(forgotten);
          WrappedKey current = Objects.requireNonNull(held.get(key.subject()));
          renewals.add(new Renewal(key, current, remaining));
        });
    tx.unlessCommitted(() -> unsettled.addAll(subjects));
    wrappedKeys.replace(tx, keys.renew(renewals));
  }

  /**
   * Looks, after a start, for those whose next key is in the journal alone, since a crash came
   * before the commit; they are settled as all others.
   *
   * @param journal whose data these are: not for data that are older than it
   */
  void find(Database database, Journal journal) {
    Map<SubjectId, Integer> noted = new HashMap<>();
    journal.forEachRenewed(
        (subject, generation) -> {
          noted.put(subject, generation);
          if (noted.size() == TOGETHER) {
            findBehind(database, noted);
            noted.clear();
          }
        });
    findBehind(database, noted);
  }

  /** Whoever the journal notes a later key of than the database has. */
  private void findBehind(Database database, Map<SubjectId, Integer> noted) {
    if (noted.isEmpty()) {
      return;
    }
    database
        .read(handle -> wrappedKeys.find(handle, List.copyOf(noted.keySet())))
        .forEach(
            (subject, current) -> {
              if (current.generation() < Objects.requireNonNull(noted.get(subject))) {
                unsettled.add(subject);
              }
            });
  }

  /**
   * Makes the journal say again what the database says of those whose change failed, or whose
   * commit has an unknown outcome. Costs nothing while there are none.
   */
  void settle(Database database) {
    for (SubjectId subject : List.copyOf(unsettled)) {
      settle(database, subject);
    }
  }

  private void settle(Database database, SubjectId subject) {
    // Before it is looked at, so that what fails meanwhile is looked at again.
    unsettled.remove(subject);
    boolean settled = false;
    try {
      database.change(
          tx -> {
            wrappedKeys.hold(tx, subject).ifPresent(current -> keys.follow(subject, current));
            return subject;
          });
      settled = true;
    } finally {
      if (!settled) {
        unsettled.add(subject);
      }
    }
  }
}
