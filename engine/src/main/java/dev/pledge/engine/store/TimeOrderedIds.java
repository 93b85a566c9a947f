package dev.pledge.engine.store;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;

/**
 * Makes UUIDs, of version 7 unless another is asked for (RFC 9562 §5.7, method 1 of §6.2): 48 bits
 * of milliseconds, a counter of 12 bits, 62 random bits.
 *
 * <p>Each id that {@link #next} gives of one instance is greater than the one before it, compared
 * as bytes, also when the clock stands still or goes back. Ids of several nodes are ordered as well
 * as their clocks agree. An id tells when it was made; it is not a secret. Safe for use by many
 * threads.
 */
public final class TimeOrderedIds {
  private static final int COUNTER_LIMIT = 1 << 12;
  private static final long LATEST = (1L << 48) - 1;

  private final InstantSource clock;
  private final SecureRandom random;

  // Guarded by this.
  private long lastMillis;
  private int counter;

  /** Ids by the given clock, which may go back but not before 1970. */
  public TimeOrderedIds(InstantSource clock, SecureRandom random) {
    this.clock = clock;
    this.random = random;
  }

  /** The next id. */
  public UUID next() {
    long tail = (random.nextLong() >>> 2) | Long.MIN_VALUE;
    return new UUID(nextHead(), tail);
  }

  /**
   * An id of version 7 that tells the second it was made in and no more: those of one second are in
   * no order.
   */
  public UUID nextOfSecond() {
    long millis = Math.floorDiv(clock.millis(), 1000L) * 1000;
    long tail = (random.nextLong() >>> 2) | Long.MIN_VALUE;
    return new UUID((millis << 16) | 0x7000 | random.nextInt(COUNTER_LIMIT), tail);
  }

  /** An id of version 4, which tells nothing. */
  public UUID unordered() {
    long head = (random.nextLong() & ~0xf000L) | 0x4000;
    return new UUID(head, (random.nextLong() >>> 2) | Long.MIN_VALUE);
  }

  /** No id made then or later is smaller, and none made before is larger. */
  public static UUID firstOf(Instant time) {
    long millis = Math.clamp(time.toEpochMilli(), 0, LATEST);
    return new UUID((millis << 16) | 0x7000, Long.MIN_VALUE);
  }

  /** When an id was made, by the clock of whoever made it, to the millisecond. */
  public static Instant timeOf(UUID id) {
    return Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16);
  }

  private synchronized long nextHead() {
    long now = clock.millis();
    if (now > lastMillis) {
      lastMillis = now;
      // Half the range is left to count in.
      counter = random.nextInt(COUNTER_LIMIT / 2);
    } else if (++counter == COUNTER_LIMIT) {
      lastMillis++;
      counter = 0;
    }
    return (lastMillis << 16) | 0x7000 | counter;
  }
}
