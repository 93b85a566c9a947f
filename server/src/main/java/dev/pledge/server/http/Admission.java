package dev.pledge.server.http;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Which calls are let in. A call without room is refused at once and is not queued: a queue would
 * only hold it until its caller has gone. Safe for all threads.
 */
final class Admission {
  private static final Duration SOON = Duration.ofSeconds(1);

  private record Share(Load load, String caller) {}

  private final Map<Load, Semaphore> room = new EnumMap<>(Load.class);
  private final Map<Load, Integer> size = new EnumMap<>(Load.class);

  /** Calls at work by kind and caller. */
  private final Shares<Share> shares = new Shares<>();

  private final Semaphore memory;
  private final int mostMemoryOfOne;

  /** Memory by caller, in bytes. */
  private final Shares<String> memoryOf = new Shares<>();

  Admission(Limits limits) {
    size.put(Load.READ, limits.reads());
    size.put(Load.CHANGE, limits.changes());
    size.put(Load.STREAM, limits.streams());
    size.put(Load.PAGE, limits.pages());
    size.forEach((load, most) -> room.put(load, new Semaphore(most)));
    this.memory = new Semaphore(limits.memory());
    this.mostMemoryOfOne = limits.memory() / 2;
  }

  /** What a call holds while it is at work; closing it twice does no harm. */
  interface Place extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Takes a place for a call of kind {@code load}; the caller closes it.
   *
   * @throws ProblemFound if there is none (503)
   */
  Place enter(Load load) {
    if (load == Load.NONE) {
      return () -> {};
    }
    Semaphore semaphore = room(load);
    if (!semaphore.tryAcquire()) {
      throw overloaded();
    }
    return once(semaphore::release);
  }

  /**
   * Takes one of the places of kind {@code load} that {@code caller} may have, so that none can
   * take them all.
   *
   * @throws ProblemFound if the caller has all of its own (429)
   */
  Place share(Load load, String caller) {
    Share share = new Share(load, caller);
    int most = Math.max(1, most(load) / 2);
    if (!shares.take(share, 1, most)) {
      throw tooManyAtOnce();
    }
    return once(() -> shares.giveBack(share, 1));
  }

  private static ProblemFound tooManyAtOnce() {
    return Problem.of(
            ProblemType.TOO_MANY_AT_ONCE,
            "Too many of your calls are being worked on; send this one when another has ended.",
            "您同时进行的调用过多，请等待其他调用结束后再发送。")
        .retryAfter(SOON)
        .found();
  }

  private static Place once(Runnable release) {
    AtomicBoolean held = new AtomicBoolean(true);
    return () -> {
      if (held.getAndSet(false)) {
        release.run();
      }
    };
  }

  private static ProblemFound overloaded() {
    return Problem.of(
            ProblemType.OVERLOADED,
            "Too many calls are being worked on; send this one again in a moment.",
            "正在处理的调用过多，请稍后重试。")
        .retryAfter(SOON)
        .found();
  }

  /** The memory one body is granted; grows as the body comes in. Not safe for threads. */
  final class Memory implements Place {
    private final String caller;
    private int held;

    private Memory(String caller) {
      this.caller = caller;
    }

    /**
     * Grows to {@code bytes}.
     *
     * @throws ProblemFound if the caller has its share (429) or there is not enough (503); what is
     *     held stays held
     */
    void growTo(int bytes) {
      int more = bytes - held;
      if (more <= 0) {
        return;
      }
      if (!memoryOf.take(caller, more, mostMemoryOfOne)) {
        throw tooManyAtOnce();
      }
      if (!memory.tryAcquire(more)) {
        memoryOf.giveBack(caller, more);
        throw overloaded();
      }
      held = bytes;
    }

    @Override
    public void close() {
      memory.release(held);
      memoryOf.giveBack(caller, held);
      held = 0;
    }
  }

  /** Memory for a body or an answer of {@code caller}, none yet; the caller closes it. */
  Memory memory(String caller) {
    return new Memory(caller);
  }

  int atWork(Load load) {
    return load == Load.NONE ? 0 : most(load) - room(load).availablePermits();
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
