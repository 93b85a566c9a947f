package dev.pledge.engine.watch;

import dev.pledge.engine.audit.Place;
import dev.pledge.engine.audit.Recorded;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * From which position on entries of a log have to be read again so that the rules know what they
 * knew: as far as the longest rule looks back, and at most {@value #MOST} entries of all logs.
 * Remembers one position a minute.
 */
final class Lookback {
  static final long MOST = 1_000_000;
  private static final Duration STEP = Duration.ofMinutes(1);

  /** That entries since {@code at} begin at {@code position}. */
  private record Step(Instant at, long position) {}

  private final Duration length;
  private final long most;
  private final Deque<Step> steps = new ArrayDeque<>();

  /** Of one log of so many. */
  Lookback(Duration length, int logs) {
    this.length = length.plus(STEP);
    this.most = MOST / logs;
  }

  void see(Recorded entry) {
    Instant at = entry.entry().facts().at();
    if (steps.isEmpty() || isApart(steps.getLast().at(), at, STEP)) {
      steps.add(new Step(at, Place.of(entry).position()));
    }
    while (isApart(steps.getFirst().at(), at, length) && steps.size() > 1) {
      steps.remove();
    }
  }

  /** The position to read from, before {@code next} is looked at. */
  long from(long next) {
    long oldest = steps.isEmpty() ? next : steps.getFirst().position();
    return Math.max(oldest, next - most);
  }

  private static boolean isApart(Instant earlier, Instant later, Duration by) {
    return Duration.between(earlier, later).abs().compareTo(by) >= 0;
  }
}
