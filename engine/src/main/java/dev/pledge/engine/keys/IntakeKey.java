package dev.pledge.engine.keys;

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

  @Override
  public String toString() {
    return "[redacted]";
  }

  private byte[] place(UUID entry) {
    return Framed.of("pledge/intake/v1").add(deployment).add(epoch).add(entry).bytes();
  }
}
