package dev.pledge.engine.audit;

import java.util.UUID;

/**
 * Seals entries while they lie in the database, under the intake key of an epoch. While the keys
 * are locked, everything here throws {@link KeysUnavailable}.
 */
public interface IntakeSeal {
  /**
   * Passes if entries can be sealed now.
   *
   * @throws KeysUnavailable if not
   */
  default void requireUsable() {}

  /** Seals the payload for this entry under the current epoch. */
  Sealed seal(UUID entry, byte[] payload);

  /**
   * Opens what {@link #seal} sealed; throws an unchecked exception if it was altered, belongs to
   * another entry, or the epoch is gone.
   */
  byte[] open(UUID entry, Sealed sealed);

  /**
   * Seals the entries of a whole tile under a key of their own, which is sealed in turn under the
   * current epoch: a new epoch seals that again, and not the entries.
   *
   * @param index of the tile, which is of level 0
   */
  SealedTile sealTile(String log, long index, byte[] entries);

  /**
   * Seals the key of a tile's entries anew, under the current epoch; the entries stay as they are.
   */
  SealedTile rewrapTile(String log, long index, SealedTile sealed);

  /**
   * Opens what {@link #sealTile} sealed; throws an unchecked exception if it was altered, is of
   * another log or tile, or the epoch is gone.
   */
  byte[] openTile(String log, long index, SealedTile sealed);

  /** The sealed entries of a tile, the sealed key that opens them, and the epoch it is of. */
  @SuppressWarnings("ArrayRecordComponent") // Handed from one place to the next, never compared.
  record SealedTile(int epoch, byte[] wrapped, byte[] bytes) {}

  /** A sealed payload and the epoch whose key opens it. */
  @SuppressWarnings("ArrayRecordComponent") // Handed from one place to the next, never compared.
  record Sealed(int epoch, byte[] bytes) {}
}
