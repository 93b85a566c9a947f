package dev.pledge.engine.watch;

import dev.pledge.engine.audit.Place;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.LinkedHashMap;

/**
 * How much each actor did of late. The window moves in tenths of its length, so it holds between
 * nine tenths and the whole of it. An entry that comes late counts where it belongs. One that is
 * older than the whole window shows that a clock was set back, and the actor's count begins anew.
 *
 * <p>Remembers {@value #MOST} actors: whoever has done nothing for the longest is forgotten for one
 * more, so nobody slips away by being slow unless that many others act in between.
 */
final class Windows {
  static final int MOST = 4_096;
  private static final int PARTS = 10;

  private final long part;
  private long added;
  private final LinkedHashMap<String, Ring> actors = new LinkedHashMap<>(16, 0.75f, true);

  Windows(Duration window) {
    this.part =
        Math.max(1, ChronoUnit.MICROS.between(Instant.EPOCH, Instant.EPOCH.plus(window)) / PARTS);
  }

  /**
   * What an actor did within the window.
   *
   * @param first where the first entry of it is, in the order in which they were seen
   */
  record Sum(long count, Place first) {}

  /** Adds to what the actor did, and sums it up. */
  Sum add(String actor, Instant at, Place place, long more) {
    Ring ring = actors.computeIfAbsent(actor, _ -> new Ring());
    if (actors.size() > MOST) {
      actors.pollFirstEntry();
    }
    ring.add(ChronoUnit.MICROS.between(Instant.EPOCH, at) / part, place, more, added++);
    return ring.sum(place);
  }

  int size() {
    return actors.size();
  }

  /** The tenths of one window, each in the place of the one that has passed. */
  private static final class Ring {
    private final long[] numbers = new long[PARTS];
    private final long[] counts = new long[PARTS];
    private final Place[] firsts = new Place[PARTS];
    private final long[] seen = new long[PARTS];
    private long newest;

    void add(long number, Place place, long more, long nth) {
      boolean setBack = number <= newest - PARTS;
      newest = setBack ? number : Math.max(newest, number);
      if (setBack) {
        Arrays.fill(counts, 0);
      }
      if (more == 0) {
        return;
      }
      int at = (int) (number % PARTS);
      if (numbers[at] != number) {
        numbers[at] = number;
        counts[at] = 0;
        firsts[at] = place;
        seen[at] = nth;
      }
      counts[at] += more;
    }

    Sum sum(Place last) {
      long count = 0;
      Place first = last;
      long earliest = Long.MAX_VALUE;
      for (int i = 0; i < PARTS; i++) {
        if (counts[i] > 0 && numbers[i] > newest - PARTS) {
          count += counts[i];
          if (seen[i] < earliest) {
            earliest = seen[i];
            first = firsts[i];
          }
        }
      }
      return new Sum(count, first);
    }
  }
}
