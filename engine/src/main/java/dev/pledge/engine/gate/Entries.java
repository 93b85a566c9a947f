package dev.pledge.engine.gate;

import dev.pledge.engine.audit.Audit;
import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.keys.SubjectKey;
import dev.pledge.engine.store.Ids;
import dev.pledge.engine.store.Transaction;
import dev.pledge.log.ByteString;
import dev.pledge.log.Detail;
import dev.pledge.log.Entry;
import dev.pledge.log.Facts;
import dev.pledge.policy.names.SubjectId;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.UUID;

/** Makes log entries of facts and appends them, marked and sealed with the key of whom they are about. */
final class Entries {
  private final Audit audit;
  private final Ids ids;
  private final SecureRandom random;

  Entries(Audit audit, Ids ids, SecureRandom random) {
    this.audit = audit;
    this.ids = ids;
    this.random = random;
  }

  /** An entry about a person. */
  Entry about(SubjectKey key, Facts facts, Detail detail) {
    return about(ids.next(), key, facts, detail);
  }

  /** An entry about a person under an id that was given out before. */
  Entry about(UUID id, SubjectKey key, Facts facts, Detail detail) {
    byte[] nonce = nonce();
    return new Entry(
        id,
        ByteString.of(nonce),
        Optional.of(ByteString.of(key.subjectMark(nonce))),
        facts,
        ByteString.of(key.sealDetail(id, detail.encode())));
  }

  /** An entry about nobody: an unknown or erased id, or no person at all. */
  Entry aboutNobody(Facts facts) {
    return new Entry(ids.next(), ByteString.of(nonce()), Optional.empty(), facts, ByteString.EMPTY);
  }

  private byte[] nonce() {
    byte[] nonce = new byte[Entry.NONCE_SIZE];
    random.nextBytes(nonce);
    return nonce;
  }

  UUID nextId() {
    return ids.next();
  }

  /** Appends in the transaction of a change to a person. */
  Receipt append(Transaction tx, Person person, Entry entry) {
    return append(tx, person.intakeKey(), person.subject(), entry);
  }

  Receipt append(Transaction tx, UUID intakeKey, SubjectId subject, Entry entry) {
    return audit.append(tx, intakeKey, Optional.of(subject), entry);
  }

  /** Appends in a transaction, about nobody. */
  Receipt append(Transaction tx, Entry entry) {
    return audit.append(tx, ids.next(), Optional.empty(), entry);
  }

  /** Appends durably, together with whatever else is appended now. */
  Receipt append(Entry entry, Optional<SubjectId> subject) {
    return audit.append(entry, subject);
  }
}
