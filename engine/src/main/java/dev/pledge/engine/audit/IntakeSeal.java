package dev.pledge.engine.audit;

import java.util.UUID;

/** Seals entries while they lie in the database, under the intake key of an epoch. */
public interface IntakeSeal {
  /** Seals the payload for this entry under the current epoch. */
  Sealed seal(UUID entry, byte[] payload);

  /**
   * Opens what {@link #seal} sealed; throws an unchecked exception if it was altered, belongs to
   * another entry, or the epoch is gone.
   */
  byte[] open(UUID entry, Sealed sealed);

  /** A sealed payload and the epoch whose key opens it. */
  @SuppressWarnings("ArrayRecordComponent") // Handed from one place to the next, never compared.
  record Sealed(int epoch, byte[] bytes) {}
}
