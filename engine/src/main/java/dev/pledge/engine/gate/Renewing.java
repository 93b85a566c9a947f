package dev.pledge.engine.gate;

import dev.pledge.engine.keys.Part;
import dev.pledge.engine.keys.SubjectKey;
import dev.pledge.engine.keys.SubjectKeys;
import dev.pledge.engine.keys.SubjectKeys.Renewal;
import dev.pledge.engine.keys.WrappedKey;
import dev.pledge.engine.keys.WrappedKeys;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.Transaction;
import dev.pledge.policy.names.SubjectId;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
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
  private final SubjectKeys keys;
  private final WrappedKeys wrappedKeys;

  /** Those whose next key is in the journal and may not be in the database. */
  private final Set<SubjectId> unsettled = ConcurrentHashMap.newKeySet();

  Renewing(SubjectKeys keys, WrappedKeys wrappedKeys) {
    this.keys = keys;
    this.wrappedKeys = wrappedKeys;
  }

  /**
   * Forgets the parts when the transaction commits. From here on {@code key} seals them anew, and
   * opens nothing of them that was sealed before.
   */
  void forget(Transaction tx, SubjectKey key, Collection<Part> parts) {
    if (parts.isEmpty()) {
      return;
    }
    SubjectId subject = key.subject();
    WrappedKey current = wrappedKeys.hold(tx, subject).orElseThrow();
    tx.unlessCommitted(() -> unsettled.add(subject));
    wrappedKeys.replace(tx, subject, keys.renew(key, current, parts));
  }

  /** The same for several people, none twice, with one write to the journal. */
  void forget(Transaction tx, Map<SubjectKey, Set<Part>> parts) throws SQLException {
    if (parts.isEmpty()) {
      return;
    }
    List<SubjectId> subjects = parts.keySet().stream().map(SubjectKey::subject).toList();
    Map<SubjectId, WrappedKey> held = wrappedKeys.hold(tx, subjects);
    List<Renewal> renewals = new ArrayList<>();
    parts.forEach(
        (key, gone) ->
            renewals.add(new Renewal(key, Objects.requireNonNull(held.get(key.subject())), gone)));
    tx.unlessCommitted(() -> unsettled.addAll(subjects));
    wrappedKeys.replace(tx, keys.renew(renewals));
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
