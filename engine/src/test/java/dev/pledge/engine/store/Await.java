package dev.pledge.engine.store;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for what must come true by itself. */
public final class Await {
  private static final long LONGEST = Duration.ofSeconds(30).toNanos();

  private Await() {}

  /** Returns once the condition holds. */
  public static void until(BooleanSupplier condition) throws InterruptedException {
    long start = System.nanoTime();
    CountDownLatch never = new CountDownLatch(1);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > LONGEST) {
        throw new AssertionError("it did not come true in time");
      }
      never.await(10, TimeUnit.MILLISECONDS);
    }
  }
}
