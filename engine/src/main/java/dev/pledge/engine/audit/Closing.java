package dev.pledge.engine.audit;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Tells threads that work again and again to end. Safe for use by many threads. */
final class Closing {
  private final CountDownLatch begun = new CountDownLatch(1);

  /** From now on it has begun. */
  void begin() {
    begun.countDown();
  }

  boolean hasBegun() {
    return begun.getCount() == 0;
  }

  /** Pauses; whether it begins meanwhile, or had before, or the thread is interrupted. */
  boolean beginsWithin(Duration pause) {
    try {
      return begun.await(pause.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      return true;
    }
  }

  /** Runs it when the thread has ended, and no sooner if this one is interrupted meanwhile. */
  static void after(Thread thread, Runnable last) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    last.run();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
