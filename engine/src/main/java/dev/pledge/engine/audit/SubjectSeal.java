package dev.pledge.engine.audit;

import java.util.UUID;

/**
 * What a data subject's key does for an entry about that person, and for the person's history.
 * Called on the thread that hands the entry in, before it is queued, and never afterwards, and on
 * the thread that asks for the history.
 */
public interface SubjectSeal {
  /** HMAC-SHA-256 of the nonce under the person's mark key: 32 bytes. */
  byte[] mark(byte[] nonce);

  /**
   * Seals the detail so that it opens with the person's key for this entry only; at most {@link
   * dev.pledge.log.Detail#PADDING} bytes longer than the detail.
   */
  byte[] seal(UUID entry, byte[] detail);

  /**
   * Where something stands in the person's history, given its order there: by an amount further on
   * that is the person's own, and not to be told without the key.
   *
   * @param order from 0 to 2⁶²
   */
  long historyPlace(long order);

  /** Seals a line of the person's history for its place. */
  byte[] sealLine(long place, byte[] line);

  /**
   * Opens a line; throws an unchecked exception if it was altered, or is of another place or
   * person.
   */
  byte[] openLine(long place, byte[] sealed);
}
