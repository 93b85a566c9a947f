package dev.pledge.engine.keys;

import java.util.Arrays;
import java.util.UUID;

/**
 * The key of an epoch that log entries' payloads are sealed under while they wait in the database.
 *
 * <p>Each entry has a key of its own, derived from the epoch's: one key for all would reach the
 * bound on random nonces (2³¹) within a day of busy reading.
 *
 * <p>Safe for use by many threads. Prints as {@code [redacted]}.
 */
public final class IntakeKey {
  private final UUID deployment;
  private final int epoch;
  private final Secret key;
  private final Primitives primitives;

  IntakeKey(UUID deployment, int epoch, Secret key, Primitives primitives) {
    this.deployment = deployment;
    this.epoch = epoch;
    this.key = key;
    this.primitives = primitives;
  }

  /** The epoch it is of, to be stored beside what it sealed. */
  public int epoch() {
    return epoch;
  }

  /** Seals the payload of the entry. */
  public byte[] seal(UUID entry, byte[] payload) {
    byte[] place = place(entry);
    try (Secret ofEntry = primitives.hkdf().expand(key, place)) {
      return primitives.envelope().seal(ofEntry, place, payload);
    }
  }

  /**
   * Opens the payload of the entry.
   *
   * @throws UnsealException if it was altered, or sealed for another entry, epoch or deployment
   */
  public byte[] open(UUID entry, byte[] sealed) {
    byte[] place = place(entry);
    try (Secret ofEntry = primitives.hkdf().expand(key, place)) {
      return primitives.envelope().open(ofEntry, place, sealed, "a log entry's payload");
    }
  }

  /**
   * A key of its own, sealed under the epoch's, and what is sealed with it.
   *
   * @param wrapped the key
   */
  @SuppressWarnings("ArrayRecordComponent") // Handed from one place to the next, never compared.
  public record SealedTile(byte[] wrapped, byte[] bytes) {}

  /** Seals the entries of a tile of the log. */
  public SealedTile sealTile(String log, long index, byte[] entries) {
    byte[] place = place(log, index);
    try (Secret ofEpoch = primitives.hkdf().expand(key, place);
        Secret own = Secret.random(primitives.random())) {
      byte[] bare = own.copy();
      try {
        return new SealedTile(
            primitives.envelope().seal(ofEpoch, place, bare),
            primitives.envelope().seal(own, place, entries));
      } finally {
        Arrays.fill(bare, (byte) 0);
      }
    }
  }

  /**
   * Opens the entries of a tile.
   *
   * @throws UnsealException if they or their key were altered, or sealed for another tile, log,
   *     epoch or deployment
   */
  public byte[] openTile(String log, long index, SealedTile sealed) {
    byte[] place = place(log, index);
    try (Secret ofEpoch = primitives.hkdf().expand(key, place);
        Secret own =
            Secret.owning(primitives.envelope().open(ofEpoch, place, sealed.wrapped, "its key"))) {
      return primitives.envelope().open(own, place, sealed.bytes, "entries of the log");
    }
  }

  @Override
  public String toString() {
    return "[redacted]";
  }

  private byte[] place(UUID entry) {
    return Framed.of("pledge/intake/v1").add(deployment).add(epoch).add(entry).bytes();
  }

  private byte[] place(String log, long index) {
    return Framed.of("pledge/archive/v1").add(deployment).add(log).add(index).bytes();
  }
}
