package dev.pledge.engine.gate;

import dev.pledge.engine.audit.OwnEntries;
import dev.pledge.engine.audit.Receipt;
import dev.pledge.log.MarkKey;

/**
 * All entries of a log about a person, with what shows an outsider that the log has them, and
 * signed that these are all (V.1).
 */
public sealed interface ProvenHistory {

  /** Takes what is handed over. */
  interface Taker {
    /**
     * What it begins with.
     *
     * @param checkpoint the signed note that all proofs lead to
     * @param key of the marks by which the person finds their entries
     */
    void begin(byte[] checkpoint, MarkKey key);

    /**
     * The next entry, in the order of positions.
     *
     * @param checkable whether the key makes its mark
     */
    void entry(OwnEntries.Included entry, boolean checkable);
  }

  /**
   * All of it was handed over.
   *
   * @param count how many entries
   * @param statement the signed note whose text is a {@link dev.pledge.log.Statement}
   */
  record Stated(long count, String statement, Receipt receipt) implements ProvenHistory {}

  /** No checkpoint can be shown yet; nothing was handed over. */
  record NotYet(Receipt receipt) implements ProvenHistory {}

  /** There is no such person, or no longer. */
  record Unknown(Receipt receipt) implements ProvenHistory {}
}
