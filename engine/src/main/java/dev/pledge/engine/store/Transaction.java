package dev.pledge.engine.store;

import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * One open transaction. Having one is the proof that what is written through it commits together.
 *
 * <p>Handed out by {@link Database#change} alone, which also commits it or rolls it back. Not for
 * use by several threads.
 */
public final class Transaction {
  private final Handle handle;
  private final List<Runnable> afterCommit = new ArrayList<>();
  private final List<Runnable> unlessCommitted = new ArrayList<>();
  private boolean changedOutside;

  Transaction(Handle handle) {
    this.handle = handle;
  }

  /** The connection of this transaction. Do not commit, roll back or close it. */
  public Handle handle() {
    return handle;
  }

  /**
   * Runs the action on the same thread once the commit is durable and the connection is given back;
   * never if the transaction rolls back or its outcome is unknown.
   *
   * <p>The action must not fail: the change stands whatever it does, so what it throws is logged by
   * class and otherwise ignored.
   */
  public void afterCommit(Runnable action) {
    afterCommit.add(action);
  }

  /**
   * Runs the action on the same thread if the transaction rolls back or its outcome is unknown,
   * once the connection is given back. The action must not fail, as above.
   */
  public void unlessCommitted(Runnable action) {
    unlessCommitted.add(action);
  }

  /**
   * Says that something outside the database has changed for good: whatever fails from here on, it
   * cannot be said any more that nothing was changed.
   */
  public void changedOutside() {
    changedOutside = true;
  }

  boolean hasChangedOutside() {
    return changedOutside;
  }

  List<Runnable> actionsUnlessCommitted() {
    return List.copyOf(unlessCommitted);
  }

  List<Runnable> actionsAfterCommit() {
    return List.copyOf(afterCommit);
  }
}
