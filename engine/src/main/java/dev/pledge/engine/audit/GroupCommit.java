package dev.pledge.engine.audit;

import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.DatabaseFailed;
import dev.pledge.engine.store.DatabaseUnavailable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Many threads hand entries in and wait; one platform thread writes whatever has gathered while the
 * commit before was under way. Nobody waits for a batch to fill: alone, an entry goes at once.
 *
 * <p>A batch that fails is halved until the entry at fault stands alone, so that it fails nobody
 * else. When the connection is lost the outcome is unknown: the entries are looked for by id, those
 * found are acknowledged and the others written again.
 *
 * <p>Crash: what was handed in and not yet committed is gone, and nobody had a receipt for it.
 */
final class GroupCommit implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
  private static final int ATTEMPTS = 3;

  private final Database database;
  private final Intake intake;
  private final Limits limits;
  private final Consumer<List<Prepared>> committed;
  private final Semaphore room;
  private final Thread writer;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  // Both guarded by lock.
  private final ArrayDeque<Waiting> queue = new ArrayDeque<>();
  private boolean closed;

  /** The newest failure, while nothing was written since; null if something was. */
  private volatile @Nullable Failed failed;

  /**
   * @param log that it writes to
   * @param committed is given what became durable together, before anybody hears of it
   */
  GroupCommit(
      String log,
      Database database,
      Intake intake,
      Limits limits,
      Consumer<List<Prepared>> committed) {
    this.database = database;
    this.intake = intake;
    this.limits = limits;
    this.committed = committed;
    this.room = new Semaphore(limits.waiting(), true);
    this.writer =
        Thread.ofPlatform()
            .name(log + "-audit-writer")
            .uncaughtExceptionHandler(
                (thread, failure) ->
                    LOG.error("the writer of log `{}` has ended; start again", log, failure))
            .start(this::writeAll);
  }

  /**
   * Returns once the entry is durable.
   *
   * @throws Overloaded if that took longer than the limits allow
   * @throws DatabaseUnavailable if the database cannot serve now
   * @throws NoHistory if the person it is about has no history
   */
  void write(Prepared entry) {
    long deadline = System.nanoTime() + limits.patience().toNanos();
    Waiting waiting = enqueue(entry, deadline);
    try {
      await(waiting, deadline);
    } finally {
      waiting.giveUp();
    }
  }

  /** Whether somebody writes what is handed in. */
  boolean accepts() {
    return writer.isAlive();
  }

  /**
   * Whether what was handed in last could not be written, whatever it was. Not for long: who sends
   * nothing to a server that fails would never learn that it no longer does.
   */
  boolean isFailing() {
    Failed last = failed;
    return last != null && System.nanoTime() - last.at() < 2 * limits.patience().toNanos();
  }

  private record Failed(long at) {}

  /** Takes nothing more, writes what waits, and returns when that is done. */
  @Override
  public void close() {
    takeNothingMore();
    Closing.after(writer, () -> {});
  }

  private void takeNothingMore() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private Waiting enqueue(Prepared entry, long deadline) {
    acquireRoom(deadline);
    Waiting waiting = new Waiting(entry);
    lock.lock();
    try {
      if (closed) {
        room.release();
        throw new Overloaded("the log is closing");
      }
      queue.add(waiting);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    return waiting;
  }

  private void acquireRoom(long deadline) {
    boolean acquired;
    try {
      acquired = room.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Overloaded("interrupted while waiting for the log");
    }
    if (!acquired) {
      throw new Overloaded("too many entries wait for the log; try again later");
    }
  }

  private static void await(Waiting waiting, long deadline) {
    try {
      waiting.outcome.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new Overloaded("the log took too long; try again later");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Overloaded("interrupted while waiting for the log");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException("the log's writer failed", e.getCause());
    }
  }

  // The writer's thread, from here on.

  private void writeAll() {
    List<Waiting> batch = List.of();
    try {
      for (batch = next(); !batch.isEmpty(); batch = next()) {
        write(batch, 1);
      }
    } finally {
      // INVARIANT: whatever ended the writer, nobody waits for it or hands anything in afterwards.
      RuntimeException ended = new IllegalStateException("the log's writer has ended");
      takeNothingMore();
      batch.forEach(each -> each.outcome.completeExceptionally(ended));
      refuseQueued(ended);
    }
  }

  /** The next batch; empty when the log is closed and nothing waits. */
  private List<Waiting> next() {
    lock.lock();
    try {
      List<Waiting> batch = new ArrayList<>();
      while (batch.isEmpty() && !(closed && queue.isEmpty())) {
        if (queue.isEmpty()) {
          changed.awaitUninterruptibly();
        }
        takeInto(batch);
      }
      return batch;
    } finally {
      lock.unlock();
    }
  }

  private void takeInto(List<Waiting> batch) {
    while (!queue.isEmpty() && batch.size() < limits.batch()) {
      Waiting waiting = queue.remove();
      if (waiting.outcome.isDone()) {
        room.release();
      } else {
        batch.add(waiting);
      }
    }
  }

  private void write(List<Waiting> batch, int attempt) {
    try {
      intake.commit(database, batch.stream().map(each -> each.entry).toList());
      acknowledge(batch);
    } catch (RuntimeException e) {
      if (isUnknown(e)) {
        writeMissing(batch, e, attempt);
      } else {
        halve(batch, e);
      }
    }
  }

  // Connection lost: the server may have committed all of the batch or nothing of it, and may yet
  // do so. If it does after the look-up, the second attempt meets its own rows and is looked up.
  private void writeMissing(List<Waiting> batch, RuntimeException failure, int attempt) {
    Set<UUID> durable;
    try {
      durable = intake.durable(database, batch.stream().map(each -> each.entry).toList());
    } catch (DatabaseFailed e) {
      batch.forEach(each -> refuse(each, failure));
      refuseQueued(failure);
      return;
    }
    acknowledge(batch.stream().filter(each -> durable.contains(each.entry.id())).toList());
    List<Waiting> missing =
        batch.stream().filter(each -> !durable.contains(each.entry.id())).toList();
    if (missing.isEmpty()) {
      return;
    }
    if (attempt < ATTEMPTS) {
      write(missing, attempt + 1);
    } else {
      missing.forEach(each -> refuse(each, failure));
    }
  }

  private void halve(List<Waiting> batch, RuntimeException failure) {
    if (batch.size() == 1) {
      refuse(batch.getFirst(), failure);
      return;
    }
    int middle = batch.size() / 2;
    write(batch.subList(0, middle), 1);
    write(batch.subList(middle, batch.size()), 1);
  }

  private static boolean isOfOneEntry(RuntimeException failure) {
    return failure instanceof NoHistory
        || (failure instanceof DatabaseUnavailable && !isUnknown(failure));
  }

  // A statement that timed out or waited too long for a lock is certain not to have committed, and
  // one entry may be the cause; everything else that says unavailable concerns the whole batch.
  private static boolean isUnknown(RuntimeException failure) {
    if (failure instanceof DatabaseUnavailable unavailable) {
      String state = unavailable.sqlState();
      return state == null
          || !(state.equals("57014") || state.equals("55P03") || state.startsWith("40"));
    }
    return Intake.isDuplicate(failure);
  }

  private void acknowledge(List<Waiting> batch) {
    committed.accept(batch.stream().map(each -> each.entry).toList());
    failed = batch.isEmpty() ? failed : null;
    for (Waiting waiting : batch) {
      room.release();
      waiting.outcome.complete(true);
    }
  }

  private void refuse(Waiting waiting, RuntimeException failure) {
    if (!isOfOneEntry(failure)) {
      failed = new Failed(System.nanoTime());
    }
    room.release();
    waiting.outcome.completeExceptionally(failure);
  }

  private void refuseQueued(RuntimeException failure) {
    List<Waiting> queued;
    lock.lock();
    try {
      queued = List.copyOf(queue);
      queue.clear();
    } finally {
      lock.unlock();
    }
    queued.forEach(each -> refuse(each, failure));
  }

  private static final class Waiting {
    private final Prepared entry;
    private final CompletableFuture<Boolean> outcome = new CompletableFuture<>();

    Waiting(Prepared entry) {
      this.entry = entry;
    }

    /** Whoever waited is gone; if it is still queued, it is not written. Once written, nothing. */
    void giveUp() {
      outcome.cancel(false);
    }
  }
}
