package dev.pledge.engine.gate;

import dev.pledge.engine.audit.Audit;
import dev.pledge.engine.audit.Draft;
import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.audit.SubjectSeal;
import dev.pledge.engine.keys.SubjectKey;
import dev.pledge.engine.store.Transaction;
import dev.pledge.log.Detail;
import dev.pledge.log.Facts;
import dev.pledge.policy.decision.Policies;
import dev.pledge.policy.decision.Policy.TellPerson;
import java.util.List;
import java.util.UUID;

/**
 * Enters facts in the log, marked and sealed with the key of the person they are about. What the
 * person may not be told of at once has a mark that the key they are given does not find (II.I.7).
 */
public final class Entries {
  private final Audit audit;
  private final Policies policies;

  /** Entries of {@code audit}, of what {@code policies} decided. */
  public Entries(Audit audit, Policies policies) {
    this.audit = audit;
    this.policies = policies;
  }

  /** Enters what changes nothing about a person; durable when it returns. */
  Receipt record(SubjectKey key, Facts facts, Detail detail) {
    return audit.record(Draft.about(key.subject(), seal(key, facts), facts, detail));
  }

  /** Enters what concerns nobody, or nobody known; durable when it returns. */
  public Receipt recordAboutNobody(Facts facts) {
    return audit.record(Draft.aboutNobody(facts));
  }

  /** Enters a change to a person in its transaction. */
  public Receipt append(Transaction tx, SubjectKey key, Facts facts, Detail detail) {
    return audit.append(tx, Draft.about(key.subject(), seal(key, facts), facts, detail));
  }

  /** What is to be entered about a person whose key is at hand. */
  record About(SubjectKey key, Facts facts, Detail detail) {}

  /** Enters changes to many people in the transaction that makes them. */
  void appendAll(Transaction tx, List<About> entries) {
    audit.appendAll(
        tx,
        entries.stream()
            .map(
                entry ->
                    Draft.about(
                        entry.key.subject(),
                        seal(entry.key, entry.facts),
                        entry.facts,
                        entry.detail))
            .toList());
  }

  /** Enters in a transaction what concerns nobody, or nobody known. */
  public Receipt appendAboutNobody(Transaction tx, Facts facts) {
    return audit.append(tx, Draft.aboutNobody(facts));
  }

  private SubjectSeal seal(SubjectKey key, Facts facts) {
    return new KeySeal(key, Discretion.tells(policies, facts) == TellPerson.AT_ONCE);
  }

  /** What the key does for the history of the person. */
  static SubjectSeal ofHistory(SubjectKey key) {
    return new KeySeal(key, true);
  }

  /**
   * What a person's key does.
   *
   * @param told whether the person may be told of the entry at once
   */
  private record KeySeal(SubjectKey key, boolean told) implements SubjectSeal {
    @Override
    public byte[] mark(byte[] nonce) {
      return told ? key.subjectMark(nonce) : key.untoldMark(nonce);
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
  }
}
