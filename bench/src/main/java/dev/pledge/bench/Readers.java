package dev.pledge.bench;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;

/**
 * Reads by sixteen at once, without a pause, of all people in turn: how many there are a second.
 */
final class Readers {
  private static final int READERS = 16;
  private static final Duration ALONE = Duration.ofSeconds(10);

  private Readers() {}

  /** With nothing beside them, for ten seconds. */
  static double alone(Reads reads, People people) {
    long start = System.nanoTime();
    return reads(reads, people, () -> System.nanoTime() - start >= ALONE.toNanos(), () -> {});
  }

  /** As long as {@code work} goes on beside them. */
  static double beside(Reads reads, People people, Runnable work) {
    AtomicBoolean done = new AtomicBoolean();
    return reads(
        reads,
        people,
        done::get,
        () -> {
          try {
            work.run();
          } finally {
            done.set(true);
          }
        });
  }

  private static double reads(Reads reads, People people, BooleanSupplier done, Runnable work) {
    LongAdder count = new LongAdder();
    long start = System.nanoTime();
    try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int reader = 0; reader < READERS; reader++) {
        int first = reader * (people.count() / READERS);
        var _ =
            readers.submit(
                () -> {
                  for (int i = first; !done.getAsBoolean(); i++) {
                    reads.governed(i % people.count());
                    count.increment();
                  }
                });
      }
      work.run();
    }
    return count.sum() / ((System.nanoTime() - start) / 1e9);
  }
}
