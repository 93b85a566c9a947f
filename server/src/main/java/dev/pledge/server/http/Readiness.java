package dev.pledge.server.http;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the server can work, as of at most a second ago. However many ask, one probe runs at a
 * time; who asks waits for it a second at most, and takes no answer for a no. What is in the way is
 * on the log before anybody is told no, once for as long as it stays. Safe for all threads.
 */
final class Readiness {
  /** What is in the way when the database is, also when it says nothing at all. */
  static final String NO_DATABASE = "the database does not answer";

  private static final String BROKEN = "whether the server can work could not be found out";
  private static final Logger LOG = LoggerFactory.getLogger(Readiness.class);
  private static final Duration FRESH = Duration.ofSeconds(1);

  private final Probe probe;
  private final LongSupplier nanoTime;

  // Guarded by this. The last probe, which may be at work, and when its result came.
  private CompletableFuture<Optional<String>> last =
      CompletableFuture.completedFuture(Optional.of(BROKEN));
  private long until;

  // Guarded by this. What was in the way when the log was told last.
  private Optional<String> logged = Optional.empty();

  Readiness(Probe probe, LongSupplier nanoTime) {
    this.probe = probe;
    this.nanoTime = nanoTime;
    this.until = nanoTime.getAsLong();
  }

  /** Looks whether the server can work. */
  @FunctionalInterface
  interface Probe {
    /** What is in the way, in words for the log; empty if nothing is. */
    Optional<String> obstacle();
  }

  boolean now() {
    try {
      Optional<String> obstacle = obstacle();
      log(obstacle);
      return obstacle.isEmpty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Optional<String> obstacle() throws InterruptedException {
    try {
      return current().get(FRESH.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return Optional.of(NO_DATABASE);
    } catch (ExecutionException e) {
      return Optional.of(BROKEN);
    }
  }

  private synchronized void log(Optional<String> obstacle) {
    if (!obstacle.equals(logged)) {
      logged = obstacle;
      obstacle.ifPresentOrElse(
          what -> LOG.warn("the server cannot work now: {}", what),
          () -> LOG.info("the server can work again"));
    }
  }

  private synchronized CompletableFuture<Optional<String>> current() {
    if (last.isDone() && nanoTime.getAsLong() - until >= 0) {
      CompletableFuture<Optional<String>> next = new CompletableFuture<>();
      last = next;
      Thread.ofVirtual().name("readiness").start(() -> probe(next));
    }
    return last;
  }

  private void probe(CompletableFuture<Optional<String>> next) {
    Optional<String> obstacle = Optional.of(BROKEN);
    try {
      obstacle = probe.obstacle();
    } finally {
      synchronized (this) {
        until = nanoTime.getAsLong() + FRESH.toNanos();
      }
      next.complete(obstacle);
    }
  }
}
