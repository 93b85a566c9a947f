package dev.pledge.engine.keys;

import java.time.Duration;
import java.util.Optional;

/**
 * How long keys live, as the operator has stated it. The server changes the epoch by it.
 *
 * @param epochLife from an epoch's beginning to the next one's
 * @param grace from then to the end of the older epoch's keys
 * @param oldestKeyBackup how old copies of the key store ever get; empty where nobody has stated
 *     it, and then no day is promised
 */
public record KeySchedule(Duration epochLife, Duration grace, Optional<Duration> oldestKeyBackup) {
  /** What is done a second at most by a change that nobody asked for. */
  static final int USUAL_RATE = 5_000;

  /** Throws {@link IllegalArgumentException} if changes would overlap, or keys end too early. */
  public KeySchedule {
    if (grace.compareTo(Rotations.LEAST) < 0) {
      throw new IllegalArgumentException("the keys of an older epoch live for 25 hours or longer");
    }
    if (epochLife.compareTo(grace.plusDays(1)) < 0) {
      throw new IllegalArgumentException(
          "an epoch lives a day longer than the keys of the one before at least, so that one change"
              + " ends before the next begins");
    }
    if (oldestKeyBackup.filter(Duration::isNegative).isPresent()) {
      throw new IllegalArgumentException("copies of the key store are not of less than no age");
    }
  }
}
