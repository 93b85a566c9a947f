package dev.pledge.engine.gate;

import dev.pledge.engine.audit.Audit;
import dev.pledge.engine.audit.Draft;
import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.audit.SubjectSeal;
import dev.pledge.engine.keys.SubjectKey;
import dev.pledge.engine.store.Transaction;
import dev.pledge.log.Detail;
import dev.pledge.log.Facts;
import java.util.UUID;

/** Enters facts in the log, marked and sealed with the key of the person they are about. */
public final class Entries {
  private final Audit audit;

  /** Entries of {@code audit}. */
  public Entries(Audit audit) {
    this.audit = audit;
  }

  /** Enters what changes nothing about a person; durable when it returns. */
  Receipt record(SubjectKey key, Facts facts, Detail detail) {
    return audit.record(Draft.about(key.subject(), seal(key), facts, detail));
  }

  /** Enters what concerns nobody, or nobody known; durable when it returns. */
  public Receipt recordAboutNobody(Facts facts) {
    return audit.record(Draft.aboutNobody(facts));
  }

  /** Enters a change to a person in its transaction. */
  public Receipt append(Transaction tx, SubjectKey key, Facts facts, Detail detail) {
    return audit.append(tx, Draft.about(key.subject(), seal(key), facts, detail));
  }

  /** Enters in a transaction what concerns nobody, or nobody known. */
  public Receipt appendAboutNobody(Transaction tx, Facts facts) {
    return audit.append(tx, Draft.aboutNobody(facts));
  }

  /** What the key does for entries and for the history of the person. */
  static SubjectSeal seal(SubjectKey key) {
    return new SubjectSeal() {
      @Override
      public byte[] mark(byte[] nonce) {
        return key.subjectMark(nonce);
      }

      @Override
      public byte[] seal(UUID entry, byte[] detail) {
        return key.sealDetail(entry, detail);
      }

      @Override
      public long historyPlace(long order) {
        return key.historyPlace(order);
      }

      @Override
      public byte[] sealLine(long place, byte[] line) {
        return key.sealHistoryLine(place, line);
      }

      @Override
      public byte[] openLine(long place, byte[] sealed) {
        return key.openHistoryLine(place, sealed);
      }
    };
  }
}
