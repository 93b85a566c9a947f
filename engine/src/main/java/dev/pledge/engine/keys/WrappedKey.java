package dev.pledge.engine.keys;

import java.util.Arrays;

/**
 * A subject's key as it lies in the database: sealed under an epoch's wrap key and bound to its
 * deployment, subject, generation and epoch. Without that epoch it opens nothing; removing it
 * forgets the person.
 *
 * <p>Epochs and generations count from 1.
 */
public final class WrappedKey {
  private static final int LEAST_BYTES = Secret.KEY_BYTES + Envelope.OVERHEAD;
  private static final int MOST_BYTES = 1 << 20;

  private final int epoch;
  private final int generation;
  private final byte[] bytes;

  /**
   * @throws IllegalArgumentException if epoch or generation is under 1, or {@code bytes} cannot be
   *     a wrapped key
   */
  public WrappedKey(int epoch, int generation, byte[] bytes) {
    if (epoch < 1 || generation < 1) {
      throw new IllegalArgumentException("epochs and generations count from 1");
    }
    if (bytes.length < LEAST_BYTES || bytes.length > MOST_BYTES) {
      throw new IllegalArgumentException(
          "a wrapped key has " + LEAST_BYTES + " to " + MOST_BYTES + " bytes");
    }
    this.epoch = epoch;
    this.generation = generation;
    this.bytes = bytes.clone();
  }

  /** The epoch whose key it is sealed under. */
  public int epoch() {
    return epoch;
  }

  /**
   * Which of the subject's keys it is: a new one replaces the last when parts of the data must be
   * unreadable.
   */
  public int generation() {
    return generation;
  }

  /** A copy of the sealed bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WrappedKey that
        && epoch == that.epoch
        && generation == that.generation
        && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "[redacted]";
  }
}
