package dev.pledge.engine.keys;

import dev.pledge.engine.audit.IntakeSeal;
import java.util.Arrays;
import java.util.UUID;

/**
 * Seals what the log has in the database with the intake keys of epochs.
 *
 * <p>Each entry has a key of its own, derived from the epoch's: one key for all would reach the
 * bound on random nonces (2³¹) within a day of busy reading.
 *
 * <p>Safe for use by many threads. Prints as {@code [redacted]}.
 */
final class IntakeKeys implements IntakeSeal {
  private final UUID deployment;
  private final Epochs epochs;
  private final Primitives primitives;

  IntakeKeys(UUID deployment, Epochs epochs, Primitives primitives) {
    this.deployment = deployment;
    this.epochs = epochs;
    this.primitives = primitives;
  }

  @Override
  public void requireUsable() {
    epochs.requireUsable();
  }

  @Override
  public Sealed seal(UUID entry, byte[] payload) {
    int epoch = epochs.current();
    byte[] place = place(epoch, entry);
    try (Secret ofEntry = key(epoch, place)) {
      return new Sealed(epoch, primitives.envelope().seal(ofEntry, place, payload));
    }
  }

  /**
   * Opens the payload of the entry.
   *
   * @throws UnsealException if it was altered, or sealed for another entry, epoch or deployment, or
   *     of an epoch whose intake key is no more
   */
  @Override
  public byte[] open(UUID entry, Sealed sealed) {
    byte[] place = place(sealed.epoch(), entry);
    try (Secret ofEntry = key(sealed.epoch(), place)) {
      return primitives.envelope().open(ofEntry, place, sealed.bytes(), "a log entry's payload");
    }
  }

  @Override
  public SealedTile sealTile(String log, long index, byte[] entries) {
    int epoch = epochs.current();
    byte[] place = place(log, index);
    try (Secret ofEpoch = key(epoch, place);
        Secret own = Secret.random(primitives.random())) {
      byte[] bare = own.copy();
      try {
        return new SealedTile(
            epoch,
            primitives.envelope().seal(ofEpoch, place, bare),
            primitives.envelope().seal(own, place, entries));
      } finally {
        Arrays.fill(bare, (byte) 0);
      }
    }
  }

  @Override
  public SealedTile rewrapTile(String log, long index, SealedTile sealed) {
    int epoch = epochs.current();
    byte[] place = place(log, index);
    try (Secret before = key(sealed.epoch(), place);
        Secret now = key(epoch, place);
        Secret own =
            Secret.owning(primitives.envelope().open(before, place, sealed.wrapped(), "its key"))) {
      byte[] bare = own.copy();
      try {
        return new SealedTile(epoch, primitives.envelope().seal(now, place, bare), sealed.bytes());
      } finally {
        Arrays.fill(bare, (byte) 0);
      }
    }
  }

  /**
   * Opens the entries of a tile.
   *
   * @throws UnsealException if they or their key were altered, or sealed for another tile, log,
   *     epoch or deployment, or of an epoch whose intake key is no more
   */
  @Override
  public byte[] openTile(String log, long index, SealedTile sealed) {
    byte[] place = place(log, index);
    try (Secret ofEpoch = key(sealed.epoch(), place);
        Secret own =
            Secret.owning(
                primitives.envelope().open(ofEpoch, place, sealed.wrapped(), "its key"))) {
      return primitives.envelope().open(own, place, sealed.bytes(), "entries of the log");
    }
  }

  private Secret key(int epoch, byte[] place) {
    return primitives.hkdf().expand(epochs.intakeKey(epoch), place);
  }

  @Override
  public String toString() {
    return "[redacted]";
  }

  private byte[] place(int epoch, UUID entry) {
    return Framed.of("pledge/intake/v1").add(deployment).add(epoch).add(entry).bytes();
  }

  private byte[] place(String log, long index) {
    return Framed.of("pledge/archive/v1").add(deployment).add(log).add(index).bytes();
  }
}
