package dev.pledge.engine.gate;

import dev.pledge.engine.keys.KeyStore;
import dev.pledge.engine.keys.RequestPlace;
import dev.pledge.engine.keys.SubjectKey;
import dev.pledge.engine.keys.UnsealException;
import dev.pledge.engine.keys.WrappedKey;
import dev.pledge.engine.keys.WrappedKeys;
import dev.pledge.engine.request.Requests;
import dev.pledge.engine.request.RightsRequest;
import dev.pledge.engine.request.StoredDocument;
import dev.pledge.engine.store.Transaction;
import dev.pledge.engine.subject.Subjects;
import dev.pledge.engine.vault.Sealed;
import dev.pledge.engine.vault.Vault;
import dev.pledge.policy.names.SubjectId;
import java.util.List;
import java.util.Map;

/**
 * Fits restored data to the keys that people have now: what these do not open was corrected,
 * deleted or no longer kept since, and is removed. In the owner's name, since a hold on it has what
 * there was of it, or had.
 */
public final class Refitting {
  private static final List<String> HELD = List.of("datum", "observation");

  private final KeyStore keys;
  private final Vault vault;
  private final Subjects subjects;
  private final WrappedKeys rows = new WrappedKeys();
  private final Requests requests = new Requests();

  /** With what opens in {@code keys}. */
  public Refitting(KeyStore keys, Vault vault, Subjects subjects) {
    this.keys = keys;
    this.vault = vault;
    this.subjects = subjects;
  }

  /** Whether restored data have a later key of the person than the journal, and it opens. */
  public static boolean isNewer(
      KeyStore keys, SubjectId subject, WrappedKey stored, WrappedKey journals) {
    if (stored.generation() <= journals.generation()) {
      return false;
    }
    try {
      keys.subjectKeys().unwrap(subject, stored).close();
      return true;
    } catch (UnsealException closed) {
      return false;
    }
  }

  /**
   * Puts these keys in place, and removes of each person what theirs does not open; returns how
   * many values there were.
   */
  public int fit(Transaction tx, Map<SubjectId, WrappedKey> keysNow) {
    HELD.forEach(table -> setTriggers(tx, table, "disable"));
    int lost = 0;
    for (Map.Entry<SubjectId, WrappedKey> each : keysNow.entrySet()) {
      rows.restore(tx, each.getKey(), each.getValue());
      lost += fit(tx, each.getKey(), each.getValue());
    }
    HELD.forEach(table -> setTriggers(tx, table, "enable"));
    return lost;
  }

  private int fit(Transaction tx, SubjectId subject, WrappedKey now) {
    try (SubjectKey key = keys.subjectKeys().unwrap(subject, now)) {
      List<Sealed> closed =
          vault.stored(tx, subject).stream().filter(value -> !vault.opens(key, value)).toList();
      vault.delete(tx, closed);
      if (!AgeEvidence.opens(subjects.birth(tx.handle(), subject), subject, key)) {
        subjects.forgetBirth(tx, subject);
      }
      requests.of(tx.handle(), subject).forEach(request -> dropClosed(tx, key, request));
      return closed.size();
    }
  }

  /** Documents went with a decision that the older data do not know of. */
  private void dropClosed(Transaction tx, SubjectKey key, RightsRequest request) {
    for (StoredDocument stored : requests.documents(tx.handle(), request)) {
      RequestPlace place = RequestPlace.document(request.id(), stored.id());
      byte[] sealed = requests.document(tx.handle(), request, stored.id()).orElseThrow();
      try {
        var _ = key.openOfRequest(place, sealed);
      } catch (UnsealException forgotten) {
        requests.removeDocument(tx, request, stored.id());
      }
    }
  }

  private static void setTriggers(Transaction tx, String table, String what) {
    tx.handle().execute("alter table " + table + " " + what + " trigger require_set_aside_deleted");
  }
}
