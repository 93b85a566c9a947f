package dev.pledge.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

/**
 * Threads of this process that do one thing again and again, each time for the next person. Where
 * one run ends the next goes on, so that everybody's turn comes before anybody's comes again.
 */
final class Load {
  private static final int STRIDE = 104_729; // prime: neighbours in time are none on disk

  private final int people;
  private final AtomicLong turns = new AtomicLong();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

  Load(int people) {
    this.people = people;
  }

  /** What is done for a person; it checks its own answer and throws if that is wrong. */
  interface Work {
    void on(int person) throws Exception;
  }

  /** Does {@code work} on {@code threads} threads for {@code time}. */
  Sample run(int threads, ThreadFactory factory, Duration time, Work work) {
    long start = System.nanoTime();
    long end = start + time.toNanos();
    List<Worker> workers = new ArrayList<>();
    List<Thread> running = new ArrayList<>();
    long busy = Processors.busyNanos();
    for (int i = 0; i < threads; i++) {
      Worker worker = new Worker(end, work);
      workers.add(worker);
      Thread thread = factory.newThread(worker);
      thread.start();
      running.add(thread);
    }
    running.forEach(Load::join);
    double seconds = (System.nanoTime() - start) / 1e9;
    Throwable failure = failures.poll();
    if (failure != null) {
      throw new IllegalStateException("a measured operation failed", failure);
    }
    return Sample.of(
        workers.stream().flatMapToLong(Worker::nanos).toArray(),
        seconds,
        Processors.busyNanos() - busy);
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while measuring", e);
    }
  }

  private final class Worker implements Runnable {
    private final long end;
    private final Work work;
    private long[] nanos = new long[1 << 12];
    private int done;

    Worker(long end, Work work) {
      this.end = end;
      this.work = work;
    }

    @Override
    public void run() {
      try {
        long before = System.nanoTime();
        while (before < end && failures.isEmpty()) {
          work.on((int) (turns.getAndIncrement() * STRIDE % people));
          long after = System.nanoTime();
          note(after - before);
          before = after;
        }
      } catch (Throwable e) {
        failures.add(e);
      }
    }

    private void note(long took) {
      if (done == nanos.length) {
        nanos = Arrays.copyOf(nanos, 2 * done);
      }
      nanos[done++] = took;
    }

    LongStream nanos() {
      return Arrays.stream(nanos, 0, done);
    }
  }
}
