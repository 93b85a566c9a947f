package dev.pledge.engine.gate;

import dev.pledge.engine.audit.Overloaded;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The memory that the values of series take from when they are fetched until their answer is used:
 * all reads together have a quarter of the heap. What is fetched is not known beforehand, so a read
 * takes room for the most it can be and gives back what it did not need. Safe for all threads.
 */
final class Room {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final int KIBI = 1024;

  /** Lines of a log and other values of series are not longer than this, sealed. */
  private static final int LARGEST_VALUE = 5 * KIBI;

  /** What a sealed byte becomes: opened, as text, as a tree, masked, and written as JSON. */
  private static final int UNPACKED = 8;

  private final Duration patience;
  private final int all;
  private final Semaphore free;

  /** Room of so many bytes, for which a read waits so long. */
  Room(long bytes, Duration patience) {
    this.patience = patience;
    this.all = (int) Math.min(bytes / KIBI, Integer.MAX_VALUE);
    this.free = new Semaphore(all);
  }

  /** A quarter of the heap. */
  static Room ofThisProcess() {
    return new Room(Runtime.getRuntime().maxMemory() / 4, PATIENCE);
  }

  /** Room that is held until it is closed. Not safe for threads. */
  final class Held implements AutoCloseable {
    private int kibis;

    private Held(int kibis) {
      this.kibis = kibis;
    }

    /**
     * Holds what {@code sealed} bytes of fetched values need.
     *
     * @throws Overloaded if that is more than was held and there is no more
     */
    void resizeFor(long sealed) {
      int needed = (int) Math.min(kibis(sealed * UNPACKED), Integer.MAX_VALUE);
      if (needed <= kibis) {
        free.release(kibis - needed);
      } else if (!free.tryAcquire(needed - kibis)) {
        throw new Overloaded("there is no room for values so large now");
      }
      kibis = needed;
    }

    @Override
    public void close() {
      free.release(kibis);
      kibis = 0;
    }
  }

  /**
   * Takes room for so many values of series, all there is if that is less, waiting for it a moment.
   *
   * @throws Overloaded if there is none
   */
  Held take(int values) {
    int kibis = (int) Math.min(kibis((long) values * LARGEST_VALUE * UNPACKED), all);
    try {
      if (!free.tryAcquire(kibis, patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new Overloaded("there is no room for so many values now");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Overloaded("interrupted while waiting for room");
    }
    return new Held(kibis);
  }

  private static long kibis(long bytes) {
    return (bytes + KIBI - 1) / KIBI;
  }
}
