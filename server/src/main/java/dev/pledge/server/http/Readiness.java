package dev.pledge.server.http;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Whether the server can work, as of at most a second ago. However many ask, one probe runs at a
 * time; who asks waits for it a second at most, and takes no answer for a no. Safe for all threads.
 */
final class Readiness {
  private static final Duration FRESH = Duration.ofSeconds(1);

  private final BooleanSupplier probe;
  private final LongSupplier nanoTime;

  // Guarded by this. The last probe, which may be at work, and when its result came.
  private CompletableFuture<Boolean> last = CompletableFuture.completedFuture(false);
  private long until;

  Readiness(BooleanSupplier probe, LongSupplier nanoTime) {
    this.probe = probe;
    this.nanoTime = nanoTime;
    this.until = nanoTime.getAsLong();
  }

  boolean now() {
    try {
      return current().get(FRESH.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private synchronized CompletableFuture<Boolean> current() {
    if (last.isDone() && nanoTime.getAsLong() - until >= 0) {
      CompletableFuture<Boolean> next = new CompletableFuture<>();
      last = next;
      Thread.ofVirtual().name("readiness").start(() -> probe(next));
    }
    return last;
  }

  private void probe(CompletableFuture<Boolean> next) {
    boolean ready = false;
    try {
      ready = probe.getAsBoolean();
    } finally {
      synchronized (this) {
        until = nanoTime.getAsLong() + FRESH.toNanos();
      }
      next.complete(ready);
    }
  }
}
