package dev.pledge.server.http;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Which calls are let in. A call without room is refused at once with 503 and is not queued: a
 * queue would only hold it until its caller has gone. Safe for all threads.
 */
final class Admission {
  private static final Duration SOON = Duration.ofSeconds(1);

  private final Map<Load, Semaphore> room = new EnumMap<>(Load.class);
  private final Map<Load, Integer> size = new EnumMap<>(Load.class);
  private final Semaphore bodyBytes;

  Admission(Limits limits) {
    size.put(Load.READ, limits.reads());
    size.put(Load.CHANGE, limits.changes());
    size.put(Load.STREAM, limits.streams());
    size.put(Load.PAGE, limits.pages());
    size.forEach((load, most) -> room.put(load, new Semaphore(most)));
    this.bodyBytes = new Semaphore(limits.bodyBytesTogether());
  }

  /** What a call holds while it is at work; closing it twice does no harm. */
  interface Place extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Takes a place for a call of kind {@code load}; the caller closes it.
   *
   * @throws ProblemFound if there is none
   */
  Place enter(Load load) {
    return take(room(load), 1);
  }

  /**
   * Takes memory for a body.
   *
   * @throws ProblemFound if there is none
   */
  Place body(int bytes) {
    return take(bodyBytes, bytes);
  }

  private static Place take(Semaphore semaphore, int permits) {
    if (!semaphore.tryAcquire(permits)) {
      throw Problem.of(
              ProblemType.OVERLOADED,
              "Too many calls are being worked on; send this one again in a moment.",
              "正在处理的调用过多，请稍后重试。")
          .retryAfter(SOON)
          .found();
    }
    AtomicBoolean held = new AtomicBoolean(true);
    return () -> {
      if (held.getAndSet(false)) {
        semaphore.release(permits);
      }
    };
  }

  int atWork(Load load) {
    return size.getOrDefault(load, 0) - room(load).availablePermits();
  }

  int most(Load load) {
    return size.getOrDefault(load, 0);
  }

  private Semaphore room(Load load) {
    Semaphore semaphore = room.get(load);
    if (semaphore == null) {
      throw new IllegalStateException("no room was made for `" + load.word() + "`");
    }
    return semaphore;
  }
}
