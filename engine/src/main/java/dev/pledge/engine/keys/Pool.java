package dev.pledge.engine.keys;

import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Engines at rest, reused because making one costs more than using one. Never waits. */
final class Pool<T> {
  private static final int KEPT = 64;

  private final Queue<T> idle = new ArrayBlockingQueue<>(KEPT);
  private final Supplier<T> maker;

  Pool(Supplier<T> maker) {
    this.maker = maker;
  }

  T take() {
    @Nullable T engine = idle.poll();
    return engine != null ? engine : maker.get();
  }

  /** Gives {@code engine} back; one too many is left to the garbage collector. */
  void give(T engine) {
    var _ = idle.offer(engine);
  }
}
