package dev.pledge.engine.audit;

import java.util.UUID;

/**
 * What a data subject's key does for an entry about that person. Called on the thread that hands
 * the entry in, before it is queued, and never afterwards.
 */
public interface SubjectSeal {
  /** HMAC-SHA-256 of the nonce under the person's mark key: 32 bytes. */
  byte[] mark(byte[] nonce);

  /**
   * Seals the detail so that it opens with the person's key for this entry only; at most {@link
   * dev.pledge.log.Detail#PADDING} bytes longer than the detail.
   */
  byte[] seal(UUID entry, byte[] detail);
}
